// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the output of a QEMU with the CORB/RIRB patch (jcs/qemu hw/vfio/common.c, and its
 * ports by agasecond and joshuagrisham; the latter adds a date, [ms since 1970] and the
 * direction before its lines and prints zero-padded capitals):
 *
 *   CORBLBASE write of 0x3b449000
 *   CORBWP advance to 2, last WP 0
 *   CORB[1] = 0x2050007 (caddr:0x0 nid:0x20 control:0x500 param:0x7)
 *   RIRBWP advance to 1, last WP 0
 *   CORB caddr:0x0 nid:0x20 control:0x500 param:0x7 response:0x0 (ex 0x0)
 *
 * The patch's loop runs from last + 1 up to the new pointer without a modulo, so it prints
 * nothing for a batch that goes round the ring's end; its pointer lines show that there was
 * one. Beside a response it prints the verb of the same *index*, which need not be the verb
 * that it answers; and it prints only seven bits of a NID. This reader corrects all that: it
 * counts lost verbs at their place, takes the raw word, and leaves it to the model to pair
 * the responses.
 */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "hda/regs.h"
#include "input/text_reader.h"

#define RING 256
/* If a wrap would have lost more than this, the pointer is probably another device's. */
#define MANY 64
/* Longest text before the tool's own line. */
#define PREFIX_MAX 128

/* One of the two pointers, as the tool prints it. */
struct pointer {
	bool known;
	bool reset;		/* the ring was set up again since the pointer was printed */
	uint16_t wp;		/* last value printed */
	uint16_t at;		/* slot of the last entry printed */
};

struct patch {
	uint16_t ctrl;
	bool have_ctrl;
	bool responses;
	bool told_masked;
	unsigned int large;	/* number of wraps that would have lost more than MANY */
	unsigned int bases;	/* number of writes to a base register */
	bool zero;		/* there were words of 0 */
	uint8_t batch;		/* number of verbs of the last CORBWP write */
	uint16_t zeros;		/* number of words of 0 in a row, and the first one's slot */
	uint16_t zero_slot;
	struct pointer corb, rirb;
};

/* The parts of a verb, in both kinds of line. */
struct patch_verb {
	uint64_t cad, nid, control, param;
};

static bool get_field(struct reader *r, const char *name, uint64_t *v)
{
	reader_skip_space(r);
	return reader_lit(r, name) && reader_lit(r, ":0x") && reader_hex(r, v);
}

static bool get_parts(struct reader *r, struct patch_verb *p)
{
	return get_field(r, "caddr", &p->cad) && get_field(r, "nid", &p->nid) &&
	       get_field(r, "control", &p->control) && get_field(r, "param", &p->param) &&
	       p->cad <= 0xf && p->nid <= 0xff && p->control <= 0xfff && p->param <= 0xff;
}

static uint32_t word_of(const struct patch_verb *p)
{
	return (uint32_t)(p->cad << 28 | p->nid << 20 | p->control << 8 | p->param);
}

/* `Mon Nov 21 10:11:12 2022 [1669025472123]: write: ` before the tool's own line. */
static int64_t get_time(struct reader prefix)
{
	const uint8_t *ms_at = memchr(prefix.p, '[', reader_left(&prefix));
	uint64_t ms;

	if (!ms_at)
		return EVENT_TIME_NONE;
	prefix.p = ms_at + 1;
	/* the number of the process in a journal's prefix is shorter */
	if (!reader_dec(&prefix, &ms) || !reader_lit(&prefix, "]: ") ||
	    ms < 100000000000ull || ms > INT64_MAX / 1000000)
		return EVENT_TIME_NONE;
	return (int64_t)ms * 1000000;
}

/*
 * Moves to the beginning of the tool's own line, after the monitor's prompt, a date, or a
 * journal's prefix.
 */
