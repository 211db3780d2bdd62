// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture files that were cut, damaged or changed by other programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture_rig.h"

/* True if a whole block of statistics is in the first @len bytes. */
static bool is_ended(const struct buf *file, size_t len)
{
	uint32_t block[2];

	for (size_t at = 0; at + 8 <= len; at += block[1]) {
		memcpy(block, file->data + at, sizeof(block));
		if (block[0] == PCAPNG_ISB && at + block[1] <= len)
			return true;
	}
	return false;
}

static void cut_anywhere(void **state)
{
	(void)state;
	struct buf file = { 0 };
	struct result whole = { 0 }, part = { 0 };
	unsigned int n = small_capture(capture_path("small"), &file), last = 0;

	assert_true(capture_read(file.data, file.len, &whole));
	assert_int_equal(whole.n, n);
	assert_string_equal(buf_str(&whole.told), "");
	for (size_t len = 0; len < file.len; len++) {
		if (!capture_read(file.data, len, &part)) {
			assert_true(len < 28);
			continue;
		}
		/* never fewer events than from a shorter file */
		assert_true(part.n >= last);
		assert_memory_equal(part.observed.data, whole.observed.data, part.observed.len);
		assert_int_equal(part.lost, 0);
		/*
		 * each cut is reported: inside a block, or between two before the first
		 * statistics
		 */
		if (!strstr(buf_str(&part.told), "f: ends inside the block at "))
			assert_int_equal(!strstr(buf_str(&part.told), NOT_ENDED), is_ended(&file, len));
		last = part.n;
	}
	assert_int_equal(last, n);	/* the statistics at the end have no events */
	buf_deinit(&file);
	result_deinit(&whole);
	result_deinit(&part);
}

/* True if every line of @part is in @whole, in the same order. */
static bool is_subsequence(const char *part, const char *whole)
{
	while (*part) {
		size_t len = strcspn(part, "\n") + 1;

		while (*whole && strncmp(part, whole, len) != 0)
			whole += strcspn(whole, "\n") + 1;
		if (!*whole)
			return false;
		whole += len;
		part += len;
	}
	return true;
}

static void find_statistics(const uint8_t *p, uint32_t len, void *arg)
{
	size_t *before = arg;

	if (load_le32(p) != PCAPNG_ISB)
		*before += len;
}

/* One bit wrong, one byte missing, or one too many: nothing wrong, and no loss without a report. */
static void damaged_anywhere(void **state)
{
	(void)state;
	struct buf file = { 0 }, bad = { 0 };
	struct result whole = { 0 }, part = { 0 };
	unsigned int n = small_capture(capture_path("small"), &file);
	size_t statistics = 0;

	each_block(&file, find_statistics, &statistics);
	assert_true(statistics < file.len);
	assert_true(capture_read(file.data, file.len, &whole));
	for (size_t at = 12; at < file.len; at++) {
		for (unsigned int how = 0; how < 4; how++) {
			buf_clear(&bad);
			buf_add(&bad, file.data, at);
			if (how == 0)
				buf_addc(&bad, file.data[at] ^ 0x01);
			else if (how == 1)
				buf_addc(&bad, file.data[at] ^ 0x80);
			else if (how == 2)
				buf_add(&bad, "\x06\0", 2);
			buf_add(&bad, file.data + at + (how != 2), file.len - at - (how != 2));
			assert_true(capture_read(bad.data, bad.len, &part));
			if (!is_subsequence(buf_str(&part.observed), buf_str(&whole.observed)))
				fail_msg("byte %zu, way %u:\n%s", at, how, buf_str(&part.observed));
			/*
			 * damage may look like the file's end: then it is unknown what was
			 * cut off
			 */
			bool cut = strstr(buf_str(&part.told), "ends inside") != NULL;

			/* a wrong number of events in the statistics is believed */
			bool exact = at >= statistics ? part.n + part.lost >= n :
							part.n + part.lost == n;

			if (!exact && !part.unknown && !cut)
				fail_msg("byte %zu, way %u: %u events, %u lost of %u:\n%s", at, how,
					 part.n, (unsigned int)part.lost, n, buf_str(&part.told));
		}
	}
	buf_deinit(&file);
	buf_deinit(&bad);
	result_deinit(&whole);
	result_deinit(&part);
}

struct edit {
	struct buf *out;
	int skip;		/* number of the packet to leave out */
	int packets;
};

static void leave_out(const uint8_t *p, uint32_t len, void *arg)
{
	struct edit *ed = arg;

	if (load_le32(p) == PCAPNG_EPB && ed->packets++ == ed->skip)
		return;
	buf_add(ed->out, p, len);
}

static void a_missing_block_is_counted(void **state)
{
	(void)state;
	struct buf file = { 0 }, out = { 0 };
	struct result whole = { 0 }, part = { 0 };
	unsigned int n = small_capture(capture_path("small"), &file);
	int packets = 1;

	assert_true(capture_read(file.data, file.len, &whole));
	for (int skip = 0; skip < packets; skip++) {
		struct edit ed = { &out, skip, 0 };

		buf_clear(&out);
		each_block(&file, leave_out, &ed);
		packets = ed.packets;
		assert_true(capture_read(out.data, out.len, &part));
		assert_true(part.lost > 0);
		assert_int_equal(part.n + part.lost, n);
		assert_true(is_subsequence(buf_str(&part.observed), buf_str(&whole.observed)));
		assert_non_null(strstr(buf_str(&part.told), "blocks are missing before byte"));
	}
	assert_int_equal(packets, 5);
	buf_deinit(&file);
	buf_deinit(&out);
	result_deinit(&whole);
	result_deinit(&part);
}

