// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/textdiff.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define CONTEXT 3
#define LINES_MAX 8192

struct lines {
	const char **at;	/* n + 1 of them: where each begins, and the end */
	size_t n;
};

/* What is done with a line. */
enum { KEPT = ' ', GONE = '-', NEW = '+' };

struct edit_step {
	char what;
	size_t a, b;		/* line numbers from 0, in the old and in the new text */
};

static bool split(const char *text, struct lines *l)
{
	size_t n = 0, k = 0;

	for (const char *p = text; *p; p++)
		n += *p == '\n' || !p[1];
	if (n > LINES_MAX)
		return false;
	l->at = calloc(n + 1, sizeof(*l->at));
	if (!l->at)
		return false;
	while (k < n) {
		l->at[k++] = text;
		const char *nl = strchr(text, '\n');

		text = nl ? nl + 1 : text + strlen(text);
	}
	l->at[n] = text;
	l->n = n;
	return true;
}

static bool same(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
	size_t n = (size_t)(a->at[i + 1] - a->at[i]);

	return n == (size_t)(b->at[j + 1] - b->at[j]) && memcmp(a->at[i], b->at[j], n) == 0;
}

/* The steps from @a to @b, by the longest common subsequence of what lies between equal ends. */
static struct edit_step *compare(const struct lines *a, const struct lines *b, size_t *count)
{
	size_t head = 0, tail = 0, n = 0;
	struct edit_step *steps = calloc(a->n + b->n + 1, sizeof(*steps));

	while (head < a->n && head < b->n && same(a, head, b, head))
		head++;
	while (tail < a->n - head && tail < b->n - head &&
	       same(a, a->n - tail - 1, b, b->n - tail - 1))
		tail++;

	size_t rows = a->n - head - tail, cols = b->n - head - tail, i = 0, j = 0;
	uint16_t *len = calloc((rows + 1) * (cols + 1), sizeof(*len));

	if (!steps || !len) {
		free(steps);
		free(len);
		return NULL;
	}
	for (size_t r = rows; r-- > 0;)
		for (size_t c = cols; c-- > 0;) {
			uint16_t down = len[(r + 1) * (cols + 1) + c], right = len[r * (cols + 1) + c + 1];

			len[r * (cols + 1) + c] = same(a, head + r, b, head + c) ?
				len[(r + 1) * (cols + 1) + c + 1] + 1 : down > right ? down : right;
		}
	for (size_t k = 0; k < head; k++)
		steps[n++] = (struct edit_step){ KEPT, k, k };
	while (i < rows || j < cols) {
		struct edit_step s = { KEPT, head + i, head + j };

		if (i < rows && j < cols && same(a, s.a, b, s.b)) {
			i++;
			j++;
		} else if (i < rows && (j == cols || len[(i + 1) * (cols + 1) + j] >=
					len[i * (cols + 1) + j + 1])) {
			s.what = GONE;
			i++;
		} else {
			s.what = NEW;
			j++;
		}
		steps[n++] = s;
	}
	for (size_t k = 0; k < tail; k++)
		steps[n++] = (struct edit_step){ KEPT, a->n - tail + k, b->n - tail + k };
	free(len);
	*count = n;
	return steps;
}

static void add_line(const struct lines *l, size_t i, char what, struct buf *out)
{
	size_t n = (size_t)(l->at[i + 1] - l->at[i]);

	buf_addc(out, (uint8_t)what);
	buf_add(out, l->at[i], n);
	if (!n || l->at[i][n - 1] != '\n')
		buf_adds(out, "\n\\ No newline at end of file\n");
}

static void add_range(struct buf *out, char side, size_t first, size_t count)
{
	buf_addf(out, " %c%zu", side, count ? first + 1 : first);
	if (count != 1)
		buf_addf(out, ",%zu", count);
}

/* The hunk from step @from to @to. */
static void add_hunk(const struct edit_step *steps, size_t from, size_t to, const struct lines *a,
		     const struct lines *b, struct buf *out)
{
	size_t old = 0, new = 0;

	for (size_t i = from; i < to; i++) {
		old += steps[i].what != NEW;
		new += steps[i].what != GONE;
	}
	buf_adds(out, "@@");
	add_range(out, '-', steps[from].a, old);
	add_range(out, '+', steps[from].b, new);
	buf_adds(out, " @@\n");
	for (size_t i = from; i < to; i++) {
		bool is_new = steps[i].what == NEW;

		add_line(is_new ? b : a, is_new ? steps[i].b : steps[i].a, steps[i].what, out);
	}
}

struct err *textdiff_unified(const char *old, const char *new, const char *old_name,
			 const char *new_name, struct buf *out)
{
	struct lines a = { 0 }, b = { 0 };
	struct edit_step *steps = NULL;
	struct err *e = NULL;
	bool named = false;
	size_t n = 0;

	if (!split(old, &a) || !split(new, &b) || !(steps = compare(&a, &b, &n)))
		e = err_new(ERR_FAIL, "%s and %s are too long to be compared", old_name, new_name);
	for (size_t i = 0; i < n && !e; i++) {
		size_t last = i, from, to;

		if (steps[i].what == KEPT)
			continue;
		/* changes that are near one another are one hunk */
		for (size_t k = i; k < n && k <= last + 2 * CONTEXT + 1; k++)
			if (steps[k].what != KEPT)
				last = k;
		from = i > CONTEXT ? i - CONTEXT : 0;
		to = last + 1 + CONTEXT < n ? last + 1 + CONTEXT : n;
		if (!named)
			buf_addf(out, "--- %s\n+++ %s\n", old_name, new_name);
		named = true;
		add_hunk(steps, from, to, &a, &b, out);
		i = to - 1;
	}
	free(steps);
	free(a.at);
	free(b.at);
	return e ? e : buf_err(out);
}
