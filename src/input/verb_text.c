// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/verb_text.h"

#include <string.h>

#include "base/err.h"
#include "codec/decode.h"
#include "input/text_reader.h"

#define NAME_ROOM 64		/* longer than every name of a verb or parameter */

/* --- tokens -------------------------------------------------------------- */

bool verb_space(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Characters that end a word of a shell or of C. */
static const bool enders[256] = {
	[' '] = true, ['\t'] = true, [','] = true, [';'] = true, ['&'] = true, ['|'] = true,
	['<'] = true, ['>'] = true, ['('] = true, [')'] = true, ['{'] = true, ['}'] = true,
	['"'] = true, ['\''] = true, ['`'] = true,
};

bool verb_token_ends(uint8_t c)
{
	return enders[c];
}

struct reader verb_token(struct reader *r)
{
	struct reader token = *r;

	while (r->p < r->end && !verb_token_ends(*r->p))
		r->p++;
	token.end = r->p;
	return token;
}

bool verb_number(struct reader t, uint64_t *v)
{
	bool octal = reader_left(&t) > 1 && t.p[0] == '0' && t.p[1] >= '0' && t.p[1] <= '7';

	if (!octal)
		return reader_num(&t, v) && !reader_left(&t);
	for (*v = 0; t.p < t.end && *t.p >= '0' && *t.p <= '7' && *v < 1u << 28; t.p++)
		*v = *v << 3 | (uint64_t)(*t.p - '0');
	return !reader_left(&t);
}

bool verb_named(struct reader t, struct err *(*find)(const char *name, unsigned int *id),
		uint64_t *v)
{
	char name[NAME_ROOM];
	unsigned int id = 0;
	struct err *e;

	if (verb_number(t, v))
		return true;
	if (!reader_left(&t) || reader_left(&t) >= sizeof(name))
		return false;
	memcpy(name, t.p, reader_left(&t));
	name[reader_left(&t)] = '\0';
	e = find(name, &id);
	*v = id;
	if (!e)
		return true;
	err_free(e);
	return false;
}

/* --- verbs --------------------------------------------------------------- */

enum triple_kind verb_of(const struct triple *t, uint32_t *word)
{
	uint64_t nid, verb, param;

	if (!verb_number(t->token[0], &nid) || !verb_named(t->token[1], verb_by_name, &verb) ||
	    !verb_named(t->token[2], param_by_name, &param))
		return TRIPLE_NONE;
	if (nid > 0xff || verb > 0xfff || param > 0xffff)
		return TRIPLE_BAD;
	*word = (uint32_t)(nid << 20 | verb << 8 | param);
	return TRIPLE_VERB;
}

void verb_give(struct text_reader *t, const char *name, size_t len, uint32_t word)
{
	uint16_t ctrl;

	if (!text_reader_ctrl(t, name, len, CTRL_UNKNOWN, &ctrl))
		return;
	text_reader_give(t, &(struct event){
		.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT, .value = word,
		.width = ANSWER_UNRECORDED,
	});
}

void verb_mark_at(struct text_reader *t, struct reader text, uint32_t line)
{
	while (text.p < text.end && (verb_space(*text.p) || memchr("#/*;\"'", *text.p, 6)))
		text.p++;
	while (text.p < text.end && (verb_space(text.end[-1]) || memchr("*/\"'", text.end[-1], 4)))
		text.end--;
	size_t len = reader_left(&text);

	if (len)
		text_reader_give(t, &(struct event){
			.kind = EV_MARK, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE, .line = line,
			.data = text.p, .len = (uint32_t)(len < VERB_MARK_MAX ? len : VERB_MARK_MAX),
		});
}

void verb_mark(struct text_reader *t, struct reader text)
{
	verb_mark_at(t, text, 0);
}