static bool find_body(struct reader *r)
{
	const uint8_t *limit = r->end - r->p > PREFIX_MAX ? r->p + PREFIX_MAX : r->end;

	for (const uint8_t *p = r->p; limit - p > 6; p++) {
		if (*p != 'C' && *p != 'R')
			continue;
		if ((p == r->p || p[-1] == ' ') &&
		    (!memcmp(p, "CORB", 4) || !memcmp(p, "RIRB", 4))) {
			r->p = p;
			return true;
		}
	}
	return false;
}

static unsigned int patch_sniff(struct reader line)
{
	if (!find_body(&line))
		return 0;
	if (reader_lit(&line, "CORB[") || reader_lit(&line, "CORB caddr:") ||
	    reader_lit(&line, "CORBWP advance to ") || reader_lit(&line, "RIRBWP advance to ") ||
	    reader_lit(&line, "CORBLBASE write of ") || reader_lit(&line, "RIRBLBASE write of "))
		return 10;
	return 0;
}

static struct err *patch_begin(struct text_reader *t, const struct source_options *o,
			       struct reader head)
{
	struct patch *p = text_reader_state(t);

	(void)o;
	/*
	 * if the user removed the responses from the log, verbs without a response are not
	 * unanswered
	 */
	p->responses = memmem(head.p, reader_left(&head), " response:0x", 12);
	text_reader_own_facts(t)->responses = p->responses;
	return NULL;
}

static void begin_ctrl(struct text_reader *t, struct patch *p)
{
	if (p->have_ctrl)
		return;
	/* the tool does not print the device's name */
	p->have_ctrl = text_reader_ctrl(t, "vfio", 4, CTRL_VFIO, &p->ctrl);
}

/* --- the pointers -------------------------------------------------------- */

static void lost(struct text_reader *t, struct patch *p, const struct pointer *ptr, unsigned int from,
		 unsigned int n, const char *why)
{
	bool corb = ptr == &p->corb;
	char slots[32];

	if (n == 1)
		snprintf(slots, sizeof(slots), "slot %u", from % RING);
	else
		snprintf(slots, sizeof(slots), "slots %u to %u", from % RING,
			 (from + n - 1) % RING);
	text_reader_gap(t, p->ctrl, corb ? GAP_VERBS : GAP_RESPONSES, n,
		    "%u %s%s missing, %s %s: %s", n, corb ? "verb" : "response",
		    n == 1 ? " is" : "s are", corb ? "CORB" : "RIRB", slots, why);
}

/* No driver sends a zero verb: the tool read the ring at a wrong address. */
static void settle_zeros(struct text_reader *t, struct patch *p)
{
	p->zero |= p->zeros > 0;
	if (p->zeros)
		lost(t, p, &p->corb, p->zero_slot, p->zeros, "the tool read zero, which no driver "
		     "sends: it read the ring at a wrong address");
	p->zeros = 0;
}

/* Reports the entries that the last pointer line announced and that are not in the log. */
static void settle(struct text_reader *t, struct patch *p, struct pointer *ptr)
{
	if (ptr->known && ptr->at != ptr->wp)
		lost(t, p, ptr, ptr->at + 1u, (ptr->wp - ptr->at) & (RING - 1),
		     "not in the log");
	ptr->at = ptr->wp;
}

static void wrapped(struct text_reader *t, struct patch *p, struct pointer *ptr, unsigned int last,
		    unsigned int n)
{
	unsigned int count = (n - last) & (RING - 1);

	if (ptr == &p->corb) {
		text_reader_own_facts(t)->wraps++;
		p->large += count > MANY;
	}
	lost(t, p, ptr, last + 1, count,
	     "the batch goes round the ring's end, which the tool does not print");
}

/* `... advance to N, last WP M` */
static enum line_kind advance(struct text_reader *t, struct patch *p, struct pointer *ptr,
			      struct reader line)
{
	uint64_t wp, last;

