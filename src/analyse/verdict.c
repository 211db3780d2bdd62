// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"
#include "codec/decode.h"
#include "hda/regs.h"

/* The most verbs of a list that are examined for doubling. */
#define WORDS_MAX (4u << 20)

#define PAR_VENDOR_ID 0x00
#define PAR_SUBSYSTEM_ID 0x01
#define PAR_NODE_COUNT 0x04
#define PAR_WIDGET_CAP 0x09
#define VERB_PARAMETERS 0xf00
#define VERB_STREAM_ID 0x706
#define VERB_EAPD 0x70c
#define VERB_RESET 0x7ff
#define SD_CTL_RUN 2

static const struct finding_text texts[FINDINGS] = {
#define FINDING(id, name, severity, what, advice) { name, SEVERITY_##severity, what, advice },
#include "analyse/findings.def"
#undef FINDING
};

/* Advice that depends on the tool that made the input. */
static const struct {
	enum finding_id id;
	enum source_format format;
	const char *advice;
} tool_advice[] = {
	{ FINDING_VERBS_MISSING, SOURCE_PATCH,
	  "the patch prints nothing of a batch that goes round the ring's end, and no list made from "
	  "this log can have them; an unpatched QEMU under hdadump run -o FILE -- QEMU... loses none" },
	{ FINDING_VERBS_MISSING, SOURCE_FRAMES,
	  "frames are saved once a lap, and what was overwritten before is gone; "
	  "hdadump run -o FILE -- QEMU... loses none" },
	{ FINDING_UNANSWERED, SOURCE_FRAMES,
	  "a frame is saved while the driver goes on: the answers of its last verbs may have come "
	  "after that" },
	{ FINDING_VERBS_LOST, SOURCE_TRACE,
	  "a trace log shows when verbs were sent, but has none of them except immediate commands: "
	  "capture with hdadump run -o FILE -- QEMU..." },
	{ FINDING_VERBS_LOST, SOURCE_KVM,
	  "kvm_mmio shows when verbs were sent, but has none of them except immediate commands: "
	  "capture with hdadump run -o FILE -- QEMU..." },
	{ FINDING_EVENTS_MISSING, SOURCE_FTRACE,
	  "the kernel's buffer was too small: echo 65536 > /sys/kernel/tracing/buffer_size_kb" },
	{ FINDING_EVENTS_MISSING, SOURCE_SCRIPT,
	  "only a shell knows the values of these variables: run the script (bash -x for one of bash's) "
	  "and read what that prints: sh -x @ 2>&1 | hdadump show -" },
	{ FINDING_NO_VERBS, SOURCE_SCRIPT,
	  "only a shell knows what this script sends: run it (bash -x for one of bash's) and read what "
	  "that prints: sh -x @ 2>&1 | hdadump show -" },
	{ FINDING_NO_VERBS, SOURCE_LIST,
	  "a verb of a list stands in a line of its own: a NID, a verb and a parameter" },
	{ FINDING_NO_VERBS, SOURCE_TABLE,
	  "only tables are read: words, rows of NID, verb and parameter, and the macros of coreboot, EDK2 "
	  "and the kernel" },
	{ FINDING_NO_VERBS, SOURCE_WORDS,
	  "a verb word has eight hexadecimal digits" },
};

const struct finding_text *finding_text(enum finding_id id)
{
	return &texts[id];
}

const char *finding_advice(enum finding_id id, enum source_format format)
{
	for (size_t i = 0; i < ARRAY_SIZE(tool_advice); i++)
		if (tool_advice[i].id == id && tool_advice[i].format == format)
			return tool_advice[i].advice;
	return texts[id].advice;
}

const char *driver_name(enum driver d)
{
	static const char *const names[DRIVERS] = { "unknown", "Linux", "Windows", "firmware" };

	return names[d];
}

const char *confidence_name(enum confidence c)
{
	static const char *const names[] = { "none", "guess", "likely", "certain" };

	return names[c];
}

const char *trust_name(enum trust t)
{
	static const char *const names[] = { "whole", "care", "incomplete", "repair", "nothing" };

	return names[t];
}

