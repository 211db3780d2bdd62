// SPDX-License-Identifier: GPL-2.0-or-later
/* A machine in one text file (docs/machine-format.md). */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/reader.h"
#include "host/machine_int.h"

#define FIRST_LINE "hdadump machine 1"
#define ENTRIES 65536

/* --- reading --------------------------------------------------------------- */

static int hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Appends a line's text and decodes \xNN. */
static void add_plain(struct buf *b, const struct reader *r)
{
	for (const uint8_t *p = r->p; p < r->end; p++) {
		if (*p == '\\' && r->end - p >= 4 && p[1] == 'x' && hex_digit(p[2]) >= 0 &&
		    hex_digit(p[3]) >= 0) {
			buf_addc(b, (uint8_t)(hex_digit(p[2]) << 4 | hex_digit(p[3])));
			p += 3;
		} else {
			buf_addc(b, *p);
		}
	}
}

/* Finds the separator @what in the line, or NULL; @tail: only at the line's end. */
static const uint8_t *sign(const struct reader *r, const char *what, bool tail)
{
	size_t n = strlen(what);

	if (reader_left(r) < n)
		return NULL;
	if (tail)
		return memcmp(r->end - n, what, n) == 0 ? r->end - n : NULL;
	return memmem(r->p, reader_left(r), what, n);
}

struct parse {
	const char *name;
	struct entries *out;
	struct buf key, text;
	unsigned int line;
};

static struct err *bad(const struct parse *p, const char *what)
{
	return err_new(ERR_FORMAT, "%s:%u: %s", p->name, p->line, what);
}

static struct err *add(struct parse *p, bool answer, enum entry_kind kind)
{
	const char *key = buf_str(&p->key);

	if (answer)
		kind = ENTRY_ANSWER;
	if (p->key.len >= MACHINE_PATH || memchr(key, '\0', p->key.len))
		return bad(p, "a name that is not a path");
	if (p->out->n >= ENTRIES)
		return bad(p, "more than 65536 entries");
	if (!answer && p->key.len > 1 && key[p->key.len - 1] == '/')
		p->key.len--;
	struct err *e = entries_add(p->out, kind, buf_str(&p->key), buf_str(&p->text), p->text.len);
	if (!e)
		p->out->e[p->out->n - 1].line = p->line;
	return e;
}

/* Takes the "| text" lines after "NAME :"; @r is moved past them. */
static void take_lines(struct parse *p, struct reader *r)
{
	struct reader ahead = *r, line;

	while (reader_line(&ahead, &line)) {
		if (!reader_lit(&line, "| ") && !(reader_lit(&line, "|") && !reader_left(&line)))
			break;
		add_plain(&p->text, &line);
		buf_addc(&p->text, '\n');
		p->line++;
		*r = ahead;
	}
}

static struct err *take(struct parse *p, struct reader line, struct reader *rest)
{
	const uint8_t *at;
	bool answer = reader_lit(&line, "? ");
	enum entry_kind kind = ENTRY_THERE;
	struct reader key = line, value;
	bool lines = false;

	if (!answer && *line.p != '/')
		return bad(p, "neither a path nor a question");
	buf_clear(&p->key);
	buf_clear(&p->text);
	const uint8_t *is = sign(&line, " = ", false), *to = sign(&line, " -> ", false);
	if (is && (!to || is < to)) {
		kind = ENTRY_FILE;
		at = is;
		value = (struct reader){ at + 3, line.end, false };
		add_plain(&p->text, &value);
		buf_addc(&p->text, '\n');
	} else if (to) {
		kind = ENTRY_LINK;
		at = to;
		value = (struct reader){ at + 4, line.end, false };
		add_plain(&p->text, &value);
	} else if ((at = sign(&line, " :", true))) {
		kind = ENTRY_FILE;
		lines = true;
	} else if ((at = sign(&line, " !", true))) {
		kind = ENTRY_DENIED;
	} else if ((at = sign(&line, " =", true))) {
		kind = ENTRY_FILE;
		buf_addc(&p->text, '\n');
	} else if (answer) {
		return bad(p, "a question without an answer");
	}
	if (at)
		key.end = at;
	add_plain(&p->key, &key);
	if (lines)
		take_lines(p, rest);
	return add(p, answer, kind);
}

struct err *machine_text_parse(const char *name, const void *data, size_t len,
			       struct entries *out)
{
	struct parse p = { .name = name, .out = out };
	struct reader r = reader_make(data, len), line;
	struct err *e = NULL;

	if (!reader_line(&r, &line) || !reader_lit(&line, FIRST_LINE) || reader_left(&line))
		return err_new(ERR_FORMAT, "%s: not a recorded machine: its first line is not \""
			       FIRST_LINE "\"", name);
	p.line = 1;
	while (!e && reader_line(&r, &line)) {
		p.line++;
		if (reader_left(&line) && *line.p != '#')
			e = take(&p, line, &r);
	}
	if (!e)
		e = buf_err(&p.key);
	if (!e)
		e = buf_err(&p.text);
	if (!e)
		entries_sort(out);
	for (size_t i = 1; !e && i < out->n; i++) {
		const struct entry *a = &out->e[i - 1], *b = &out->e[i];

		p.line = a->line > b->line ? a->line : b->line;
		if (strcmp(a->key, b->key) == 0 &&
		    (a->kind == ENTRY_ANSWER) == (b->kind == ENTRY_ANSWER))
			e = bad(&p, "said twice");
	}
	buf_deinit(&p.key);
	buf_deinit(&p.text);
	return e;
}