static void put_big(struct buf *b, uint32_t type, uint32_t body, uint8_t fill)
{
	uint8_t word[4];

	store_le32(word, type);
	buf_add(b, word, 4);
	store_le32(word, body + 12);
	buf_add(b, word, 4);
	for (uint32_t i = 0; i < body; i++)
		buf_addc(b, fill);
	buf_add(b, word, 4);
}

static void add_strange(const uint8_t *p, uint32_t len, void *arg)
{
	struct edit *ed = arg;
	uint8_t options[] = { 0x34, 0x12, 5, 0, 'h', 'e', 'l', 'l', 'o', 0, 0, 0 };
	uint8_t word[4];
	uint32_t type = load_le32(p);
	uint32_t at = type == PCAPNG_SHB ? 24 : type == PCAPNG_IDB ? 16 : type == PCAPNG_ISB ? 20 :
		      (28 + load_le32(p + 20) + 3) & ~3u;

	/* an unknown option before the others, and an unknown block before this one */
	if (ed->packets++) {
		put_big(ed->out, 0x0bad, 8 * (uint32_t)ed->packets, 6);
		if (ed->packets == 4)
			put_big(ed->out, 0x40000bad, 3 * STORE_MAX_BLOCK, 0);
	}
	buf_add(ed->out, p, 4);
	store_le32(word, len + sizeof(options));
	buf_add(ed->out, word, 4);
	buf_add(ed->out, p + 8, at - 8);
	buf_add(ed->out, options, sizeof(options));
	buf_add(ed->out, p + at, len - at - 4);
	buf_add(ed->out, word, 4);
}

static void strange_blocks_and_options_are_passed_over(void **state)
{
	(void)state;
	struct buf file = { 0 }, out = { 0 };
	struct result whole = { 0 }, part = { 0 };
	struct edit ed = { &out, 0, 0 };

	small_capture(capture_path("small"), &file);
	each_block(&file, add_strange, &ed);
	assert_true(out.len > 3 * STORE_MAX_BLOCK);
	assert_true(capture_read(file.data, file.len, &whole));
	assert_true(capture_read(out.data, out.len, &part));
	assert_string_equal(buf_str(&part.observed), buf_str(&whole.observed));
	assert_string_equal(buf_str(&part.told), "");
	buf_deinit(&file);
	buf_deinit(&out);
	result_deinit(&whole);
	result_deinit(&part);
}

static void swap(struct buf *b, size_t at, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint8_t t = b->data[at + i];

		b->data[at + i] = b->data[at + n - 1 - i];
		b->data[at + n - 1 - i] = t;
	}
}

/* The block as a big-endian machine would have written it. */
static void add_swapped(const uint8_t *p, uint32_t len, void *arg)
{
	struct buf *b = ((struct edit *)arg)->out;
	size_t start = b->len, at;
	uint32_t type = load_le32(p);

	buf_add(b, p, len);
	swap(b, start, 4);
	swap(b, start + 4, 4);
	swap(b, start + len - 4, 4);
	if (type == PCAPNG_SHB) {
		swap(b, start + 8, 4);
		swap(b, start + 12, 2);
		swap(b, start + 14, 2);
		swap(b, start + 16, 8);
		at = 24;
	} else if (type == PCAPNG_IDB) {
		swap(b, start + 8, 2);
		swap(b, start + 12, 4);
		at = 16;
	} else if (type == PCAPNG_ISB) {
		for (size_t i = 8; i < 20; i += 4)
			swap(b, start + i, 4);
		at = 20;
	} else {
		for (size_t i = 8; i < 28; i += 4)
			swap(b, start + i, 4);
		at = (28 + load_le32(p + 20) + 3) & ~3u;
	}
	while (at < len - 4) {
		uint16_t code = load_le16(p + at), n = load_le16(p + at + 2);

		swap(b, start + at, 2);
		swap(b, start + at + 2, 2);
		if (type == PCAPNG_ISB && code == PCAPNG_ISB_IFRECV)
			swap(b, start + at + 4, 8);
		at += 4 + ((n + 3u) & ~3u);
	}
}

static void either_byte_order(void **state)
{
	(void)state;
	struct buf file = { 0 }, out = { 0 };
	struct result whole = { 0 }, part = { 0 };
	struct edit ed = { &out, 0, 0 };

	small_capture(capture_path("small"), &file);
	each_block(&file, add_swapped, &ed);
	assert_true(store_is_capture(out.data, out.len));
	assert_true(capture_read(file.data, file.len, &whole));
	assert_true(capture_read(out.data, out.len, &part));
	assert_string_equal(buf_str(&part.observed), buf_str(&whole.observed));
	assert_string_equal(buf_str(&part.told), "");
	/* its statistics are read too */
	ed = (struct edit){ &out, 0, 0 };
	struct buf missing = { 0 };
	buf_add(&missing, out.data, out.len);
	missing.data[missing.len - 9] ^= 4;	/* number of events according to them */
	assert_true(capture_read(missing.data, missing.len, &part));
	assert_non_null(strstr(buf_str(&part.told), "blocks are missing"));
	buf_deinit(&missing);
	buf_deinit(&file);
	buf_deinit(&out);
	result_deinit(&whole);
	result_deinit(&part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(a_missing_block_is_counted),
		cmocka_unit_test(strange_blocks_and_options_are_passed_over),
		cmocka_unit_test(either_byte_order),
	};

	return cmocka_run_group_tests(tests, capture_make_dir, capture_remove_dir);
}