const char *severity_name(enum severity s)
{
	static const char *const names[] = { "fine", "care", "harm" };

	return names[s];
}

/* --- gathering ----------------------------------------------------------- */

static struct err *found(struct verdict *v, enum finding_id id, const struct xact *x,
			 uint64_t count)
{
	struct finding *f = &v->findings[id];

	f->count += count;
	f->places++;
	if (f->kept == PLACES_MAX)
		return NULL;
	if (!vec_room(f->where, f->kept, f->cap))
		return err_nomem();
	f->where[f->kept++] = (struct finding_place){
		.index = v->index[x->ctrl], .line = x->line, .ctrl = x->ctrl, .count = count,
	};
	return NULL;
}

static struct codec_seen *codec_of(struct verdict *v, uint16_t ctrl, uint8_t cad)
{
	for (size_t i = 0; i < v->n_codecs; i++)
		if (v->codecs[i].ctrl == ctrl && v->codecs[i].cad == cad)
			return &v->codecs[i];
	if (v->n_codecs == VERDICT_CODECS)
		return NULL;
	v->codecs[v->n_codecs] = (struct codec_seen){ .ctrl = ctrl, .cad = cad };
	return &v->codecs[v->n_codecs++];
}

static void set_bit(uint8_t *map, unsigned int n)
{
	map[n / 8] |= (uint8_t)(1u << n % 8);
}

static void parameter(struct verdict *v, struct codec_seen *c, const struct xact *x,
		      const struct decoded *d)
{
	switch (d->verb.payload) {
	case PAR_VENDOR_ID:
		if (x->has_resp && !d->verb.nid && x->resp != UINT32_MAX)
			c->vendor_id = x->resp;
		break;
	case PAR_SUBSYSTEM_ID:
		v->signs.subsystem_at_root += !d->verb.nid;
		break;
	case PAR_NODE_COUNT:
		/*
		 * the nodes of the root are function groups, those of a function group are
		 * widgets
		 */
		if (!d->verb.nid || !x->has_resp || x->resp == UINT32_MAX)
			break;
		c->counted = true;
		for (unsigned int i = 0, nid = bits(x->resp, 23, 16); i < bits(x->resp, 7, 0); i++)
			if (nid + i < 256)
				set_bit(c->announced, nid + i);
		break;
	case PAR_WIDGET_CAP:
		set_bit(c->asked, d->verb.nid);
		break;
	default:
		break;
	}
}

static void note_activity(struct verdict *v, const struct decoded *d)
{
	v->activity.amps += d->class == CLASS_AMP;
	v->activity.coefs += d->class == CLASS_COEF;
	v->activity.gpio += d->class == CLASS_GPIO;
	v->activity.pins += d->class == CLASS_PIN && d->verb.id != VERB_EAPD;
	v->activity.eapd += d->verb.id == VERB_EAPD && d->verb.payload & 2;
	v->activity.power += d->class == CLASS_POWER;
	v->activity.resets += d->verb.id == VERB_RESET;
	v->signs.immediate_pins += d->class == CLASS_CONFIG;
	if (d->verb.id == VERB_STREAM_ID && d->verb.payload >> 4) {
		if (!v->activity.tags++)
			v->activity.tag_nid = d->verb.nid;
	}
}

/* Stores the verbs only while the input may be a list: one response, and it is not a list. */
static struct err *keep_word(struct verdict *v, uint32_t word)
{
	if (v->verbs > WORDS_MAX)
		return NULL;
	if (v->unrecorded < v->verbs) {
		free(v->words);
		v->words = NULL;
		v->cap_words = 0;
		return NULL;
	}
	if (!vec_room(v->words, v->verbs - 1, v->cap_words))
		return err_nomem();
	v->words[v->verbs - 1] = word;
	return NULL;
}

static struct err *verb(struct verdict *v, const struct xact *x, const struct decoded *d)
{
	struct codec_seen *c;
	struct err *e = NULL;

