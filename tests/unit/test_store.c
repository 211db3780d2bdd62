// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "events.h"
#include "store/pcapng.h"
#include "store/store.h"

static char dir[] = "/tmp/hdadump-test-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void no_err(struct err *e)
{
	if (e)
		fail_msg("%s", err_text(e));
}

/* --- events of every kind ------------------------------------------------ */

static uint64_t seed;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Small and near numbers mostly, as in life, and every other now and then. */
static uint64_t rnd_number(void)
{
	switch (rnd() % 6) {
	case 0:
		return rnd();
	case 1:
		return rnd() % 3 ? UINT64_MAX - rnd() % 3 : 1ull << rnd() % 64;
	case 2:
		return rnd() & 0xffffffff;
	default:
		return rnd() % 16;
	}
}

static int64_t rnd_time(int64_t last)
{
	switch (rnd() % 8) {
	case 0:
		return EVENT_TIME_NONE;
	case 1:
		return (int64_t)rnd();
	case 2:
		return INT64_MAX - (int64_t)(rnd() % 2);
	case 3:
		return last;
	case 4:
		return (int64_t)((uint64_t)last + rnd() % 5000);
	default:
		return (int64_t)((uint64_t)last + 1000 * (rnd() % 5000));
	}
}

static void rnd_event(struct event *ev, int64_t *time, uint8_t *data, unsigned int ctrls)
{
	*time = rnd_time(*time);
	*ev = (struct event){
		.kind = (uint8_t)(EV_CONTROLLER + rnd() % (EV_KINDS - EV_CONTROLLER)),
		.ctrl = (uint16_t)(rnd() % 5 ? 0 : rnd() % ctrls), .bar = (uint8_t)(rnd() % 3),
		.width = (uint8_t)(1u << rnd() % 4), .origin = (uint8_t)(rnd() % ORIGIN_KINDS),
		.time = *time, .addr = rnd_number(), .value = rnd_number(),
	};
	if (rnd() % 64 == 0)
		ev->width = (uint8_t)rnd();
	if (rnd() % 3 == 0) {
		ev->len = (uint32_t)(rnd() % 8 ? 4 + 4 * (rnd() % 2) :
				     rnd() % 16 ? rnd() % 300 : rnd() % (EVENT_MAX_DATA + 1));
		for (uint32_t i = 0; i < ev->len; i++)
			data[i] = (uint8_t)rnd();
		ev->data = ev->len ? data : NULL;
	}
}

static void same_event(const struct event *a, const struct event *b, size_t i)
{
	struct buf x = { 0 }, y = { 0 };

	if (a->time == b->time && a->addr == b->addr && a->value == b->value &&
	    a->len == b->len && a->ctrl == b->ctrl && a->kind == b->kind && a->bar == b->bar &&
	    a->width == b->width && a->origin == b->origin &&
	    (!a->len || memcmp(a->data, b->data, a->len) == 0))
		return;
	show_event(&x, a);
	show_event(&y, b);
	fail_msg("event %zu: %s  is not %s", i, buf_str(&y), buf_str(&x));
}

static void every_event_comes_back(void **state)
{
	(void)state;
	static uint8_t data[EVENT_MAX_DATA];
	const char *path = path_of("random");
	const size_t n = 3000;

	for (uint64_t s = 1; s <= 20; s++) {
		struct store *st = NULL;
		struct store_reader *r = NULL;
		struct event ev, got;
		int64_t time = 1700000000000000000;
		bool more;

		no_err(store_create(path, true, "how it was made", &st));
		seed = s;
		for (size_t i = 0; i < n; i++) {
			rnd_event(&ev, &time, data, s == 1 ? 1 : EVENT_MAX_CTRL);
			no_err(store_put(st, &ev));
			if (rnd() % 500 == 0)
				no_err(store_flush(st));
		}
		no_err(store_close(st));

		int fd = open(path, O_RDONLY);
		no_err(store_reader_create(fd, path, &r));
		assert_string_equal(store_reader_comment(r), "how it was made");
		seed = s;
		time = 1700000000000000000;
		for (size_t i = 0; i < n; i++) {
			rnd_event(&ev, &time, data, s == 1 ? 1 : EVENT_MAX_CTRL);
			(void)rnd();
			no_err(store_read(r, &got, &more));
			assert_true(more);
			same_event(&ev, &got, i);
		}
		no_err(store_read(r, &got, &more));
		assert_false(more);
		store_reader_destroy(r);
		close(fd);
	}
}

