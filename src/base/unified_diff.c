// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/unified_diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/lcs.h"

#define CONTEXT 3

struct text {
	const char *p;
	size_t len;
};

static int by_place(const void *a, const void *b)
{
	const struct text_edit *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static size_t line_end(const struct text *t, size_t at)
{
	const char *nl = at < t->len ? memchr(t->p + at, '\n', t->len - at) : NULL;

	return nl ? (size_t)(nl - t->p) + 1 : t->len;
}

/* The offset @lines lines before @at, but not before @least. */
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

/*
 * Adds "-FIRST,COUNT" or "+FIRST,COUNT". @first counts from 0; diff names an empty range by
 * the line before it.
 */
static void add_range(struct buf *out, char side, size_t first, size_t count)
{
	buf_addf(out, " %c%zu", side, count ? first + 1 : first);
	if (count != 1)
		buf_addf(out, ",%zu", count);
}

/* Writes one hunk for the edits from..to-1, which are close together. */
static void put_hunk(const struct text *t, const struct text_edit *e, size_t n, size_t start,
		     size_t end, size_t shift, struct buf *out)
{
	size_t first = count_lines(t->p, start), old = count_lines(t->p + start, end - start);
	size_t new = old, at = start;

	for (size_t i = 0; i < n; i++) {
		new -= count_lines(t->p + e[i].at, e[i].drop);
		new += count_lines(e[i].add, e[i].add_len);
	}
	buf_adds(out, "@@");
	add_range(out, '-', first, old);
	add_range(out, '+', first + shift, new);
	buf_adds(out, " @@\n");
	for (size_t i = 0; i < n; i++) {
		put_lines(out, ' ', t->p + at, e[i].at - at);
		put_lines(out, '-', t->p + e[i].at, e[i].drop);
		put_lines(out, '+', e[i].add, e[i].add_len);
		at = e[i].at + e[i].drop;
	}
	put_lines(out, ' ', t->p + at, end - at);
}

struct err *unified_edits(const char *old_name, const char *new_name, const char *text, size_t len,
			  struct text_edit *edits, size_t n, struct buf *out)
{
	const struct text t = { text, len };
	size_t done = 0, shift = 0, least = 0;

	qsort(edits, n, sizeof(*edits), by_place);
	buf_addf(out, "--- %s\n+++ %s\n", old_name, new_name);
	while (done < n) {
		size_t start = back(&t, edits[done].at, CONTEXT, least), last = done, end;

		end = forward(&t, edits[done].at + edits[done].drop, CONTEXT);
		while (last + 1 < n && back(&t, edits[last + 1].at, CONTEXT, 0) <= end) {
			last++;
			end = forward(&t, edits[last].at + edits[last].drop, CONTEXT);
		}
		put_hunk(&t, edits + done, last + 1 - done, start, end, shift, out);
		for (; done <= last; done++) {
			shift += count_lines(edits[done].add, edits[done].add_len);
			shift -= count_lines(text + edits[done].at, edits[done].drop);
		}
		least = end;
	}
	return buf_err(out);
}

/* --- two texts ---------------------------------------------------------------- */

struct lines {
	const char *text;
	/* offsets of the beginnings of lines, and of the end: n + 1 of them */
	size_t *at;
	uint64_t *hash;		/* FNV-1a of each line */
	uint32_t *partner;	/* each line's index in the other text, or LCS_NONE */
	size_t n;
};

static bool split(const char *text, struct lines *l)
{
	const struct text t = { text, strlen(text) };
	size_t n = count_lines(text, t.len), at = 0;

	*l = (struct lines){ .text = text, .n = n };
	l->at = calloc(n + 1, sizeof(*l->at));
	l->hash = calloc(n + 1, sizeof(*l->hash));
	l->partner = calloc(n + 1, sizeof(*l->partner));
	if (!l->at || !l->hash || !l->partner)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t end = line_end(&t, at);

		l->at[i] = at;
		l->hash[i] = 0xcbf29ce484222325u;
		for (; at < end; at++)
			l->hash[i] = (l->hash[i] ^ (uint8_t)text[at]) * 0x100000001b3u;
	}
	l->at[n] = at;
	return true;
}

static void lines_deinit(struct lines *l)
{
	free(l->at);
	free(l->hash);
	free(l->partner);
}

/*
 * True if line @i of @a is unchanged: it has a partner whose bytes are equal, not its hash
 * alone.
 */
static bool is_kept(const struct lines *a, const struct lines *b, size_t i)
{
	size_t k = a->partner[i], len = a->at[i + 1] - a->at[i];

	return k != LCS_NONE && len == b->at[k + 1] - b->at[k] &&
	       memcmp(a->text + a->at[i], b->text + b->at[k], len) == 0;
}

/* Makes one edit of each range between unchanged lines. */
static size_t find_edits(const struct lines *a, const struct lines *b, struct text_edit *edits)
{
	size_t n = 0, i = 0, k = 0;

	while (i < a->n || k < b->n) {
		size_t from = i, to = k, next;

		while (i < a->n && !is_kept(a, b, i))
			i++;
		next = i < a->n ? a->partner[i] : b->n;
		k = next;
		if (i > from || k > to)
			edits[n++] = (struct text_edit){
				.at = a->at[from], .drop = a->at[i] - a->at[from],
				.add = b->text + b->at[to], .add_len = b->at[k] - b->at[to],
			};
		if (i < a->n) {
			i++;
			k++;
		}
	}
	return n;
}

struct err *unified_texts(const char *old_name, const char *new_name, const char *old,
			  const char *new, struct buf *out)
{
	struct lines a = { 0 }, b = { 0 };
	struct text_edit *edits = NULL;
	struct err *e = NULL;
	size_t n;

	if (!split(old, &a) || !split(new, &b) || !(edits = calloc(a.n + b.n + 1, sizeof(*edits))))
		e = err_nomem();
	if (!e)
		e = lcs_match(a.hash, a.n, b.hash, b.n, a.partner, b.partner);
	n = e ? 0 : find_edits(&a, &b, edits);
	if (n)
		e = unified_edits(old_name, new_name, old, strlen(old), edits, n, out);
	free(edits);
	lines_deinit(&a);
	lines_deinit(&b);
	return e;
}
