// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bisection with planted needles: how many questions it asks, compared with the logarithm
 * of the possibilities and with plain ddmin; and that it finds the needles, also with wrong
 * answers.
 *
 *    test_bisect           the tests
 *    test_bisect --table   the table of docs/bisect.md
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "replay/bisect.h"

/* --- what is planted ------------------------------------------------------ */

enum plan {
	SPREAD,		/* needles anywhere; all of them are needed */
	CLOSE,		/* needles within 4 k items */
	ADJACENT,	/* needles next to each other */
	PAIRS,		/* two pairs; one pair is enough, half a pair is not */
	BREAKS,		/* a verb after the needles breaks the effect: the whole list fails */
	BREAKS_ANYWHERE,/* the same, anywhere */
	/* a verb breaks the effect, and a later one repairs it: the whole list works */
	REPAIRED,
};

struct planted {
	enum plan plan;
	size_t n, k;
	size_t needle[48];
	size_t breaker, mender;
};

static uint64_t seed;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static bool is_needle(const struct planted *p, size_t at)
{
	for (size_t i = 0; i < p->k; i++)
		if (p->needle[i] == at)
			return true;
	return false;
}

static size_t place(const struct planted *p, size_t from, size_t to)
{
	size_t at;

	do
		at = from + next_random() % (to - from);
	while (is_needle(p, at));
	return at;
}

static void plant(struct planted *p, enum plan plan, size_t n, size_t k)
{
	size_t from = 0, to = n, last = 0, first = n;

	*p = (struct planted){ .plan = plan, .n = n, .breaker = n, .mender = n };
	if (plan == CLOSE) {
		from = next_random() % (n - 4 * k + 1);
		to = from + 4 * k;
	}
	if (plan == ADJACENT) {
		from = next_random() % (n - k + 1);
		to = from + k;
	}
	if (plan == BREAKS)
		to = n - 1;
	while (p->k < k) {
		size_t at = place(p, from, to);

		p->needle[p->k++] = at;
	}
	for (size_t i = 0; i < k; i++) {
		last = p->needle[i] > last ? p->needle[i] : last;
		first = p->needle[i] < first ? p->needle[i] : first;
	}
	if (plan == BREAKS)
		p->breaker = place(p, last + 1, n);
	if (plan == BREAKS_ANYWHERE)
		p->breaker = place(p, 0, n);
	if (plan == REPAIRED) {
		do {
			p->breaker = place(p, 0, n);
			p->mender = place(p, 0, n);
		} while (p->mender <= p->breaker);
	}
}

static bool works(const struct planted *p, const bool *chosen)
{
	uint64_t have = 0;
	bool broken = p->breaker < p->n && chosen[p->breaker];

	for (size_t i = 0; i < p->k && i < ARRAY_SIZE(p->needle); i++)
		have |= (uint64_t)chosen[p->needle[i]] << i;
	if (p->mender < p->n && chosen[p->mender])
		broken = false;
	if (broken)
		return false;
	if (p->plan == PAIRS)
		return (have & 3) == 3 || (have & 12) == 12;
	return have == (1ull << p->k) - 1;
}

/* log2 of the number of plans of this kind. */
static double possibilities(const struct planted *p)
{
	size_t k = p->plan == PAIRS ? 2 : p->k;
	double l = (lgamma((double)p->n + 1) - lgamma((double)k + 1) -
		    lgamma((double)(p->n - k) + 1)) / log(2);

	if (p->breaker < p->n)
		l += log2((double)p->n);
	return l;
}

/* --- plain ddmin (Zeller and Hildebrandt), each choice tried once ---------- */

struct ddmin {
	const struct planted *p;
	unsigned int asked;
	uint64_t *known;	/* hash, and in its lowest bit the result */
	size_t n_known, cap;
};

static bool dd_test(struct ddmin *d, const bool *chosen)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < d->p->n; i++)
		h = (h ^ chosen[i] ^ (h >> 31)) * 0x100000001b3;
	h &= ~1ull;
	for (size_t i = 0; i < d->n_known; i++)
		if ((d->known[i] & ~1ull) == h)
			return d->known[i] & 1;
	if (d->n_known == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 1024;
		d->known = realloc(d->known, d->cap * sizeof(*d->known));
		assert_non_null(d->known);
	}
	d->asked++;
	h |= works(d->p, chosen);
	d->known[d->n_known++] = h;
	return h & 1;
}

