// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/reader.h"
#include "base/text.h"

static void never_passes_the_end(void **state)
{
	(void)state;
	const uint8_t data[] = { 1, 2, 3 };
	struct reader r = reader_make(data, sizeof(data));

	assert_int_equal(reader_u16(&r), 0x0201);
	assert_int_equal(reader_u32(&r), 0);
	assert_true(r.failed);
	assert_int_equal(reader_u8(&r), 0);
}

static void varint_is_bounded(void **state)
{
	(void)state;
	uint8_t data[11];
	struct reader r;

	memset(data, 0xff, sizeof(data));
	r = reader_make(data, sizeof(data));
	assert_int_equal(reader_varint(&r), 0);
	assert_true(r.failed);
	const uint8_t good[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 };
	r = reader_make(good, sizeof(good));
	assert_true(reader_varint(&r) == UINT64_MAX);
	assert_false(r.failed);
}

static void numbers_of_either_base(void **state)
{
	(void)state;
	struct reader r = reader_make("0x1Fz", 5);
	uint64_t v;

	assert_true(reader_num(&r, &v));
	assert_int_equal(v, 0x1f);
	r = reader_make("11111111111111111", 17);
	assert_false(reader_hex(&r, &v));
	r = reader_make("18446744073709551616", 20);
	assert_false(reader_dec(&r, &v));
}

static void lines_end_any_way(void **state)
{
	(void)state;
	struct reader r = reader_make("a\r\nb\n\nc", 7), l;

	assert_true(reader_line(&r, &l));
	assert_int_equal(reader_left(&l), 1);
	assert_true(reader_line(&r, &l));
	assert_true(reader_line(&r, &l));
	assert_int_equal(reader_left(&l), 0);
	assert_true(reader_line(&r, &l));
	assert_int_equal(*l.p, 'c');
	assert_false(reader_line(&r, &l));
}

static void nothing_acts_on_a_terminal(void **state)
{
	(void)state;
	struct buf b = { 0 };

	text_add_safe(&b, "a\033[2J\n\xc3\xa4\xc2\x9b\xff", 11);
	assert_string_equal(buf_str(&b), "a\\x1b[2J\\x0a\xc3\xa4\\xc2\\x9b\\xff");
	buf_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_passes_the_end),
		cmocka_unit_test(varint_is_bounded),
		cmocka_unit_test(numbers_of_either_base),
		cmocka_unit_test(lines_end_any_way),
		cmocka_unit_test(nothing_acts_on_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
