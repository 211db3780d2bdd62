// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads a dump of coefficients, one a line, as scripts print it:
 *
 *   coef 0x05 = 0x0300
 *   Coeff 0x05: 0x0300           a part of a codec's dump
 *   coef[05] = 0300
 *   nid 0x20                     which widget: otherwise 0x20, Realtek's
 *
 * It is a state, not verbs that change one: each line is given as what reads it, the index and
 * a read of the coefficient with its answer.
 */
#include <string.h>

#include "base/bits.h"
#include "input/text_reader.h"

#define REALTEK_NID 0x20

struct coefs {
	uint8_t nid;
};

struct coef_value {
	uint16_t index, value;
};

/* Moves past @word in either case. */
static bool get_word(struct reader *r, const char *word)
{
	const uint8_t *p = r->p;

	for (; *word; word++, p++)
		if (p == r->end || (*p | 0x20) != *word)
			return false;
	r->p = p;
	return true;
}

static void skip(struct reader *r, const char *set)
{
	while (r->p < r->end && strchr(set, *r->p) && *r->p)
		r->p++;
}

/* Hex digits, with 0x or without. */
static bool get_hex(struct reader *r, uint64_t *v)
{
	if (!reader_lit(r, "0x"))
		reader_lit(r, "0X");
	return reader_hex(r, v);
}

/* "nid 0x20", "Node 0x20": moves past it. */
static bool get_nid(struct reader *r, uint64_t *nid)
{
	struct reader at = *r;

	if (!get_word(&at, "node") && !get_word(&at, "nid"))
		return false;
	skip(&at, " \t:=");
	if (!get_hex(&at, nid) || !*nid || *nid > 0xff)
		return false;
	skip(&at, " \t:,");
	*r = at;
	return true;
}

static bool get_coef(struct reader r, struct coef_value *c)
{
	static const char *const words[] = { "coefficient", "coeff", "coef", "index", "idx" };
	uint64_t index, value;
	bool named = false;

	for (size_t i = 0; i < ARRAY_SIZE(words) && !named; i++)
		named = get_word(&r, words[i]);
	if (!named)
		return false;
	skip(&r, " \t[(#:=");
	/* "Coef Index 0x05" */
	if (get_word(&r, "index") || get_word(&r, "idx"))
		skip(&r, " \t[(#:=");
	if (!get_hex(&r, &index))
		return false;
	const uint8_t *before = r.p;

	skip(&r, " \t]):=,->");
	if (get_word(&r, "value") || get_word(&r, "val"))
		skip(&r, " \t:=");
	if (r.p == before || !get_hex(&r, &value))
		return false;
	skip(&r, " \t\r");
	*c = (struct coef_value){ (uint16_t)index, (uint16_t)value };
	return !reader_left(&r) && index <= UINT16_MAX && value <= UINT16_MAX;
}

static unsigned int coefs_sniff(struct reader line)
{
	struct coef_value c;
	uint64_t nid;

	reader_skip_space(&line);
	get_nid(&line, &nid);
	return get_coef(line, &c) ? 5 : 0;
}

static void give(struct text_reader *t, const struct coefs *s, uint32_t verb, uint32_t answer)
{
	uint16_t ctrl;

	if (!text_reader_ctrl(t, "verbs", 5, CTRL_UNKNOWN, &ctrl))
		return;
	text_reader_give(t, &(struct event){
		.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT,
		.value = (uint32_t)s->nid << 20 | verb, .width = ANSWER_DUE,
	});
	text_reader_give(t, &(struct event){
		.kind = EV_RIRB_PAIR, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT, .value = answer,
	});
}

static enum line_kind coefs_line(struct text_reader *t, struct reader line)
{
	struct coefs *s = text_reader_state(t);
	struct coef_value c;
	uint64_t nid;

	reader_skip_space(&line);
	if (!reader_left(&line) || *line.p == '#')
		return LINE_TAKEN;
	if (get_nid(&line, &nid)) {
		s->nid = (uint8_t)nid;
		if (!reader_left(&line))
			return LINE_TAKEN;
	}
	if (!get_coef(line, &c))
		return LINE_OTHER;
	give(t, s, 0x50000u | c.index, 0);
	give(t, s, 0xc0000u, c.value);
	return LINE_TAKEN;
}

static struct err *coefs_begin(struct text_reader *t, const struct source_options *o,
			       struct reader head)
{
	struct coefs *s = text_reader_state(t);

	(void)o;
	(void)head;
	s->nid = REALTEK_NID;
	text_reader_own_facts(t)->responses = true;
	return NULL;
}

const struct text_format text_format_coefs = {
	.format = SOURCE_LIST,
	.sniff = coefs_sniff,
	.state_size = sizeof(struct coefs),
	.begin = coefs_begin,
	.line = coefs_line,
};