static unsigned int ddmin(const struct planted *p)
{
	struct ddmin d = { .p = p };
	size_t *list = calloc(p->n, sizeof(*list)), n = p->n, parts = 2;
	bool *chosen = calloc(p->n, sizeof(*chosen));

	assert_non_null(list);
	assert_non_null(chosen);
	for (size_t i = 0; i < n; i++)
		list[i] = i;
	dd_test(&d, chosen);
	memset(chosen, true, p->n);
	dd_test(&d, chosen);
	while (n >= 2) {
		bool less = false;

		for (unsigned int without = 0; without < 2 && !less; without++) {
			for (size_t i = 0; i < parts && !less; i++) {
				size_t a = n * i / parts, z = n * (i + 1) / parts;
				size_t kept = 0;

				memset(chosen, 0, p->n);
				for (size_t j = 0; j < n; j++)
					if ((j >= a && j < z) != (without != 0))
						chosen[list[j]] = true;
				if (!dd_test(&d, chosen))
					continue;
				for (size_t j = 0; j < n; j++)
					if (chosen[list[j]])
						list[kept++] = list[j];
				n = kept;
				parts = without ? (parts > 3 ? parts - 1 : 2) : 2;
				less = true;
			}
		}
		if (!less) {
			if (parts >= n)
				break;
			parts = parts * 2 < n ? parts * 2 : n;
		}
	}
	free(d.known);
	free(list);
	free(chosen);
	return d.asked;
}

/* --- questions ------------------------------------------------------------ */

struct result {
	unsigned int asked;
	size_t n_chosen;
	bool works;
	struct bisect_step last;
};

/* @lies: how many of the first answers, except the two at the ends, are wrong (one in five). */
static void run(const struct planted *p, unsigned int lies, unsigned int skips, struct result *r)
{
	struct bisect *b = NULL;
	struct bisect_step s;

	memset(r, 0, sizeof(*r));
	assert_null(bisect_create(p->n, &b));
	for (;;) {
		enum bisect_answer a;

		assert_null(bisect_next(b, &s));
		if (s.state != BISECT_ASKS)
			break;
		assert_true(r->asked < 40 * p->n);
		a = works(p, s.chosen) ? BISECT_YES : BISECT_NO;
		if (lies && r->asked > 2 && r->asked % 5 == 0 && s.stage != STAGE_AGAIN) {
			a = a == BISECT_YES ? BISECT_NO : BISECT_YES;
			lies--;
		} else if (skips && r->asked > 2 && r->asked % 4 == 0) {
			a = BISECT_SKIP;
			skips--;
		}
		r->asked++;
		assert_null(bisect_answer(b, a));
	}
	r->last = s;
	r->n_chosen = s.n_chosen;
	r->works = s.state == BISECT_FOUND && works(p, s.chosen);
	bisect_destroy(b);
}

/* --- the table ------------------------------------------------------------ */

static const struct row {
	const char *what;
	enum plan plan;
	unsigned int k;
} rows[] = {
	{ "1 needle", SPREAD, 1 },
	{ "3 needles", SPREAD, 3 },
	{ "3 needles close together", CLOSE, 3 },
	{ "12 needles", SPREAD, 12 },
	{ "12 needles close together", CLOSE, 12 },
	{ "12 needles side by side", ADJACENT, 12 },
	{ "40 needles", SPREAD, 40 },
	{ "two pairs, one is enough", PAIRS, 4 },
	{ "1 needle, broken again later", BREAKS, 1 },
	{ "3 needles, broken again later", BREAKS, 3 },
	{ "12 needles, broken again later", BREAKS, 12 },
	{ "3 needles, broken by a verb anywhere", BREAKS_ANYWHERE, 3 },
	{ "3 needles, broken and mended", REPAIRED, 3 },
};

static const size_t sizes[] = { 50, 500, 2000 };

struct sums {
	double asked, most, bound, ddmin;
	double worst;		/* the most questions in one run, relative to ddmin's */
	unsigned int runs, found, minimal;
};

static struct sums measure(const struct row *row, size_t n, unsigned int runs)
{
	struct sums s = { 0 };

	seed = 0x9e3779b97f4a7c15 ^ n << 8 ^ row->k ^ (uint64_t)row->plan << 4;
	for (unsigned int i = 0; i < runs; i++) {
		struct planted p;
		struct result r;

		plant(&p, row->plan, n, row->k);
		run(&p, 0, 0, &r);
		s.runs++;
		s.found += r.works;
		s.minimal += r.works && r.n_chosen == (row->plan == PAIRS ? 2 : row->k);
		s.asked += r.asked;
		s.most = r.asked > s.most ? r.asked : s.most;
		s.bound += possibilities(&p);
		if (row->plan != BREAKS && row->plan != BREAKS_ANYWHERE) {
			unsigned int plain = ddmin(&p);

			s.ddmin += plain;
			s.worst = fmax(s.worst, (double)r.asked / plain);
		}
	}
	s.asked /= runs;
	s.bound /= runs;
	s.ddmin /= runs;
	return s;
}

static void print_table(void)
{
	printf("| planted | of | questions, mean | most | log2 of the possibilities | ratio | plain "
	       "ddmin |\n|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t j = 0; j < ARRAY_SIZE(sizes); j++) {
			struct sums s = measure(&rows[i], sizes[j], 20);
			char dd[32] = "cannot";

			if (s.ddmin > 0)
				snprintf(dd, sizeof(dd), "%.1f", s.ddmin);
			printf("| %s%s | %zu | %.1f | %.0f | %.1f | %.2f | %s |\n", rows[i].what,
			       s.found == s.runs ? "" : " (not always found)", sizes[j], s.asked,
			       s.most, s.bound, s.asked / s.bound, dd);
		}
}

