// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads verb words of eight hex digits, one or more a line, with or without 0x, with blanks,
 * commas or <> between them, in any case:
 *
 *   01471c10 01471d01 01471e17 01471f90        the guides' verbs.txt
 *   0x02050022                                 Teetoow's patch: a verb a line,
 *      RET: 0x0000000000000038                 and its response, upper half response_ex
 *   0x02050022: nid=0x20, ...                  the same, explained by its own scripts
 *   0x00000010: 0x00170500 0x001f0500          frameDumpFormatted: the address first
 *
 * Comments are marks.
 */
#include <string.h>

#include "input/text_reader.h"

#define MARK_MAX 512

struct words {
	bool responses;
	uint8_t cad;		/* address of the last verb: the short form of RET has no address */
};

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == ',' || c == '<' || c == '>';
}

/* Exactly @digits hex digits, with or without 0x, and then a blank or the end. */
static bool get_word(struct reader *r, unsigned int digits, uint64_t *v)
{
	struct reader t = *r;
	const uint8_t *first;

	if (!reader_lit(&t, "0x"))
		reader_lit(&t, "0X");
	first = t.p;
	if (!reader_hex(&t, v) || t.p - first != (ptrdiff_t)digits)
		return false;
	if (t.p < t.end && !is_space(*t.p) && *t.p != '#' && *t.p != ':' && *t.p != ';')
		return false;
	*r = t;
	return true;
}

static void skip_blank(struct reader *r)
{
	while (r->p < r->end && is_space(*r->p))
		r->p++;
}

/* `0x02050022: nid=0x20, set_coef_index` of Teetoow's parseQEmuOutput. */
static bool explained(struct reader *r, uint64_t *v)
{
	struct reader t = *r;

	if (!get_word(&t, 8, v) || !reader_lit(&t, ": nid="))
		return false;
	r->p = r->end;
	return true;
}

/* `0x00000010:` of frameDumpFormatted. */
static bool skip_address(struct reader *r)
{
	struct reader t = *r;
	uint64_t v;

	if (!reader_lit(&t, "0x") || !reader_hex(&t, &v) || !reader_lit(&t, ":"))
		return false;
	*r = t;
	return true;
}

static bool is_comment(const struct reader *r)
{
	return reader_left(r) && (*r->p == '#' || *r->p == ';' ||
				  (reader_left(r) > 1 && r->p[0] == '/' && r->p[1] == '/'));
}

static unsigned int words_sniff(struct reader line)
{
	unsigned int n = 0;
	bool address;
	uint64_t v;

	skip_blank(&line);
	if (reader_lit(&line, "RET: 0x") || explained(&line, &v))
		return 10;
	address = skip_address(&line);
	for (;; n++) {
		skip_blank(&line);
		if (!get_word(&line, 8, &v))
			break;
	}
	if (reader_left(&line) && !is_comment(&line))
		return address && n ? 3 : 0;
	return !n ? 0 : address ? 10 : 3;
}

static void give_mark(struct text_reader *t, struct reader text)
{
	while (text.p < text.end && (is_space(*text.p) || memchr("#;/", *text.p, 3)))
		text.p++;
	size_t len = reader_left(&text);

	if (len)
		text_reader_give(t, &(struct event){
			.kind = EV_MARK, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
			.data = text.p, .len = (uint32_t)(len < MARK_MAX ? len : MARK_MAX),
		});
}

static enum line_kind response(struct text_reader *t, struct words *w, uint16_t ctrl,
			       struct reader line)
{
	struct reader whole = line;
	uint64_t v;

	/* if the upper half is printed, it is response_ex */
	if (!get_word(&line, 16, &v)) {
		line = whole;
		if (!reader_lit(&line, "0x") || !reader_hex(&line, &v) || reader_left(&line) ||
		    v > UINT32_MAX)
			return text_reader_damage(t, "a response cut short");
		v |= (uint64_t)w->cad << 32;
	}
	w->responses = text_reader_own_facts(t)->responses = true;
	text_reader_give(t, &(struct event){
		.kind = EV_RIRB_PAIR, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT, .value = v,
	});
	return LINE_TAKEN;
}

static enum line_kind words_line(struct text_reader *t, struct reader line)
{
	struct words *w = text_reader_state(t);
	unsigned int n = 0;
	uint16_t ctrl;
	uint64_t v;

	skip_blank(&line);
	if (!reader_left(&line))
		return LINE_TAKEN;
	if (is_comment(&line)) {
		give_mark(t, line);
		return LINE_TAKEN;
	}
	if (!text_reader_ctrl(t, "verbs", 5, CTRL_UNKNOWN, &ctrl))
		return LINE_OTHER;
	if (reader_lit(&line, "RET: "))
		return response(t, w, ctrl, line);

	bool address = false;

	for (;; n++) {
		skip_blank(&line);
		if (!n && !explained(&line, &v)) {
			address = skip_address(&line);
			skip_blank(&line);
			if (!get_word(&line, 8, &v))
				break;
		} else if (n && !get_word(&line, 8, &v)) {
			break;
		}
		/* frameDumpFormatted also prints the slots that were never written */
		if (address && !v)
			continue;
		w->cad = (uint8_t)(v >> 28);
		text_reader_give(t, &(struct event){
			.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl,
			.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT, .value = v,
			.width = w->responses ? ANSWER_DUE : ANSWER_UNRECORDED,
		});
	}
	if (!n)
		return LINE_OTHER;
	/* users add comments to it */
	if (reader_left(&line))
		give_mark(t, line);
	return LINE_TAKEN;
}

static struct err *words_begin(struct text_reader *t, const struct source_options *o,
			       struct reader head)
{
	struct words *w = text_reader_state(t);

	(void)o;
	w->responses = memmem(head.p, reader_left(&head), "RET: 0x", 7);
	text_reader_own_facts(t)->responses = w->responses;
	return NULL;
}

const struct text_format text_format_words = {
	.format = SOURCE_WORDS,
	.sniff = words_sniff,
	.state_size = sizeof(struct words),
	.begin = words_begin,
	.line = words_line,
};