	if (!x->has_verb)
		return x->counted ? NULL : found(v, FINDING_VERBS_LOST, x, 1);
	v->verbs++;
	v->responses += x->has_resp;
	v->immediate += x->kind == XACT_IMMEDIATE;
	v->batched += x->batch > 1;
	v->unrecorded += x->unrecorded;
	c = codec_of(v, x->ctrl, x->cad);
	if (c) {
		c->verbs++;
		c->gets += d->dir == DIR_GET;
		c->sets += d->dir == DIR_SET;
		if (d->verb.id == VERB_PARAMETERS)
			parameter(v, c, x, d);
	}
	if (d->dir == DIR_SET)
		note_activity(v, d);
	if (x->batch > 1 && d->class == CLASS_COEF)
		v->signs.coef_batches++;
	if (x->has_resp && x->resp == UINT32_MAX)
		e = found(v, FINDING_ALL_ONES, x, 1);
	if (!e && x->moved)
		e = found(v, FINDING_MOVED, x, 1);
	return e ? e : keep_word(v, x->verb);
}

static struct err *certainty(struct verdict *v, const struct xact *x)
{
	switch (x->certainty) {
	case CERT_SUSPECT:
		return found(v, FINDING_SUSPECT, x, 1);
	case CERT_CONFLICTING:
		return x->kind == XACT_SPURIOUS ? NULL : found(v, FINDING_CONFLICTING, x, 1);
	case CERT_UNANSWERED:
		return found(v, FINDING_UNANSWERED, x, 1);
	default:
		return NULL;
	}
}

static struct err *gap(struct verdict *v, const struct xact *x)
{
	switch (x->gap) {
	case GAP_VERBS:
		return found(v, FINDING_VERBS_MISSING, x, x->count);
	case GAP_RESPONSES:
		return found(v, FINDING_RESPONSES_MISSING, x, x->count);
	case GAP_END:
		return found(v, FINDING_NO_END, x, 1);
	default:
		return found(v, FINDING_EVENTS_MISSING, x, x->count ? x->count : 1);
	}
}

/* A write to one register of the controller's BAR, or to several at once. */
static void reg_write(struct verdict *v, const struct xact *x)
{
	uint64_t end = (uint64_t)x->offset + x->width;

	if (x->offset >= R_SD_BASE && x->offset < R_SD_BASE + R_SD_MAX * R_SD_SIZE) {
		unsigned int sd = (x->offset - R_SD_BASE) / R_SD_SIZE;
		uint64_t run = x->count & SD_CTL_RUN ? 1ull << sd : 0;

		if ((x->offset - R_SD_BASE) % R_SD_SIZE == R_SD_CTL) {
			v->activity.streams += run && !(v->running[x->ctrl] & run);
			v->running[x->ctrl] &= ~(1ull << sd);
			v->running[x->ctrl] |= run;
		}
	}
	if (x->offset == R_RINTCNT)
		v->signs.rintcnt_1 += (x->count & 0xff) == 1;
	if (x->offset == R_CORBLBASE)
		v->signs.corb_base[x->ctrl] = x->count & ~0x7full;
	if (x->offset == R_RIRBLBASE)
		v->signs.rirb_base[x->ctrl] = x->count & ~0x7full;
	if (x->offset <= R_RIRBLBASE && end > R_RIRBLBASE)
		v->signs.one_page += v->signs.corb_base[x->ctrl] &&
				     v->signs.corb_base[x->ctrl] + 0x800 == v->signs.rirb_base[x->ctrl];
}

static struct err *verdict_put(struct sink *s, const struct xact *x, const struct decoded *d)
{
	struct verdict *v = (struct verdict *)s;
	struct err *e = NULL;

