// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/lcs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"

/*
 * The search from each end stops after so many differences and takes a point that may not be
 * on a shortest way.
 */
#define COST_MAX 256

/* The elements that occur in both sequences: their values and their places in the original. */
struct seq {
	const uint64_t *v;
	const uint32_t *at;
};

struct lcs {
	struct seq a, b;
	uint32_t *of_a, *of_b;
	int64_t *forward, *backward;	/* furthest x by diagonal; index 0 is diagonal -COST_MAX */
};

static void pair(struct lcs *l, int64_t x, int64_t y)
{
	l->of_a[l->a.at[x]] = l->b.at[y];
	l->of_b[l->b.at[y]] = l->a.at[x];
}

/*
 * Finds a point that a shortest way from (x0, y0) to (x1, y1) passes; if the search is too
 * costly, a point of a good way.
 */
static void middle(struct lcs *l, int64_t x0, int64_t x1, int64_t y0, int64_t y1, int64_t *x,
		   int64_t *y)
{
	int64_t n = x1 - x0, m = y1 - y0, delta = n - m;
	int64_t *f = l->forward + COST_MAX + 1, *g = l->backward + COST_MAX + 1;
	int64_t best = -1;

	f[1] = 0;
	g[1] = 0;
	for (int64_t d = 0; d <= COST_MAX; d++) {
		for (int64_t k = -d; k <= d; k += 2) {
			int64_t i = k == -d || (k != d && f[k - 1] < f[k + 1]) ? f[k + 1] : f[k - 1] + 1;
			int64_t j = i - k;

			while (i < n && j >= 0 && j < m && l->a.v[x0 + i] == l->b.v[y0 + j]) {
				i++;
				j++;
			}
			f[k] = i;
			if (i > n || j > m || j < 0)
				continue;
			if (i + j > best) {
				best = i + j;
				*x = x0 + i;
				*y = y0 + j;
			}
			/* odd: the two ends meet on a forward step */
			if (delta & 1 && delta - k >= -(d - 1) && delta - k <= d - 1 &&
			    i + g[delta - k] >= n) {
				*x = x0 + i;
				*y = y0 + j;
				return;
			}
		}
		for (int64_t k = -d; k <= d; k += 2) {
			int64_t i = k == -d || (k != d && g[k - 1] < g[k + 1]) ? g[k + 1] : g[k - 1] + 1;
			int64_t j = i - k;

			while (i < n && j >= 0 && j < m &&
			       l->a.v[x1 - 1 - i] == l->b.v[y1 - 1 - j]) {
				i++;
				j++;
			}
			g[k] = i;
			if (!(delta & 1) && delta - k >= -d && delta - k <= d && i <= n && j <= m &&
			    j >= 0 && i + f[delta - k] >= n) {
				*x = x1 - i;
				*y = y1 - j;
				return;
			}
		}
	}
}

struct piece {
	int64_t x0, x1, y0, y1;
};

static struct err *match(struct lcs *l, int64_t n, int64_t m)
{
	size_t cap = 0, top = 0;
	struct piece *stack = NULL, p = { 0, n, 0, m };

	if (!vec_room(stack, top, cap))
		return err_nomem();
	stack[top++] = p;
	while (top) {
		p = stack[--top];
		int64_t x = p.x0, y = p.y0;

		while (p.x0 < p.x1 && p.y0 < p.y1 && l->a.v[p.x0] == l->b.v[p.y0])
			pair(l, p.x0++, p.y0++);
		while (p.x0 < p.x1 && p.y0 < p.y1 && l->a.v[p.x1 - 1] == l->b.v[p.y1 - 1])
			pair(l, --p.x1, --p.y1);
		if (p.x0 == p.x1 || p.y0 == p.y1)
			continue;
		x = p.x0;
		y = p.y0;
		middle(l, p.x0, p.x1, p.y0, p.y1, &x, &y);
		/* stop the recursion if the part did not become smaller */
		if ((x == p.x0 && y == p.y0) || (x == p.x1 && y == p.y1)) {
			x = p.x0 + 1;
			y = p.y0;
		}
		if (!vec_room(stack, top + 1, cap)) {
			free(stack);
			return err_nomem();
		}
		stack[top++] = (struct piece){ x, p.x1, y, p.y1 };
		stack[top++] = (struct piece){ p.x0, x, p.y0, y };
	}
	free(stack);
	return NULL;
}

/* --- elements that occur on one side only ------------------------------------------ */

static int by_value(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a < b ? -1 : a > b;
}

static uint64_t *sorted(const uint64_t *v, size_t n)
{
	uint64_t *s = malloc((n + 1) * sizeof(*s));

	if (s) {
		memcpy(s, v, n * sizeof(*s));
		qsort(s, n, sizeof(*s), by_value);
	}
	return s;
}

static void keep_shared(const uint64_t *v, size_t n, const uint64_t *other, size_t m, uint64_t *kept,
			uint32_t *at, int64_t *count)
{
	*count = 0;
	for (size_t i = 0; i < n; i++) {
		if (!bsearch(&v[i], other, m, sizeof(*other), by_value))
			continue;
		kept[*count] = v[i];
		at[(*count)++] = (uint32_t)i;
	}
}

struct err *lcs_match(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
		      uint32_t *of_a, uint32_t *of_b)
{
	uint64_t *va, *vb, *sa, *sb;
	uint32_t *at_a, *at_b;
	struct lcs l = { .of_a = of_a, .of_b = of_b };
	struct err *e = NULL;
	size_t same = 0;
	int64_t ka, kb;

	for (size_t i = 0; i < n; i++)
		of_a[i] = LCS_NONE;
	for (size_t i = 0; i < m; i++)
		of_b[i] = LCS_NONE;
	/* most pairs of timelines are equal from beginning to end */
	while (same < n && same < m && a[same] == b[same]) {
		of_a[same] = of_b[same] = (uint32_t)same;
		same++;
	}
	if (same == n || same == m)
		return NULL;
	va = malloc((n - same) * sizeof(*va));
	vb = malloc((m - same) * sizeof(*vb));
	at_a = malloc((n - same) * sizeof(*at_a));
	at_b = malloc((m - same) * sizeof(*at_b));
	sa = sorted(a + same, n - same);
	sb = sorted(b + same, m - same);
	l.forward = calloc(2 * COST_MAX + 4, sizeof(*l.forward));
	l.backward = calloc(2 * COST_MAX + 4, sizeof(*l.backward));
	if (!va || !vb || !at_a || !at_b || !sa || !sb || !l.forward || !l.backward) {
		e = err_nomem();
		goto out;
	}
	keep_shared(a + same, n - same, sb, m - same, va, at_a, &ka);
	keep_shared(b + same, m - same, sa, n - same, vb, at_b, &kb);
	for (int64_t i = 0; i < ka; i++)
		at_a[i] += (uint32_t)same;
	for (int64_t i = 0; i < kb; i++)
		at_b[i] += (uint32_t)same;
	l.a = (struct seq){ va, at_a };
	l.b = (struct seq){ vb, at_b };
	e = match(&l, ka, kb);
out:
	free(va);
	free(vb);
	free(at_a);
	free(at_b);
	free(sa);
	free(sb);
	free(l.forward);
	free(l.backward);
	return e;
}
