// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists in which every verb is there twice, and lists that only look similar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/doubled.h"
#include "base/bits.h"

static uint32_t seed;

static uint32_t rnd(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Verbs as a driver sends them: few different ones, often repeated. */
static uint32_t a_verb(void)
{
	static const uint32_t verbs[] = {
		0x02050010, 0x02040220, 0x02050022, 0x02040038, 0x02050026, 0x0204b011,
		0x01470740, 0x01470c02, 0x0143b07f, 0x00170500,
	};

	return rnd(4) ? verbs[rnd(ARRAY_SIZE(verbs))] : 0x02040000 | rnd(0x10000);
}

#define N 4000

/* The list that cleanverbs makes from a log: each batch, and then the same batch again. */
static size_t make(uint32_t *once, uint32_t *twice, size_t n)
{
	size_t at = 0, to = 0;

	while (at < n) {
		size_t k = 1 + rnd(rnd(4) ? 2 : 5);

		if (k > n - at)
			k = n - at;
		for (size_t i = 0; i < k; i++)
			once[at + i] = a_verb();
		memcpy(twice + to, once + at, k * 4);
		memcpy(twice + to + k, once + at, k * 4);
		at += k;
		to += 2 * k;
	}
	return to;
}

/* The list without its repetitions. */
static size_t undo(const uint32_t *twice, size_t n, const struct doubled *d, uint32_t *once)
{
	size_t block = 0, to = 0;

	for (size_t i = 0; i < n;) {
		size_t k = 1, skip = 0;

		if (block < d->n_blocks && d->blocks[block].first == i)
			k = skip = d->blocks[block++].words;
		memcpy(once + to, twice + i, k * 4);
		to += k;
		i += k + skip;
	}
	return to;
}

static void doubled_lists(void **state)
{
	static uint32_t once[N], twice[2 * N], back[2 * N];
	unsigned int unambiguous = 0;

	for (seed = 1; seed < 100; seed++) {
		uint32_t from = seed;
		size_t n = make(once, twice, 20 + rnd(N - 20));
		struct doubled d;

		assert_null(doubled_find(twice, n, &d));
		assert_true(d.is_doubled);
		assert_int_equal(d.alone, 0);
		assert_int_equal(d.repeated, n / 2);
		assert_int_equal(undo(twice, n, &d, back), n / 2);
		if (!d.ambiguous) {
			assert_memory_equal(back, once, n / 2 * 4);
			unambiguous++;
		}
		doubled_deinit(&d);
		seed = from;
	}
	assert_in_range(unambiguous, 20, 100);
}

/* a a b b twice: the shorter blocks are chosen, and the other reading is counted. */
static void ambiguous_places(void **state)
{
	static const uint32_t list[] = {
		1, 1, 2, 2, 1, 1, 2, 2,
		3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 7, 8,
	};
	struct doubled d;

	assert_null(doubled_find(list, ARRAY_SIZE(list), &d));
	assert_int_equal(d.ambiguous, 1);
	assert_int_equal(d.n_blocks, 9);
	assert_int_equal(d.repeated, 10);
	assert_int_equal(d.blocks[0].words, 1);
	assert_int_equal(d.blocks[8].words, 2);
	doubled_deinit(&d);
}

/* A few lines were edited by hand: the list is still doubled, and those verbs are alone. */
static void edited_lists(void **state)
{
	static uint32_t once[N], twice[2 * N];
	struct doubled d;

	seed = 7;
	size_t n = make(once, twice, N);

	for (int i = 0; i < 20; i++) {
		size_t at = rnd((uint32_t)n - 1);

		memmove(twice + at, twice + at + 1, (n - at - 1) * 4);
		n--;
	}
	assert_null(doubled_find(twice, n, &d));
	assert_true(d.is_doubled);
	assert_in_range(d.alone, 1, 100);
	assert_int_equal(d.alone + 2 * d.repeated, n);
	doubled_deinit(&d);
}

static void other_lists(void **state)
{
	static uint32_t list[N];
	struct doubled d;

	/* a driver's list repeats itself, but not everywhere */
	for (seed = 1; seed < 50; seed++) {
		uint32_t from = seed;

		for (size_t i = 0; i < N; i++)
			list[i] = a_verb();
		assert_null(doubled_find(list, N, &d));
		assert_false(d.is_doubled);
		doubled_deinit(&d);
		seed = from;
	}
	/* one sequence pasted twice */
	memcpy(list + 100, list, 400);
	assert_null(doubled_find(list, 200, &d));
	assert_false(d.is_doubled);
	assert_int_equal(d.alone, 0);
	doubled_deinit(&d);
	/* only a poll */
	for (size_t i = 0; i < N; i++)
		list[i] = 0x014f0900;
	assert_null(doubled_find(list, N, &d));
	assert_false(d.is_doubled);
	doubled_deinit(&d);
	/* an empty list, and one that is too short */
	assert_null(doubled_find(NULL, 0, &d));
	assert_false(d.is_doubled);
	doubled_deinit(&d);
	assert_null(doubled_find(list, 2, &d));
	assert_false(d.is_doubled);
	doubled_deinit(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubled_lists),
		cmocka_unit_test(ambiguous_places),
		cmocka_unit_test(edited_lists),
		cmocka_unit_test(other_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
