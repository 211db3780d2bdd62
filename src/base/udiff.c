// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/udiff.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

#define CONTEXT 3

struct text {
	const char *p;
	size_t len;
};

static int by_place(const void *a, const void *b)
{
	const struct udiff_edit *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static size_t line_end(const struct text *t, size_t at)
{
	const char *nl = at < t->len ? memchr(t->p + at, '\n', t->len - at) : NULL;

	return nl ? (size_t)(nl - t->p) + 1 : t->len;
}

/* Back by @lines lines, but not before @least. */
static size_t back(const struct text *t, size_t at, unsigned int lines, size_t least)
{
	while (lines-- && at > least) {
		at--;
		while (at > least && t->p[at - 1] != '\n')
			at--;
	}
	return at;
}

static size_t forward(const struct text *t, size_t at, unsigned int lines)
{
	while (lines--)
		at = line_end(t, at);
	return at;
}

static size_t count_lines(const char *p, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += p[i] == '\n';
	return n + (len && p[len - 1] != '\n');
}

static void put_lines(struct buf *b, char sign, const char *p, size_t len)
{
	while (len) {
		const char *nl = memchr(p, '\n', len);
		size_t n = nl ? (size_t)(nl - p) + 1 : len;

		buf_addc(b, (uint8_t)sign);
		buf_add(b, p, n);
		if (!nl)
			buf_adds(b, "\n\\ No newline at end of file\n");
		p += n;
		len -= n;
	}
}

/* Edits from..to-1 stand so close that one hunk holds them. */
static void put_hunk(const struct text *t, const struct udiff_edit *e, size_t n, size_t start,
		     size_t end, size_t shift, struct buf *out)
{
	size_t first = count_lines(t->p, start) + 1, old = count_lines(t->p + start, end - start);
	size_t new = old, at = start;

	for (size_t i = 0; i < n; i++) {
		new -= count_lines(t->p + e[i].at, e[i].drop);
		new += count_lines(e[i].add, strlen(e[i].add));
	}
	buf_addf(out, "@@ -%zu,%zu +%zu,%zu @@\n", first, old, first + shift, new);
	for (size_t i = 0; i < n; i++) {
		put_lines(out, ' ', t->p + at, e[i].at - at);
		put_lines(out, '-', t->p + e[i].at, e[i].drop);
		put_lines(out, '+', e[i].add, strlen(e[i].add));
		at = e[i].at + e[i].drop;
	}
	put_lines(out, ' ', t->p + at, end - at);
}

struct err *udiff(const char *path, const char *text, size_t len, struct udiff_edit *edits,
		  size_t n, struct buf *out)
{
	const struct text t = { text, len };
	size_t done = 0, shift = 0, least = 0;

	qsort(edits, n, sizeof(*edits), by_place);
	buf_addf(out, "--- a/%s\n+++ b/%s\n", path, path);
	while (done < n) {
		size_t start = back(&t, edits[done].at, CONTEXT, least), last = done, end;

		end = forward(&t, edits[done].at + edits[done].drop, CONTEXT);
		while (last + 1 < n && back(&t, edits[last + 1].at, CONTEXT, 0) <= end) {
			last++;
			end = forward(&t, edits[last].at + edits[last].drop, CONTEXT);
		}
		put_hunk(&t, edits + done, last + 1 - done, start, end, shift, out);
		for (; done <= last; done++) {
			shift += count_lines(edits[done].add, strlen(edits[done].add));
			shift -= count_lines(text + edits[done].at, edits[done].drop);
		}
		least = end;
	}
	return buf_err(out);
}
