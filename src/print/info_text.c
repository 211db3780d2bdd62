// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the verdict as text. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyse/verdict.h"
#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "codec/ids.h"
#include "event/names.h"
#include "model/model_names.h"
#include "print/info.h"

/* The most places and marks that are listed; the JSON has all. */
#define PLACES 4
#define MARKS 8

void info_add_what(struct buf *b, const struct info *info, const char *what,
		   unsigned long long count)
{
	for (const char *p = what; *p; p++) {
		const char *bar, *end;

		if (*p == '#') {
			buf_addf(b, "%llu", count);
		} else if (*p == '@') {
			text_add_safe(b, info->file, strlen(info->file));
		} else if (*p == '{' && (bar = strchr(p, '|')) && (end = strchr(p, '}'))) {
			if (count == 1)
				buf_add(b, p + 1, (size_t)(bar - p - 1));
			else
				buf_add(b, bar + 1, (size_t)(end - bar - 1));
			p = end;
		} else {
			buf_addc(b, (uint8_t)*p);
		}
	}
}

static uint64_t count_of(const struct verdict *v, enum finding_id id)
{
	return v->findings[id].count;
}

void info_add_sentence(struct buf *b, const struct info *info)
{
	const struct verdict *v = info->verdict;
	uint64_t missing = count_of(v, FINDING_VERBS_MISSING) + count_of(v, FINDING_VERBS_LOST);
	uint64_t all = v->verbs + missing;

	switch (v->trust) {
	case TRUST_NOTHING:
		buf_adds(b, "It contains no verb");
		break;
	case TRUST_REPAIR:
		buf_adds(b, "Not usable as it is: every verb is there twice; this can be repaired");
		break;
	case TRUST_INCOMPLETE:
		if (!missing) {
			buf_adds(b, "Incomplete: parts of the input could not be read");
			break;
		}
		double share = 100.0 * (double)missing / (double)all;

		buf_addf(b, "Incomplete: %" PRIu64 " of %" PRIu64 " verbs %s missing (%.*f %%)",
			 missing, all, missing == 1 ? "is" : "are", share < 10, share);
		break;
	case TRUST_CARE:
		buf_adds(b, "Nothing is known to be missing; read the points below before you use "
			 "it");
		break;
	case TRUST_WHOLE:
		buf_adds(b, v->is_list ? "Nothing is wrong with it as a list of verbs" :
			    "It can be trusted: nothing is missing or in doubt");
		break;
	}
}

/* Adds one row of the upper part: a name and its text. */
static void row(struct buf *b, struct buf *text, const char *name, unsigned int width)
{
	char head[32] = "  ";

	strncat(head, name, sizeof(head) - 3);
	if (text->len)
		text_wrap(b, head, 16, buf_str(text), width);
	buf_clear(text);
}

static void add_seconds(struct buf *b, int64_t ns)
{
	uint64_t ms = (uint64_t)ns / 1000000;

	buf_addf(b, "%" PRIu64 ".%03u s", ms / 1000, (unsigned int)(ms % 1000));
}

static void add_count(struct buf *b, uint64_t n, const char *one, const char *many)
{
	if (n)
		buf_addf(b, "%s%" PRIu64 " %s", b->len ? ", " : "", n, n == 1 ? one : many);
}

static void add_codec(struct buf *b, const struct codec_seen *c)
{
	const char *name = c->vendor_id ? codec_id_name(c->vendor_id) : NULL;
	unsigned int asked, announced;
	bool known = codec_asked(c, &asked, &announced);

	if (c->vendor_id)
		buf_addf(b, "%08x", c->vendor_id);
	else
		buf_adds(b, "id not read");
	if (name)
		buf_addf(b, " %s", name);
	buf_addf(b, ": %" PRIu64 " verb%s, %" PRIu64 " get%s, %" PRIu64 " set%s", c->verbs,
		 c->verbs == 1 ? "" : "s", c->gets, c->gets == 1 ? "" : "s", c->sets,
		 c->sets == 1 ? "" : "s");
	if (known)
		buf_addf(b, "; %u of its %u widgets were read", asked, announced);
	else if (asked)
		buf_addf(b, "; %u widgets were read", asked);
}

static void add_activity(struct buf *b, const struct verdict *v)
{
	const struct activity *d = &v->activity;

	if (d->streams)
		add_count(b, d->streams, "stream started", "streams started");
	else if (d->tags)
		buf_addf(b, "a stream was given to node %02x (whether it ran is not recorded)",
			 d->tag_nid);
	add_count(b, d->amps, "amplifier written", "amplifiers written");
	add_count(b, d->eapd, "EAPD switched on", "EAPDs switched on");
	add_count(b, d->pins, "pin set", "pins set");
	add_count(b, d->coefs, "coefficient access", "coefficient accesses");
	add_count(b, d->gpio, "GPIO write", "GPIO writes");
	add_count(b, d->power, "power state set", "power states set");
	add_count(b, d->resets, "function group reset", "function group resets");
}

static void add_driver(struct buf *b, const struct driver_guess *g)
{
	if (g->confidence == CONFIDENCE_NONE)
		return;
	buf_addf(b, "%s (%s): ", driver_name(g->driver), confidence_name(g->confidence));
	for (size_t i = 0; i < REASONS_MAX && g->reasons[i]; i++)
		buf_addf(b, "%s%s", i ? "; " : "", g->reasons[i]);
}