/* --- a small capture, and what can happen to it --------------------------- */

#define BASE 1700000000123456000

/* What one verb of Linux's driver looks like: 0x48, 0x4a, 0x24 twice, 0x5d, 0x58. */
static void put_verb(struct store *st, uint32_t i, unsigned int *events)
{
	uint32_t word = i * 0x9e3779b9;
	uint64_t response = (uint64_t)word << 7 & 0x0000000fffffffff;
	int64_t t = BASE + i * 83000ll;
	uint64_t wp = (i + 1) & 0xff;
	const struct event list[] = {
		{ .kind = EV_MMIO_READ, .addr = 0x48, .width = 2, .value = i & 0xff },
		{ .kind = EV_MMIO_READ, .addr = 0x4a, .width = 2, .value = i & 0xff },
		{ .kind = EV_MMIO_WRITE, .addr = 0x48, .width = 2, .value = wp },
		{ .kind = EV_MEM, .addr = 0x6c96000 + 4 * wp, .data = &word, .len = 4 },
		{ .kind = EV_HORIZON, .value = 2 * i },
		{ .kind = EV_MMIO_READ, .addr = 0x24, .width = 4, .value = 0xc0000000 },
		{ .kind = EV_MMIO_READ, .addr = 0x5d, .width = 1, .value = 5 },
		{ .kind = EV_MMIO_WRITE, .addr = 0x5d, .width = 1, .value = 5 },
		{ .kind = EV_MMIO_READ, .addr = 0x58, .width = 2, .value = wp },
		{ .kind = EV_MEM, .addr = 0x6c96800 + 8 * wp, .data = &response, .len = 8 },
		{ .kind = EV_HORIZON, .value = 2 * i + 1 },
		{ .kind = EV_MMIO_READ, .addr = 0x24, .width = 4, .value = 0 },
		{ .kind = EV_MMIO_READ, .addr = 0x48, .width = 2, .value = wp },
	};

	for (size_t k = 0; k < ARRAY_SIZE(list); k++) {
		struct event ev = list[k];

		ev.time = t + (int64_t)(k / 3) * 7000;
		ev.origin = ev.kind == EV_MEM ? ORIGIN_PROCESS : ORIGIN_TRACE;
		no_err(store_put(st, &ev));
		(*events)++;
	}
}

static void put_text(struct store *st, enum event_kind kind, uint16_t ctrl, const char *text,
		     uint64_t value)
{
	struct event ev = {
		.kind = (uint8_t)kind, .ctrl = ctrl, .data = text, .len = (uint32_t)strlen(text),
		.value = value, .time = BASE, .origin = ORIGIN_SELF,
	};

	no_err(store_put(st, &ev));
}

/* Some blocks of two controllers, the file's bytes in *bytes; returns the number of events. */
static unsigned int small_capture(const char *path, struct buf *bytes)
{
	struct store *st = NULL;
	unsigned int events = 3;
	uint8_t block[4096];
	ssize_t n;

	no_err(store_create(path, true, "small", &st));
	put_text(st, EV_CONTROLLER, 0, "0000:00:1b.0", CTRL_VFIO);
	for (uint32_t i = 0; i < 4; i++)
		put_verb(st, i, &events);
	no_err(store_flush(st));
	put_text(st, EV_CONTROLLER, 1, "0000:02:02.0", CTRL_EMULATED);
	put_text(st, EV_MARK, 0, "headphones in", 0);
	for (uint32_t i = 4; i < 6; i++) {
		put_verb(st, i, &events);
		no_err(store_flush(st));
	}
	no_err(store_close(st));
	int fd = open(path, O_RDONLY);
	while ((n = read(fd, block, sizeof(block))) > 0)
		buf_add(bytes, block, (size_t)n);
	close(fd);
	return events;
}