/* --- tests ---------------------------------------------------------------- */

/* All needles are found, within the allowed number of questions. */
static void test_planted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t j = 0; j < ARRAY_SIZE(sizes); j++) {
			struct sums s = measure(&rows[i], sizes[j], rows[i].k > 12 ? 1 : 5);

			assert_int_equal(s.found, s.runs);
			assert_int_equal(s.minimal, s.runs);
			if (rows[i].k <= 3)
				assert_true(s.asked <= 2.5 * s.bound);
			assert_true(s.worst <= 2.0);
		}
}

/* The smallest lists, each with each of its items needed. */
static void test_small(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 9; n++)
		for (unsigned int mask = 1; mask < 1u << n; mask++) {
			struct planted p = { .n = n, .breaker = n, .mender = n };
			struct result r;

			for (size_t i = 0; i < n; i++)
				if (bit(mask, (unsigned int)i))
					p.needle[p.k++] = i;
			run(&p, 0, 0, &r);
			assert_true(r.works);
			assert_int_equal(r.n_chosen, p.k);
		}
}

/* Wrong answers cost questions; the result works all the same, and is seldom longer. */
static void test_lies(void **state)
{
	unsigned int works_too = 0, minimal = 0, runs = 0;

	(void)state;
	seed = 7;
	for (unsigned int k = 1; k <= 3; k++)
		for (unsigned int i = 0; i < 50; i++) {
			struct planted p;
			struct result r;

			plant(&p, SPREAD, 200, k);
			run(&p, 1 + i % 2, 0, &r);
			runs++;
			works_too += r.works;
			minimal += r.works && r.n_chosen == k;
		}
	/* a wrong yes at the very end may not be noticed */
	assert_true(works_too * 100 >= runs * 95);
	assert_true(minimal * 100 >= runs * 80);
}

static void test_skips(void **state)
{
	(void)state;
	seed = 11;
	for (unsigned int i = 0; i < 100; i++) {
		struct planted p;
		struct result r;

		plant(&p, SPREAD, 200, 1 + i % 3);
		run(&p, 0, 3, &r);
		assert_true(r.works);
		assert_true(r.last.skipped > 0);
	}
}

static bool never(size_t n, const bool *chosen)
{
	(void)n;
	(void)chosen;
	return false;
}

static bool always(size_t n, const bool *chosen)
{
	(void)n;
	(void)chosen;
	return true;
}

static enum bisect_state end_of(bool (*works_)(size_t n, const bool *chosen), unsigned int *asked)
{
	struct bisect_step s;
	struct bisect *b = NULL;

	assert_null(bisect_create(40, &b));
	for (*asked = 0;; (*asked)++) {
		assert_null(bisect_next(b, &s));
		if (s.state != BISECT_ASKS)
			break;
		assert_null(bisect_answer(b, works_(40, s.chosen) ? BISECT_YES : BISECT_NO));
	}
	bisect_destroy(b);
	return s.state;
}

static void test_hopeless(void **state)
{
	unsigned int asked;

	(void)state;
	assert_int_equal(end_of(always, &asked), BISECT_EMPTY_WORKS);
	assert_int_equal(asked, 2);
	assert_int_equal(end_of(never, &asked), BISECT_NEVER_WORKS);
	assert_true(asked > 40);
}

/* The same answers lead to the same state, which a session on disk needs. */
static void test_again(void **state)
{
	enum bisect_answer answers[400];
	struct bisect *a = NULL, *b = NULL;
	struct bisect_step s, t;
	struct err *refusal;
	struct planted p;
	unsigned int n = 0;

	(void)state;
	seed = 5;
	plant(&p, BREAKS, 300, 3);
	assert_null(bisect_create(300, &a));
	while (assert_null(bisect_next(a, &s)), s.state == BISECT_ASKS) {
		assert_true(n < ARRAY_SIZE(answers));
		answers[n] = works(&p, s.chosen) ? BISECT_YES : BISECT_NO;
		assert_null(bisect_answer(a, answers[n++]));
	}
	assert_null(bisect_create(300, &b));
	for (unsigned int i = 0; i < n; i++) {
		assert_null(bisect_next(b, &t));
		assert_int_equal(t.state, BISECT_ASKS);
		assert_null(bisect_answer(b, answers[i]));
	}
	assert_null(bisect_next(b, &t));
	assert_int_equal(t.state, s.state);
	assert_memory_equal(t.chosen, s.chosen, 300 * sizeof(bool));
	bisect_destroy(a);
	bisect_destroy(b);
	refusal = bisect_create(0, &b);
	assert_non_null(refusal);
	err_free(refusal);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_planted), cmocka_unit_test(test_small),
		cmocka_unit_test(test_lies), cmocka_unit_test(test_skips),
		cmocka_unit_test(test_hopeless), cmocka_unit_test(test_again),
	};

	if (argc > 1 && !strcmp(argv[1], "--table")) {
		print_table();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