/* Adds `"headphones in" at 12.345 s, after 128 verbs; ...` */
static void add_marks(struct buf *b, const struct verdict *v)
{
	const struct marks_seen *m = &v->marks;

	for (size_t i = 0; i < m->n && i < MARKS; i++) {
		const struct mark_seen *s = &m->v[i];

		buf_adds(b, i ? "; \"" : "\"");
		text_add_safe(b, s->text, s->len);
		buf_adds(b, "\" ");
		if (s->time >= v->sink.origin) {
			buf_adds(b, "at ");
			add_seconds(b, s->time - v->sink.origin);
			buf_adds(b, ", ");
		}
		buf_addf(b, "after %" PRIu64 " verb%s", s->after, s->after == 1 ? "" : "s");
	}
	if (m->all > MARKS)
		buf_addf(b, " and %" PRIu64 " more", m->all - MARKS);
}

static void upper_part(struct buf *b, const struct info *info)
{
	const struct verdict *v = info->verdict;
	const struct source_facts *f = &v->facts;
	struct buf t = { 0 };
	char name[24];

	buf_adds(&t, source_format_what(f->format));
	if (f->packing)
		buf_addf(&t, ", packed with %s", f->packing);
	add_count(&t, f->lines, "line", "lines");
	add_count(&t, f->other, "of them ignored", "of them ignored");
	add_count(&t, f->damaged, "damaged", "damaged");
	row(b, &t, "input", info->width);
	buf_addf(&t, "%" PRIu64 " read", v->verbs);
	add_count(&t, count_of(v, FINDING_VERBS_MISSING), "missing", "missing");
	if (f->wraps)
		buf_addf(&t, " in %" PRIu64 " batch%s that went round the ring's end", f->wraps,
			 f->wraps == 1 ? "" : "es");
	add_count(&t, count_of(v, FINDING_VERBS_LOST), "announced and not readable",
		  "announced and not readable");
	add_count(&t, v->immediate, "of them immediate", "of them immediate");
	row(b, &t, "verbs", info->width);
	buf_addf(&t, "%" PRIu64, v->responses);
	if (v->unsolicited)
		buf_addf(&t, ", and %" PRIu64 " unsolicited", v->unsolicited);
	row(b, &t, "responses", info->width);
	if (v->first != EVENT_TIME_NONE && v->last > v->first)
		add_seconds(&t, v->last - v->first);
	row(b, &t, "time", info->width);
	add_marks(&t, v);
	row(b, &t, "marks", info->width);
	for (unsigned int i = 0; i < info->names->count; i++)
		buf_addf(&t, "%s%s (%s)", i ? ", " : "",
			 info->names->name[i] ? info->names->name[i] : "?",
			 ctrl_kind_name(info->names->kind[i]));
	row(b, &t, "controller", info->width);
	for (size_t i = 0; i < v->n_codecs; i++) {
		snprintf(name, sizeof(name), "codec %u", v->codecs[i].cad);
		if (v->codecs[i].ctrl)
			snprintf(name, sizeof(name), "codec %u/%u", v->codecs[i].ctrl,
				 v->codecs[i].cad);
		add_codec(&t, &v->codecs[i]);
		row(b, &t, name, info->width);
	}
	add_driver(&t, &v->driver);
	row(b, &t, "driver", info->width);
	add_activity(&t, v);
	row(b, &t, "did", info->width);
	buf_deinit(&t);
}

/* Adds `at line 1845: 1, line 3145: 5, and 24 more places` */
static void add_places(struct buf *b, const struct finding *f)
{
	if (!f->kept)
		return;
	buf_adds(b, ", at ");
	for (size_t i = 0; i < f->kept && i < PLACES; i++) {
		const struct finding_place *p = &f->where[i];

		if (p->line)
			buf_addf(b, "%sline %" PRIu32, i ? ", " : "", p->line);
		else
			buf_addf(b, "%sverb %" PRIu64, i ? ", " : "", p->index);
		if (p->count > 1)
			buf_addf(b, " (%" PRIu64 ")", p->count);
	}
	if (f->places > PLACES)
		buf_addf(b, " and %" PRIu64 " more places", f->places - PLACES);
}

struct err *info_text(const struct info *info, struct buf *out)
{
	static const char *const marks[] = { "  - ", "  ? ", "  ! " };
	const struct verdict *v = info->verdict;
	struct buf t = { 0 };
	struct err *e;

	text_add_safe(&t, info->file, strlen(info->file));
	buf_adds(&t, ": ");
	info_add_sentence(&t, info);
	buf_addc(&t, '.');
	text_wrap(out, "", 0, buf_str(&t), info->width);
	buf_clear(&t);
	buf_addc(out, '\n');
	upper_part(out, info);
	/* the most severe first */
	for (int severity = SEVERITY_HARM; severity >= SEVERITY_FINE; severity--) {
		for (int i = 0; i < FINDINGS; i++) {
			const struct finding_text *text = finding_text(i);
			const struct finding *f = &v->findings[i];

			if (!f->count || (int)text->severity != severity)
				continue;
			buf_addc(out, '\n');
			info_add_what(&t, info, text->what, f->count);
			add_places(&t, f);
			text_wrap(out, marks[severity], 4, buf_str(&t), info->width);
			buf_clear(&t);
			info_add_what(&t, info, finding_advice(i, v->facts.format), f->count);
			text_wrap(out, "      -> ", 9, buf_str(&t), info->width);
			buf_clear(&t);
		}
	}
	e = buf_err(&t);
	buf_deinit(&t);
	return e ? e : buf_err(out);
}