static int fd_of(const void *data, size_t len)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	assert_int_equal(write(fd, data, len), len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

struct result {
	struct buf observed;	/* events that were observations, a line each */
	struct buf told;	/* the reader's own notes and gaps */
	unsigned int n;
	uint64_t lost;
	bool unknown;		/* it was said that the loss is not known */
};

static bool is_own(const struct event *ev)
{
	return (ev->kind == EV_GAP || ev->kind == EV_NOTE) && ev->len > 2 &&
	       memmem(ev->data, ev->len, "f: ", 3) == ev->data;
}

/* False when it is no capture at all. */
static bool read_all(const void *data, size_t len, struct result *res)
{
	struct store_reader *r = NULL;
	struct event ev;
	bool more;
	int fd = fd_of(data, len);
	struct err *e = store_reader_create(fd, "f", &r);

	buf_clear(&res->observed);
	buf_clear(&res->told);
	res->n = 0;
	res->lost = 0;
	res->unknown = false;
	if (e) {
		err_free(e);
		close(fd);
		return false;
	}
	for (;;) {
		no_err(store_read(r, &ev, &more));
		if (!more)
			break;
		if (is_own(&ev)) {
			show_event(&res->told, &ev);
			res->lost += ev.kind == EV_GAP ? ev.value : 0;
			res->unknown |= memmem(ev.data, ev.len, "not known", 9) != NULL;
		} else {
			show_event(&res->observed, &ev);
			res->n++;
		}
	}
	store_reader_destroy(r);
	close(fd);
	return true;
}

static void result_deinit(struct result *r)
{
	buf_deinit(&r->observed);
	buf_deinit(&r->told);
}

/* Calls @f for each block of a whole little-endian file. */
static void each_block(const struct buf *file, void (*f)(const uint8_t *p, uint32_t len, void *arg),
		       void *arg)
{
	for (size_t at = 0; at < file->len; at += load_le32(file->data + at + 4))
		f(file->data + at, load_le32(file->data + at + 4), arg);
}

static void cut_anywhere(void **state)
{
	(void)state;
	struct buf file = { 0 };
	struct result whole = { 0 }, part = { 0 };
	unsigned int n = small_capture(path_of("cut"), &file), last = 0;

	assert_true(read_all(file.data, file.len, &whole));
	assert_int_equal(whole.n, n);
	assert_string_equal(buf_str(&whole.told), "");
	for (size_t len = 0; len < file.len; len++) {
		if (!read_all(file.data, len, &part)) {
			assert_true(len < 28);
			continue;
		}
		/* what was there is there: never less than from a shorter file */
		assert_true(part.n >= last);
		assert_memory_equal(part.observed.data, whole.observed.data, part.observed.len);
		assert_int_equal(part.lost, 0);
		if (*buf_str(&part.told))
			assert_non_null(strstr(buf_str(&part.told), "f: ends inside the block at "));
		last = part.n;
	}
	assert_int_equal(last, n);	/* the statistics at the end hold no events */
	buf_deinit(&file);
	result_deinit(&whole);
	result_deinit(&part);
}

/* Whether every line of @part is in @whole, in the same order. */
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

/* One bit wrong, or one byte gone, or one too many: nothing false, nothing lost in silence. */
static void damaged_anywhere(void **state)
{
	(void)state;
	struct buf file = { 0 }, bad = { 0 };
	struct result whole = { 0 }, part = { 0 };
	unsigned int n = small_capture(path_of("bad"), &file);
	size_t statistics = 0;

	each_block(&file, find_statistics, &statistics);
	assert_true(statistics < file.len);
	assert_true(read_all(file.data, file.len, &whole));
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
			assert_true(read_all(bad.data, bad.len, &part));
			if (!is_subsequence(buf_str(&part.observed), buf_str(&whole.observed)))
				fail_msg("byte %zu, way %u:\n%s", at, how, buf_str(&part.observed));
			/* the file's end may be taken for a cut: nobody can know what was cut off */
			bool cut = strstr(buf_str(&part.told), "ends inside") != NULL;

			/* a wrong number of events there should be is believed */
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
	int skip;		/* the packet to leave out, by number */
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
	unsigned int n = small_capture(path_of("missing"), &file);
	int packets = 1;

	assert_true(read_all(file.data, file.len, &whole));
	for (int skip = 0; skip < packets; skip++) {
		struct edit ed = { &out, skip, 0 };

		buf_clear(&out);
		each_block(&file, leave_out, &ed);
		packets = ed.packets;
		assert_true(read_all(out.data, out.len, &part));
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

	/* an option nobody knows before the others, and a block nobody knows before this one */
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

	small_capture(path_of("strange"), &file);
	each_block(&file, add_strange, &ed);
	assert_true(out.len > 3 * STORE_MAX_BLOCK);
	assert_true(read_all(file.data, file.len, &whole));
	assert_true(read_all(out.data, out.len, &part));
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

	small_capture(path_of("swapped"), &file);
	each_block(&file, add_swapped, &ed);
	assert_true(store_is_capture(out.data, out.len));
	assert_true(read_all(file.data, file.len, &whole));
	assert_true(read_all(out.data, out.len, &part));
	assert_string_equal(buf_str(&part.observed), buf_str(&whole.observed));
	assert_string_equal(buf_str(&part.told), "");
	/* its statistics are understood too */
	ed = (struct edit){ &out, 0, 0 };
	struct buf missing = { 0 };
	buf_add(&missing, out.data, out.len);
	missing.data[missing.len - 9] ^= 4;	/* events that there are by them */
	assert_true(read_all(missing.data, missing.len, &part));
	assert_non_null(strstr(buf_str(&part.told), "blocks are missing"));
	buf_deinit(&missing);
	buf_deinit(&file);
	buf_deinit(&out);
	result_deinit(&whole);
	result_deinit(&part);
}

static void captures_one_after_another(void **state)
{
	(void)state;
	struct buf file = { 0 }, both = { 0 };
	struct result one = { 0 }, res = { 0 };
	struct store *st = NULL;
	unsigned int n = small_capture(path_of("first"), &both);

	/* the second names the same controllers in the other order, and one more */
	no_err(store_create(path_of("second"), true, NULL, &st));
	put_text(st, EV_CONTROLLER, 0, "0000:02:02.0", CTRL_EMULATED);
	put_text(st, EV_CONTROLLER, 1, "0000:00:1b.0", CTRL_VFIO);
	put_text(st, EV_CONTROLLER, 2, "third", CTRL_VFIO);
	put_text(st, EV_MARK, 1, "a", 0);
	no_err(store_close(st));
	int fd = open(path_of("second"), O_RDONLY);
	uint8_t data[4096];
	ssize_t len = read(fd, data, sizeof(data));
	close(fd);
	assert_true(len > 0);
	assert_true(read_all(both.data, both.len, &one));
	buf_add(&both, data, (size_t)len);
	assert_true(read_all(both.data, both.len, &res));
	assert_int_equal(res.n, n + 4);
	buf_adds(&one.observed, "1 controller = 2 t1700000000123456000 '0000:02:02.0'\n"
				"0 controller = 1 t1700000000123456000 '0000:00:1b.0'\n"
				"2 controller = 1 t1700000000123456000 'third'\n"
				"0 mark = 0 t1700000000123456000 'a'\n");
	assert_string_equal(buf_str(&res.observed), buf_str(&one.observed));
	assert_string_equal(buf_str(&res.told), "0 note = 0 'f: another capture begins here'\n");
	buf_deinit(&file);
	buf_deinit(&both);
	result_deinit(&one);
	result_deinit(&res);
}

/* --- the file ------------------------------------------------------------- */

static void a_verb_takes_little_room(void **state)
{
	(void)state;
	const unsigned int n = 100000;
	unsigned int events = 0;
	struct store *st = NULL;

	no_err(store_create(path_of("size"), true, NULL, &st));
	put_text(st, EV_CONTROLLER, 0, "0000:00:1b.0", CTRL_VFIO);
	for (uint32_t i = 0; i < n; i++)
		put_verb(st, i, &events);
	no_err(store_flush(st));
	double bytes = (double)store_bytes(st) / n;

	printf("%.1f bytes a verb of %u events\n", bytes, events / n);
	assert_true(bytes <= 64);
	no_err(store_close(st));
}

static void what_was_flushed_survives(void **state)
{
	(void)state;
	const char *path = path_of("killed");
	struct store *st = NULL;
	struct result res = { 0 };
	unsigned int events = 1;
	static uint8_t data[65536];

	no_err(store_create(path, true, NULL, &st));
	put_text(st, EV_CONTROLLER, 0, "0000:00:1b.0", CTRL_VFIO);
	put_verb(st, 1, &events);
	no_err(store_flush(st));
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, data, sizeof(data));
	assert_int_equal(n, store_bytes(st));
	assert_true(read_all(data, (size_t)n, &res));
	assert_int_equal(res.n, events);
	assert_string_equal(buf_str(&res.told), "");
	close(fd);
	no_err(store_close(st));
	result_deinit(&res);
}

static void expect_refusal(const char *path, bool overwrite, const char *text)
{
	struct store *st = NULL;
	struct err *e = store_create(path, overwrite, NULL, &st);

	assert_non_null(e);
	if (!strstr(err_text(e), text) || strncmp(err_text(e), path, strlen(path)) != 0)
		fail_msg("'%s' is not about '%s'", err_text(e), text);
	err_free(e);
}

static void nothing_is_overwritten_unasked(void **state)
{
	(void)state;
	char path[128];
	struct store *st = NULL, *again = NULL;
	struct stat before, after;

	snprintf(path, sizeof(path), "%s", path_of("mine"));
	int fd = open(path, O_WRONLY | O_CREAT, 0644);
	assert_int_equal(write(fd, "my letters", 10), 10);
	close(fd);
	expect_refusal(path, false, "exists");
	expect_refusal(path, true, "not a capture file");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, 10);

	assert_int_equal(truncate(path, 0), 0);
	expect_refusal(path, false, "exists");
	no_err(store_create(path, true, NULL, &st));
	expect_refusal(path, true, "another capture is being written");
	put_text(st, EV_MARK, 0, "x", 0);
	no_err(store_close(st));
	assert_int_equal(stat(path, &before), 0);
	expect_refusal(path, false, "exists");
	no_err(store_create(path, true, NULL, &again));
	no_err(store_close(again));
	assert_int_equal(stat(path, &after), 0);
	assert_true(after.st_size < before.st_size);
	expect_refusal("/nonexistent/x", false, "No such file");
	expect_refusal("/dev/null", true, "not a regular file");
}

