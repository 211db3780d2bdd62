// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/shell/shell_words.h"

#include <string.h>

#include "input/verb_text.h"

static bool is_name(uint8_t c, bool first)
{
	uint8_t lower = c | 0x20;

	return c == '_' || (lower >= 'a' && lower <= 'z') || (!first && c >= '0' && c <= '9');
}

bool shell_same(struct reader a, struct reader b)
{
	return reader_left(&a) == reader_left(&b) && !memcmp(a.p, b.p, reader_left(&a));
}

static void skip_separators(struct reader *r, uint32_t *line)
{
	for (; r->p < r->end; r->p++) {
		if (*r->p == '\n')
			++*line;
		else if ((!verb_space(*r->p) && *r->p != ';' && *r->p != '&' && *r->p != '|') ||
			 (*r->p == ';' && r->p + 1 < r->end && r->p[1] == ';'))
			break;
	}
}

static bool ends_statement(const uint8_t *p, const struct reader *r, unsigned int depth)
{
	if (*p == '\n' || *p == ';' || *p == '|')
		return !depth;
	/* not the & of a redirection: 2>&1, &>/dev/null */
	return *p == '&' && !depth && (p == r->p || p[-1] != '>') &&
	       (p + 1 == r->end || p[1] != '>');
}

bool shell_statement(struct reader *r, uint32_t *line, struct statement *out)
{
	unsigned int depth = 0;
	uint8_t quote = 0;
	const uint8_t *p;

	skip_separators(r, line);
	if (!reader_left(r))
		return false;
	out->line = *line;
	out->text = *r;
	out->open = 0;
	if (reader_lit(r, ";;")) {
		out->text.end = r->p;
		return true;
	}
	if (*r->p == '#') {
		p = memchr(r->p, '\n', reader_left(r));
		r->p = p ? p : r->end;
		out->text.end = r->p;
		return true;
	}
	for (p = r->p; p < r->end; p++) {
		if (*p == '\\' && p + 1 < r->end && quote != '\'') {
			*line += p[1] == '\n';
			p++;
		} else if (quote) {
			*line += *p == '\n';
			quote = *p == quote ? 0 : quote;
		} else if (*p == '"' || *p == '\'') {
			quote = *p;
		} else if (*p == '#' && p > r->p && (verb_space(p[-1]) || p[-1] == '\n')) {
			if (!depth)
				break;
			/* a comment in an array: its quotes are none */
			while (p + 1 < r->end && p[1] != '\n')
				p++;
		} else if (*p == '(') {
			depth++;
		} else if (*p == ')') {
			depth -= depth > 0;
		} else if (ends_statement(p, r, depth)) {
			break;
		} else if ((*p == '{' || *p == '}') && !depth && (p == r->p || verb_space(p[-1]) || p[-1] == ')') &&
			   (p + 1 == r->end || p[1] == '\n' || p[1] == ';' || verb_space(p[1]))) {
			/* a brace stands alone */
			if (p == r->p)
				p++;
			break;
		} else if (*p == '\n') {
			++*line;
		}
	}
	out->text.end = p;
	out->open = quote ? quote : depth ? ')' : 0;
	r->p = p;
	while (out->text.end > out->text.p && verb_space(out->text.end[-1]))
		out->text.end--;
	return true;
}

bool shell_word(struct reader *r, struct reader *word)
{
	uint8_t quote = 0;

	while (r->p < r->end && (verb_space(*r->p) || *r->p == '\n' || *r->p == '\\'))
		r->p++;
	*word = *r;
	for (; r->p < r->end; r->p++) {
		if (quote)
			quote = *r->p == quote ? 0 : quote;
		else if (*r->p == '"' || *r->p == '\'')
			quote = *r->p;
		else if (verb_space(*r->p) || *r->p == '\n')
			break;
	}
	word->end = r->p;
	if (reader_left(word) > 1 && (*word->p == '"' || *word->p == '\'') &&
	    word->end[-1] == *word->p) {
		word->p++;
		word->end--;
	}
	return r->p > word->p || word->end > word->p;
}

bool shell_takes(struct reader *r, const char *word)
{
	struct reader t = *r;

	reader_skip_space(&t);
	if (!reader_lit(&t, word) || (t.p < t.end && !verb_space(*t.p) && *t.p != '\n'))
		return false;
	reader_skip_space(&t);
	*r = t;
	return true;
}

bool shell_assigns(struct reader *r, struct reader *name)
{
	struct reader t = *r;

	*name = t;
	while (t.p < t.end && is_name(*t.p, t.p == name->p))
		t.p++;
	name->end = t.p;
	if (!reader_left(name) || !reader_lit(&t, "="))
		return false;
	*r = t;
	return true;
}

static const struct shell_variable *find(const struct shell_variables *v, struct reader name)
{
	for (size_t i = 0; i < v->n; i++)
		if (shell_same(name, reader_make(v->v[i].name, v->v[i].name_len)))
			return &v->v[i];
	return NULL;
}

void shell_set(struct shell_variables *v, struct reader name, struct reader value)
{
	struct shell_variable *at = (struct shell_variable *)find(v, name);
	size_t n = reader_left(&name), len = reader_left(&value);

	if (len >= SHELL_VALUE_MAX || memchr(value.p, '$', len) || memchr(value.p, '`', len))
		len = 0;
	if (!at && (!len || !n || n >= SHELL_NAME_MAX || v->n == SHELL_VARIABLES))
		return;
	if (!at)
		at = &v->v[v->n++];
	at->name_len = (uint8_t)n;
	memcpy(at->name, name.p, n);
	at->value_len = (uint8_t)len;
	memcpy(at->value, value.p, len);
}

static void add_args(const struct shell_args *a, struct buf *out)
{
	for (size_t i = a->shifted; i < a->n; i++) {
		if (i > a->shifted)
			buf_addc(out, ' ');
		buf_add(out, a->arg[i].p, reader_left(&a->arg[i]));
	}
}

/* What stands for the name at *@r, behind its $; false if it is not known. */
static bool value_of(const struct shell_variables *v, const struct shell_args *args,
		     struct reader *r, struct buf *out)
{
	struct reader t = *r, name;
	bool braced = reader_lit(&t, "{");

	if (args && t.p < t.end && (*t.p == '@' || *t.p == '*')) {
		t.p++;
		if (braced && !reader_lit(&t, "}"))
			return false;
		add_args(args, out);
		*r = t;
		return true;
	}
	name = t;
	if (t.p < t.end && *t.p >= '1' && *t.p <= '9') {
		size_t i = (size_t)(*t.p++ - '1') + (args ? args->shifted : 0);

		if ((braced && !reader_lit(&t, "}")) || !args || i >= args->n)
			return false;
		buf_add(out, args->arg[i].p, reader_left(&args->arg[i]));
		*r = t;
		return true;
	}
	while (t.p < t.end && is_name(*t.p, t.p == name.p))
		t.p++;
	name.end = t.p;
	const struct shell_variable *found = find(v, name);

	if ((braced && !reader_lit(&t, "}")) || !found || !found->value_len)
		return false;
	buf_add(out, found->value, found->value_len);
	*r = t;
	return true;
}

void shell_expand(const struct shell_variables *v, const struct shell_args *args,
		  struct reader text, struct buf *out)
{
	buf_clear(out);
	while (reader_left(&text)) {
		uint8_t c = *text.p++;

		if (c != '$' || !value_of(v, args, &text, out))
			buf_addc(out, c);
	}
}
