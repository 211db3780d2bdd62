// SPDX-License-Identifier: GPL-2.0-or-later
/* Common subsequences, compared with the usual table. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/lcs.h"

static uint64_t seed = 1;

static unsigned int random_below(unsigned int n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(seed >> 33) % n;
}

static size_t table(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
	static size_t t[512][512];

	for (size_t i = 0; i <= n; i++)
		for (size_t k = 0; k <= m; k++)
			t[i][k] = !i || !k ? 0 : a[i - 1] == b[k - 1] ? t[i - 1][k - 1] + 1 :
				  t[i - 1][k] > t[i][k - 1] ? t[i - 1][k] : t[i][k - 1];
	return t[n][m];
}

static size_t check(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
	uint32_t *of_a = calloc(n + 1, 4), *of_b = calloc(m + 1, 4);
	size_t common = 0, last = 0;

	assert_null(lcs_match(a, n, b, m, of_a, of_b));
	for (size_t i = 0; i < n; i++) {
		if (of_a[i] == LCS_NONE)
			continue;
		assert_true(of_a[i] < m);
		assert_int_equal(of_b[of_a[i]], i);
		assert_true(a[i] == b[of_a[i]]);
		assert_true(!common || of_a[i] > last);
		last = of_a[i];
		common++;
	}
	for (size_t i = 0; i < m; i++)
		assert_true(of_b[i] == LCS_NONE || of_a[of_b[i]] == i);
	free(of_a);
	free(of_b);
	return common;
}

static void longest(void **state)
{
	uint64_t a[200], b[200];

	for (unsigned int round = 0; round < 2000; round++) {
		size_t n = random_below(60), m = random_below(60);
		unsigned int kinds = 1 + random_below(12);

		for (size_t i = 0; i < n; i++)
			a[i] = random_below(kinds);
		for (size_t i = 0; i < m; i++)
			b[i] = random_below(kinds);
		assert_int_equal(check(a, n, b, m), table(a, n, b, m));
	}
}

/* Large and very different: it ends, and nearly everything is found. */
static void large(void **state)
{
	enum { N = 300000 };
	uint64_t *a = malloc(N * sizeof(*a)), *b = malloc(N * sizeof(*b));
	size_t m = 0;

	for (size_t i = 0; i < N; i++) {
		a[i] = random_below(50);
		if (random_below(20))
			b[m++] = random_below(30) ? a[i] : random_below(50);
	}
	assert_true(check(a, N, b, m) > N * 8 / 10);
	/* nothing in order at all */
	for (size_t i = 0; i < N; i++)
		b[i] = random_below(50);
	assert_true(check(a, N, b, N) > 0);
	free(a);
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(longest), cmocka_unit_test(large) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