static void a_full_disk_leaves_whole_blocks(void **state)
{
	(void)state;
	const char *path = path_of("full");
	struct rlimit old, small;
	static uint8_t data[65536];

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (rlim_t limit = 2000; limit < 30000; limit += 1237) {
		struct store *st = NULL;
		struct result res = { 0 };
		struct err *e = NULL;
		struct event ev = { .kind = EV_MMIO_READ, .time = BASE };
		unsigned int put = 0;

		small = old;
		small.rlim_cur = limit;
		no_err(store_create(path, true, NULL, &st));
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		while (!e && put < 100000) {
			ev.value = put * 0x1234567;
			e = store_put(st, &ev);
			put++;
		}
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		assert_non_null(e);
		assert_non_null(strstr(err_text(e), "write: File too large"));
		err_free(e);
		uint64_t bytes = store_bytes(st);
		err_free(store_put(st, &ev));
		no_err(store_flush(st));
		no_err(store_close(st));

		int fd = open(path, O_RDONLY);
		ssize_t n = read(fd, data, sizeof(data));
		close(fd);
		assert_int_equal(n, bytes);
		assert_true((rlim_t)n <= limit);
		assert_true(read_all(data, (size_t)n, &res));
		assert_string_equal(buf_str(&res.told), "");
		assert_true(res.n > 0 || limit < 7000);
		result_deinit(&res);
	}
}

static void strangers_are_refused(void **state)
{
	(void)state;
	struct result res = { 0 };

	assert_false(read_all("", 0, &res));
	assert_false(read_all("vfio_region_write  (0000:00:1b.0:region0", 40, &res));
	assert_false(store_is_capture("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b", 11));
	assert_true(store_is_capture("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a", 12));
	assert_true(store_is_capture("\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d", 12));
	assert_false(store_is_capture("\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4e", 12));
	result_deinit(&res);
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	static const char *const names[] = { "random", "cut", "bad", "missing", "strange", "swapped",
					     "first", "second", "size", "killed", "mine", "full" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlink(path_of(names[i]));
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_comes_back),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(a_missing_block_is_counted),
		cmocka_unit_test(strange_blocks_and_options_are_passed_over),
		cmocka_unit_test(either_byte_order),
		cmocka_unit_test(captures_one_after_another),
		cmocka_unit_test(a_verb_takes_little_room),
		cmocka_unit_test(what_was_flushed_survives),
		cmocka_unit_test(nothing_is_overwritten_unasked),
		cmocka_unit_test(a_full_disk_leaves_whole_blocks),
		cmocka_unit_test(strangers_are_refused),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