	if (!reader_dec(&line, &wp) || !reader_lit(&line, ", last WP ") ||
	    !reader_dec(&line, &last))
		return text_reader_damage(t, "a pointer cut short");
	/* the upper bits of a four-byte access belong to other registers */
	wp &= RING - 1;
	last &= RING - 1;
	begin_ctrl(t, p);
	settle_zeros(t, p);
	if (ptr == &p->corb)
		p->batch = (uint8_t)(wp - last);
	settle(t, p, ptr);
	if (ptr->known && last != ptr->wp) {
		if (!last && ptr->reset) {
			text_reader_part(t, "the tool's pointers start again: another run begins here");
			p->corb = p->rirb = (struct pointer){ 0 };
		} else {
			lost(t, p, ptr, ptr->wp + 1u, (last - ptr->wp) & (RING - 1),
			     "not in the log");
		}
	}
	ptr->at = (uint16_t)last;
	if (ptr->reset && last) {
		/*
		 * the driver set up the ring again, which starts at 0; the tool does not
		 * notice that
		 */
		unsigned int n = (unsigned int)(wp < last ? wp : last);

		if (n)
			lost(t, p, ptr, 1, n,
			     "the ring was set up again, and the tool did not notice");
		if (wp < last)
			ptr->at = (uint16_t)wp;
	} else if (wp < last) {
		wrapped(t, p, ptr, (unsigned int)last, (unsigned int)wp);
		ptr->at = (uint16_t)wp;
	}
	ptr->wp = (uint16_t)wp;
	ptr->known = true;
	ptr->reset = false;
	return LINE_TAKEN;
}

/* --- the lines ----------------------------------------------------------- */

/* `REG write of 0x...` */
static enum line_kind base_write(struct text_reader *t, struct patch *p, unsigned int offset,
				 struct reader line, int64_t time)
{
	uint64_t v;

	if (!reader_lit(&line, "0x") || !reader_hex(&line, &v))
		return text_reader_damage(t, "a register's value cut short");
	begin_ctrl(t, p);
	p->bases += offset == R_CORBLBASE;
	*(offset < R_RIRBLBASE ? &p->corb.reset : &p->rirb.reset) = true;
	text_reader_give(t, &(struct event){
		.kind = EV_MMIO_WRITE, .origin = ORIGIN_TOOL, .ctrl = p->ctrl, .time = time,
		.addr = offset, .width = v >> 32 ? 8 : 4, .value = v,
	});
	return LINE_TAKEN;
}

/* `[1] = 0x2050007 (caddr:0x0 nid:0x20 control:0x500 param:0x7)` */
static enum line_kind verb(struct text_reader *t, struct patch *p, struct reader line, int64_t time)
{
	struct patch_verb parts;
	uint64_t slot, word;

	if (!reader_dec(&line, &slot) || !reader_lit(&line, "] = 0x") ||
	    !reader_hex(&line, &word) || !reader_lit(&line, " (") || !get_parts(&line, &parts) ||
	    !reader_lit(&line, ")"))
		return text_reader_damage(t, "a verb cut short");
	if (word > UINT32_MAX || slot >= RING ||
	    ((uint32_t)word ^ word_of(&parts)) & ~(0x80u << 20))
		return text_reader_damage(t, "a verb whose word does not match its parts");
	begin_ctrl(t, p);
	if (((uint32_t)word ^ word_of(&parts))) {
		text_reader_own_facts(t)->masked++;
		if (!p->told_masked)
			text_reader_note(t, p->ctrl, "the tool shows only seven bits of a NID: this "
				     "one is 0x%02x; the word is taken",
				     (unsigned int)(word >> 20) & 0xff);
		p->told_masked = true;
	}
	if (p->corb.known && slot != p->corb.at + 1u && slot <= p->corb.wp && slot > p->corb.at)
		lost(t, p, &p->corb, p->corb.at + 1u, (unsigned int)slot - p->corb.at - 1u,
		     "not in the log");
	p->corb.at = (uint16_t)slot;
	if (!word) {
		if (!p->zeros++)
			p->zero_slot = (uint16_t)slot;
		return LINE_TAKEN;
	}
	settle_zeros(t, p);
	text_reader_give(t, &(struct event){
		.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = p->ctrl, .time = time,
		.addr = slot, .value = word, .bar = p->batch,
		.width = p->responses ? ANSWER_DUE : ANSWER_UNRECORDED,
	});
	return LINE_TAKEN;
}