	if (x->ctrl >= EVENT_MAX_CTRL)
		return NULL;
	if (x->kind <= XACT_SPURIOUS) {
		v->index[x->ctrl] = x->index;
		if (x->t_verb != EVENT_TIME_NONE) {
			if (v->first == EVENT_TIME_NONE)
				v->first = x->t_verb;
			v->last = x->t_verb;
		}
		e = certainty(v, x);
	}
	if (e)
		return e;
	switch (x->kind) {
	case XACT_CORB:
	case XACT_IMMEDIATE:
	case XACT_BROADCAST:
		return verb(v, x, d);
	case XACT_UNSOL:
		v->unsolicited++;
		return x->moved ? found(v, FINDING_MOVED, x, 1) : NULL;
	case XACT_SPURIOUS:
		return found(v, FINDING_SPURIOUS, x, 1);
	case XACT_GAP:
		return gap(v, x);
	case XACT_MARK:
		return marks_put(&v->marks, x, v->verbs);
	case XACT_MMIO:
		if (!x->bar && x->write)
			reg_write(v, x);
		return NULL;
	default:
		return NULL;
	}
}

static struct err *verdict_flush(struct sink *s)
{
	(void)s;
	return NULL;
}

/* --- judging ------------------------------------------------------------- */

/* Only a list, or what was made from one, can be doubled: it has no rings. */
static bool is_list(const struct verdict *v)
{
	switch (v->facts.format) {
	case SOURCE_SCRIPT:
	case SOURCE_LIST:
	case SOURCE_TABLE:
	case SOURCE_WORDS:
		return true;
	case SOURCE_CAPTURE:
		return v->verbs && v->unrecorded == v->verbs && !v->unsolicited;
	default:
		return false;
	}
}

static void reason(struct driver_guess *g, const char *text)
{
	for (size_t i = 0; i < REASONS_MAX; i++) {
		if (!g->reasons[i]) {
			g->reasons[i] = text;
			return;
		}
	}
}

/*
 * Guesses the driver. Linux: one verb for each CORBWP write, both rings in one page, RINTCNT
 * 1, reads the subsystem id from the root. Windows: batches. Firmware: immediate commands,
 * pin tables. Sources: the kernel's sound/hda/, and for the others their captures.
 */
static void guess_driver(struct verdict *v)
{
	struct driver_guess *g = &v->driver;
	unsigned int lin = 0, win = 0, fw = 0;

	if (v->is_list)
		return;
	if (v->facts.format == SOURCE_FTRACE) {
		g->driver = DRIVER_LINUX;
		g->confidence = CONFIDENCE_CERTAIN;
		reason(g, "these are the kernel's own tracepoints");
		return;
	}
	if (v->signs.subsystem_at_root) {
		lin += 3;
		reason(g, "the subsystem id is read from the root node, as the Linux core does");
	}
	if (v->signs.rintcnt_1 && v->signs.one_page) {
		lin += 2;
		reason(g, "an interrupt for each response, and both rings in one page");
	}
	if (v->batched && !v->signs.subsystem_at_root) {
		win += v->batched >= 8 ? 3 : 1;
		reason(g, "verbs are announced several at a time, as the Windows bus driver does");
	}
	if (v->signs.coef_batches >= 8) {
		win += 1;
		reason(g, "a coefficient's index and its value are announced together");
	}
	if (v->verbs >= 8 && v->immediate == v->verbs && !v->signs.subsystem_at_root) {
		fw += 2;
		reason(g, "all verbs are immediate commands");
		if (v->signs.immediate_pins >= 4) {
			fw += 2;
			reason(g, "pin defaults are written");
		}
	}
	if (lin > win && lin > fw) {
		g->driver = DRIVER_LINUX;
		g->confidence = lin >= 5 ? CONFIDENCE_CERTAIN : lin >= 3 ? CONFIDENCE_LIKELY :
				CONFIDENCE_GUESS;
	} else if (win > lin && win > fw) {
		g->driver = DRIVER_WINDOWS;
		g->confidence = win >= 3 ? CONFIDENCE_LIKELY : CONFIDENCE_GUESS;
	} else if (fw > lin && fw > win) {
		g->driver = DRIVER_FIRMWARE;
		g->confidence = fw >= 4 ? CONFIDENCE_LIKELY : CONFIDENCE_GUESS;
	}
}