/* --- writing --------------------------------------------------------------- */

static void add_escaped(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < 0x20 || c == '\\' || c >= 0x7f)
			buf_addf(b, "\\x%02x", c);
		else
			buf_addc(b, c);
	}
}

/* Adds a name; the separator inside a name is escaped. */
static void add_key(struct buf *b, const char *key)
{
	for (const char *p = key; *p; p++) {
		bool parts = *p == ' ' && (strchr("=:!", p[1]) || strncmp(p + 1, "->", 2) == 0);

		if (parts)
			buf_adds(b, "\\x20");
		else
			add_escaped(b, p, 1);
	}
}

static void print_text(struct buf *out, const struct entry *e)
{
	const char *end = memchr(e->text, '\n', e->len);
	const char *p = e->text, *stop = e->text + e->len;

	if (e->len && (!end || end + 1 == stop)) {
		buf_adds(out, " = ");
		add_escaped(out, p, end ? e->len - 1 : e->len);
		buf_addc(out, '\n');
		return;
	}
	buf_adds(out, " :\n");
	while (p < stop) {
		end = memchr(p, '\n', (size_t)(stop - p));
		size_t n = end ? (size_t)(end - p) : (size_t)(stop - p);

		buf_adds(out, "| ");
		add_escaped(out, p, n);
		buf_addc(out, '\n');
		p += n + 1;
	}
}

struct err *machine_text_print(struct entries *l, struct buf *out)
{
	entries_sort(l);
	buf_adds(out, FIRST_LINE "\n");
	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->e[i];

		if (e->kind == ENTRY_ANSWER)
			buf_adds(out, "? ");
		add_key(out, e->key);
		switch (e->kind) {
		case ENTRY_THERE:
			buf_addc(out, '\n');
			break;
		case ENTRY_DENIED:
			buf_adds(out, " !\n");
			break;
		case ENTRY_LINK:
			buf_adds(out, " -> ");
			add_escaped(out, e->text, e->len);
			buf_addc(out, '\n');
			break;
		case ENTRY_FILE:
		case ENTRY_ANSWER:
			print_text(out, e);
			break;
		}
	}
	return buf_err(out);
}

/* --- the back end ---------------------------------------------------------- */

/* The index of the first entry below the folder @path; false if there is none. */
static size_t first_below(const struct entries *l, const char *path, size_t *n)
{
	char key[MACHINE_PATH + 1];
	size_t len = strlen(path);

	memcpy(key, path, len);
	key[len] = '/';
	key[len + 1] = '\0';
	*n = len + 1;
	size_t i = entries_from(l, key);
	return i < l->n && strncmp(l->e[i].key, key, len + 1) == 0 ? i : l->n;
}

static enum read_status text_link(struct machine *m, const char *path, char *target, size_t size)
{
	const struct entry *e = entries_find(&m->known, path, false);
	size_t n;

	if (!e)
		return first_below(&m->known, path, &n) < m->known.n ? LOOK_BROKEN : LOOK_ABSENT;
	if (e->kind != ENTRY_LINK || e->len >= size || memchr(e->text, '\0', e->len))
		return LOOK_BROKEN;
	memcpy(target, e->text, e->len + 1);
	return LOOK_OK;
}

static enum read_status text_read(struct machine *m, const char *path, struct buf *text)
{
	const struct entry *e = entries_find(&m->known, path, false);

	size_t n;

	if (!e)
		return first_below(&m->known, path, &n) < m->known.n ? LOOK_BROKEN : LOOK_ABSENT;
	if (e->kind == ENTRY_DENIED)
		return LOOK_DENIED;
	if (e->kind != ENTRY_FILE)
		return LOOK_BROKEN;
	buf_add(text, e->text, e->len < MACHINE_READ ? e->len : MACHINE_READ);
	return LOOK_OK;
}

static enum read_status text_list(struct machine *m, const char *path, struct names *out)
{
	const struct entry *e = entries_find(&m->known, path, false);
	size_t n, last = 0;
	const char *before = NULL;

	if (e && e->kind == ENTRY_DENIED)
		return LOOK_DENIED;
	size_t i = first_below(&m->known, path, &n);
	if (!e && i == m->known.n)
		return LOOK_ABSENT;
	for (; i < m->known.n && strncmp(m->known.e[i].key, path, n - 1) == 0 &&
	     m->known.e[i].key[n - 1] == '/'; i++) {
		const char *name = m->known.e[i].key + n;
		size_t len = strcspn(name, "/");
		char copy[MACHINE_PATH];

		if (!len || (before && len == last && memcmp(before, name, len) == 0))
			continue;
		if (out->n == MACHINE_LIST) {
			out->more = true;
			break;
		}
		before = name;
		last = len;
		memcpy(copy, name, len);
		copy[len] = '\0';
		/* "a-b" sorts between "a" and "a/c" */
		bool again = false;
		for (size_t k = out->n; k-- > 0 && !again;)
			again = strcmp(out->name[k], copy) == 0;
		if (!again)
			err_free(names_add(out, copy));
	}
	return LOOK_OK;
}

const struct machine_ops machine_text_ops = {
	.link = text_link,
	.read = text_read,
	.list = text_list,
	.ask = machine_known_answer,
};