/* `caddr:0x0 nid:0x20 control:0x500 param:0x7 response:0x0 (ex 0x0)` */
static enum line_kind response(struct text_reader *t, struct patch *p, struct reader line, int64_t time)
{
	uint64_t resp, ex;
	struct patch_verb parts;
	uint8_t beside[4];

	if (!get_parts(&line, &parts) || !get_field(&line, "response", &resp) ||
	    !reader_lit(&line, " (ex 0x") || !reader_hex(&line, &ex) || !reader_lit(&line, ")") ||
	    resp > UINT32_MAX || ex > UINT32_MAX)
		return text_reader_damage(t, "a response cut short");
	begin_ctrl(t, p);
	p->responses = text_reader_own_facts(t)->responses = true;
	p->rirb.at = (p->rirb.at + 1u) & (RING - 1);
	store_le32(beside, word_of(&parts));
	text_reader_give(t, &(struct event){
		.kind = EV_RIRB_PAIR, .origin = ORIGIN_TOOL, .ctrl = p->ctrl, .time = time,
		.addr = p->rirb.at, .value = resp | ex << 32, .data = beside, .len = sizeof(beside),
	});
	return LINE_TAKEN;
}

/* QEMU's banner within the log: QEMU was restarted. */
static enum line_kind other_line(struct text_reader *t, struct patch *p, struct reader line)
{
	if (p->have_ctrl && reader_lit(&line, "QEMU ") &&
	    memmem(line.p, reader_left(&line), " monitor - ", 11)) {
		text_reader_part(t, "QEMU is started again: another run begins here");
		p->corb = p->rirb = (struct pointer){ 0 };
	}
	return LINE_OTHER;
}

static enum line_kind patch_line(struct text_reader *t, struct reader line)
{
	struct patch *p = text_reader_state(t);
	struct reader prefix = line;
	int64_t time = EVENT_TIME_NONE;

	if (!find_body(&line))
		return other_line(t, p, line);
	prefix.end = line.p;
	if (reader_left(&prefix))
		time = get_time(prefix);
	if (reader_lit(&line, "CORB[")) {
		return verb(t, p, line, time);
	} else if (reader_lit(&line, "CORB caddr:")) {
		line.p -= strlen("caddr:");
		return response(t, p, line, time);
	} else if (reader_lit(&line, "CORBWP advance to ")) {
		return advance(t, p, &p->corb, line);
	} else if (reader_lit(&line, "RIRBWP advance to ")) {
		return advance(t, p, &p->rirb, line);
	} else if (reader_lit(&line, "CORBLBASE write of ")) {
		return base_write(t, p, R_CORBLBASE, line, time);
	} else if (reader_lit(&line, "CORBUBASE write of ")) {
		return base_write(t, p, R_CORBUBASE, line, time);
	} else if (reader_lit(&line, "RIRBLBASE write of ")) {
		return base_write(t, p, R_RIRBLBASE, line, time);
	} else if (reader_lit(&line, "RIRBUBASE write of ")) {
		return base_write(t, p, R_RIRBUBASE, line, time);
	}
	return LINE_OTHER;
}

static void patch_end(struct text_reader *t)
{
	struct patch *p = text_reader_state(t);

	settle_zeros(t, p);
	settle(t, p, &p->corb);
	settle(t, p, &p->rirb);
	text_reader_own_facts(t)->mixed = p->large > 1 || (p->zero && p->bases > 1);
	if (text_reader_own_facts(t)->mixed)
		text_reader_note(t, p->ctrl, "pointers that jump and words that are zero: the log seems to "
			     "hold several devices, which the tool does not distinguish");
}

const struct text_format text_format_patch = {
	.format = SOURCE_PATCH,
	.sniff = patch_sniff,
	.state_size = sizeof(struct patch),
	.counts_lost = true,
	.begin = patch_begin,
	.line = patch_line,
	.end = patch_end,
};