bool codec_asked(const struct codec_seen *c, unsigned int *asked, unsigned int *announced)
{
	*asked = *announced = 0;
	for (size_t i = 0; i < sizeof(c->asked); i++) {
		*asked += (unsigned int)__builtin_popcount(c->asked[i]);
		*announced += (unsigned int)__builtin_popcount(c->announced[i]);
	}
	return c->counted;
}

static bool walked(const struct verdict *v)
{
	unsigned int asked, announced;

	for (size_t i = 0; i < v->n_codecs; i++) {
		codec_asked(&v->codecs[i], &asked, &announced);
		if (asked)
			return true;
	}
	return false;
}

static void note(struct verdict *v, enum finding_id id, uint64_t count)
{
	v->findings[id].count = count;
}

static struct err *judge_list(struct verdict *v)
{
	size_t n = v->verbs < WORDS_MAX ? v->verbs : WORDS_MAX;
	struct err *e = v->words ? doubled_find(v->words, n, &v->doubled) : NULL;

	if (e || !v->words)
		return e;
	if (v->doubled.is_doubled)
		note(v, FINDING_DOUBLED, v->doubled.repeated);
	else if (v->verbs >= 16 && v->doubled.distinct >= 4 && !v->doubled.alone)
		note(v, FINDING_PASTED, v->doubled.repeated);
	return NULL;
}

static void judge_doing(struct verdict *v)
{
	const struct activity *d = &v->activity;

	if (!v->verbs)
		return;
	if (!walked(v))
		note(v, FINDING_NOT_WALKED, 1);
	if (!d->streams && !d->tags)
		note(v, FINDING_NO_STREAM, 1);
	if (!d->amps && !d->eapd && !d->coefs && !d->gpio)
		note(v, FINDING_NO_AMP, 1);
}

static enum trust judge_trust(const struct verdict *v)
{
	enum trust t = TRUST_WHOLE;

	for (int i = 0; i < FINDINGS; i++) {
		if (!v->findings[i].count)
			continue;
		if (texts[i].severity == SEVERITY_CARE && t < TRUST_CARE)
			t = TRUST_CARE;
		if (texts[i].severity == SEVERITY_HARM && t < TRUST_INCOMPLETE)
			t = TRUST_INCOMPLETE;
	}
	if (v->findings[FINDING_DOUBLED].count)
		t = TRUST_REPAIR;
	return v->verbs ? t : TRUST_NOTHING;
}

struct err *verdict_finish(struct verdict *v, const struct source_facts *facts)
{
	struct err *e = NULL;

	v->facts = *facts;
	/* count the streams that the tool itself printed */
	if (!v->activity.streams)
		v->activity.streams = facts->streams;
	if (!v->verbs && !v->findings[FINDING_VERBS_LOST].count)
		note(v, FINDING_NO_VERBS, 1);
	if (facts->masked)
		note(v, FINDING_MASKED, facts->masked);
	if (facts->mixed)
		note(v, FINDING_MIXED, 1);
	if (facts->format == SOURCE_TABLE && facts->other)
		note(v, FINDING_UNREAD, facts->other);
	if (facts->alternatives)
		note(v, FINDING_ALTERNATIVES, facts->alternatives);
	if (facts->parts)
		note(v, FINDING_PARTS, facts->parts);
	v->is_list = is_list(v);
	if (v->is_list)
		e = judge_list(v);
	else
		judge_doing(v);
	if (v->verbs && (!facts->responses || v->unrecorded == v->verbs))
		note(v, FINDING_NO_RESPONSES, 1);
	if (facts->only_asked)
		note(v, FINDING_ONLY_ASKED, 1);
	guess_driver(v);
	v->trust = judge_trust(v);
	return e;
}

void verdict_init(struct verdict *v)
{
	static const struct sink_ops ops = { .put = verdict_put, .flush = verdict_flush };

	*v = (struct verdict){
		.sink = { &ops }, .first = EVENT_TIME_NONE, .last = EVENT_TIME_NONE,
	};
}

void verdict_deinit(struct verdict *v)
{
	for (int i = 0; i < FINDINGS; i++)
		free(v->findings[i].where);
	free(v->words);
	doubled_deinit(&v->doubled);
	marks_deinit(&v->marks);
}
