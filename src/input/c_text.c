// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/c_text.h"

#include <ctype.h>
#include <string.h>

#include "codec/decode.h"
#include "input/verb_text.h"

void c_skip_space(struct reader *r)
{
	while (r->p < r->end && (verb_space(*r->p) || *r->p == '\n'))
		r->p++;
}

bool c_is_word(uint8_t c)
{
	return isalnum(c) || c == '_';
}

struct reader c_name(struct reader *r)
{
	struct reader name = *r;

	while (r->p < r->end && c_is_word(*r->p))
		r->p++;
	name.end = r->p;
	return name;
}

bool c_is_named(struct reader name, const char *what)
{
	return reader_left(&name) == strlen(what) && !memcmp(name.p, what, strlen(what));
}

static bool term(struct reader *r, uint64_t *v, unsigned int depth)
{
	struct reader name;

	c_skip_space(r);
	if (reader_lit(r, "(")) {
		if (!depth || !c_value(r, v, depth - 1))
			return false;
		c_skip_space(r);
		return reader_lit(r, ")");
	}
	name = c_name(r);
	if (c_is_named(name, "AZALIA_PIN_CFG_NC")) {
		c_skip_space(r);
		if (!reader_lit(r, "(") || !depth || !c_value(r, v, depth - 1) || !reader_lit(r, ")"))
			return false;
		*v = 0x411111f0 | (*v & 0xf);
		return true;
	}
	while (reader_left(&name) && strchr("uUlL", name.end[-1]))
		name.end--;
	return reader_left(&name) && verb_named(name, verb_by_name, v);
}

/* Numbers, names of verbs, and |, <<, + and & between them, from the left to the right. */
bool c_value(struct reader *r, uint64_t *v, unsigned int depth)
{
	uint64_t right;

	if (!term(r, v, depth))
		return false;
	for (;;) {
		c_skip_space(r);
		if (reader_lit(r, "<<")) {
			if (!term(r, &right, depth) || right > 31)
				return false;
			*v <<= right;
		} else if (reader_lit(r, "|")) {
			/* << binds closer */
			if (!depth || !c_value(r, &right, depth - 1))
				return false;
			*v |= right;
		} else if (reader_lit(r, "+")) {
			if (!term(r, &right, depth))
				return false;
			*v += right;
		} else if (reader_lit(r, "&")) {
			if (!term(r, &right, depth))
				return false;
			*v &= right;
		} else {
			return true;
		}
	}
}

/* All of @text is one value. */
bool c_whole_value(struct reader text, uint64_t *v)
{
	if (!c_value(&text, v, C_NESTING))
		return false;
	c_skip_space(&text);
	return !reader_left(&text);
}

/* The arguments of a call, which end at its parenthesis. False: it is not whole yet. */
bool c_args(struct reader *r, struct reader *arg, size_t *n)
{
	unsigned int depth = 0;
	struct reader t = *r;

	*n = 0;
	arg[0] = t;
	for (; t.p < t.end; t.p++) {
		if (*t.p == '(' || *t.p == '{') {
			depth++;
		} else if (*t.p == '"') {
			while (t.p + 1 < t.end && t.p[1] != '"')
				t.p++;
			t.p += t.p + 1 < t.end;
		} else if ((*t.p == ')' || *t.p == '}') && depth) {
			depth--;
		} else if (*t.p == ')' || *t.p == '}' || (*t.p == ',' && !depth)) {
			if (*n < C_ARGS)
				arg[(*n)++].end = t.p;
			if (*t.p != ',') {
				r->p = t.p + 1;
				return true;
			}
			if (*n < C_ARGS) {
				arg[*n] = t;
				arg[*n].p = t.p + 1;
			}
		}
	}
	return false;
}

bool c_ends_with(struct reader name, const char *what)
{
	size_t n = strlen(what);

	return reader_left(&name) >= n && !memcmp(name.end - n, what, n);
}

bool c_is_word_array(struct reader before)
{
	return (memmem(before.p, reader_left(&before), "32", 2) ||
		memmem(before.p, reader_left(&before), "erb_data", 8)) &&
	       memchr(before.p, '[', reader_left(&before));
}
