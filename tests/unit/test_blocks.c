// SPDX-License-Identifier: GPL-2.0-or-later
/* Sequences of blocks in an untrusted file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/blocks.h"
#include "store/pcapng.h"

#define UNIT 64u
#define UNITS 80000u
/* Each unit is the head of a block that ends in the last word of a unit far after it. */
#define REACH (STORE_MAX_BLOCK / UNIT * UNIT)

static void put32(struct buf *b, uint32_t v)
{
	buf_add(b, &v, sizeof(v));
}

/* Every head must be considered; checking each to its end would take 80 GB. */
static void heads_that_reach_far(void **state)
{
	char path[] = "/tmp/hdadump-blocks-XXXXXX";
	int fd = mkstemp(path);
	struct buf file = { 0 };
	struct blocks bs = { .fd = fd, .name = path };
	struct block b;

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	for (uint32_t i = 0; i < UNITS; i++) {
		put32(&file, PCAPNG_EPB);
		put32(&file, REACH);
		put32(&file, 0);	/* interface, time */
		put32(&file, 0);
		put32(&file, 0);
		put32(&file, REACH - 64);
		put32(&file, REACH - 64);
		buf_adds(&file, "HDA1");
		while (file.len % UNIT != UNIT - 4)
			buf_addc(&file, 0);
		put32(&file, REACH);
	}
	/* the first one has a valid frame and invalid contents */
	assert_null(buf_err(&file));
	assert_int_equal(write(fd, file.data, file.len), file.len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	do {
		assert_null(blocks_next(&bs, &b));
		if (b.p)
			blocks_take_bad(&bs, &b);
	} while (b.p);
	/* again, with the search beginning at the first byte */
	blocks_deinit(&bs);
	bs = (struct blocks){ .fd = fd, .name = path };
	memset(file.data, 0xff, 8);
	assert_int_equal(pwrite(fd, file.data, 8, 0), 8);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_null(blocks_next(&bs, &b));
	assert_null(b.p);
	assert_in_range(bs.checked, 1, (80u << 20) + 33 * file.len);
	assert_in_range(bs.searched, file.len - 1, file.len);
	blocks_deinit(&bs);
	buf_deinit(&file);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(heads_that_reach_far) };

	return cmocka_run_group_tests_name("store/blocks", tests, NULL, NULL);
}
