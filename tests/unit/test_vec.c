// SPDX-License-Identifier: GPL-2.0-or-later
/* Growable arrays: the elements stay, and an impossible capacity is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/vec.h"

enum { N = 1000 };

static void grows(void **state)
{
	uint32_t *v = NULL, *w = NULL, n = 0;
	size_t cap = 0;

	(void)state;
	for (; n < N; n++) {
		assert_true(vec_room(v, n, cap) && vec_more(w, n));
		assert_true(cap > n);
		v[n] = w[n] = n;
	}
	for (n = 0; n < N; n++)
		assert_true(v[n] == n && w[n] == n);
	free(v);
	free(w);
}

/* A list that was emptied starts again. */
static void begins_anew(void **state)
{
	uint16_t *v = NULL;

	(void)state;
	for (size_t round = 1; round < 40; round++)
		for (size_t n = 0; n < round; n++) {
			assert_true(vec_more(v, n));
			v[n] = (uint16_t)n;
		}
	free(v);
}

static void bounded_by_the_type(void **state)
{
	uint8_t cap = 0;
	char *v = NULL;
	unsigned int n = 0;

	(void)state;
	for (; vec_room(v, n, cap); n++)
		v[n] = 'x';
	assert_int_equal(n, 128);
	assert_int_equal(cap, 128);
	assert_int_equal(v[n - 1], 'x');
	free(v);
}

static void bounded_by_the_size(void **state)
{
	/* volatile, so that the compiler does not detect the overflow itself */
	volatile size_t large = SIZE_MAX / 8;
	size_t cap = SIZE_MAX / 2 + 1;

	(void)state;
	assert_null(vec_double(NULL, &cap, SIZE_MAX, 1));
	cap = large;
	assert_null(vec_double(NULL, &cap, SIZE_MAX, 8));
	assert_true(cap == SIZE_MAX / 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows), cmocka_unit_test(begins_anew),
		cmocka_unit_test(bounded_by_the_type), cmocka_unit_test(bounded_by_the_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
