// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture files: what was written is read, and the file on the disk. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "capture_rig.h"

/* --- events of every kind ------------------------------------------------ */

static uint64_t seed;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Mostly small and near numbers, as in real captures, and sometimes others. */
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
	const char *path = capture_path("random");
	const size_t n = 3000;

	for (uint64_t s = 1; s <= 20; s++) {
		struct store *st = NULL;
		struct store_reader *r = NULL;
		struct event_run run = { 0 };
		struct event ev;
		int64_t time = 1700000000000000000;
		size_t at = 0;

		must(store_create(path, true, "how it was made", &st));
		seed = s;
		for (size_t i = 0; i < n; i++) {
			rnd_event(&ev, &time, data, s == 1 ? 1 : EVENT_MAX_CTRL);
			must(store_put(st, &ev));
			if (rnd() % 500 == 0)
				must(store_flush(st));
		}
		must(store_close(st));

		int fd = open(path, O_RDONLY);
		must(store_reader_create(fd, path, &r));
		assert_string_equal(store_reader_comment(r), "how it was made");
		seed = s;
		time = 1700000000000000000;
		for (size_t i = 0; i < n; i++) {
			rnd_event(&ev, &time, data, s == 1 ? 1 : EVENT_MAX_CTRL);
			(void)rnd();
			if (at == run.n) {
				must(store_read(r, &run));
				at = 0;
			}
			assert_true(at < run.n);
			same_event(&ev, &run.ev[at++], i);
		}
		assert_int_equal(at, run.n);
		must(store_read(r, &run));
		assert_int_equal(run.n, 0);
		store_reader_destroy(r);
		close(fd);
	}
}

static void captures_one_after_another(void **state)
{
	(void)state;
	struct buf file = { 0 }, both = { 0 };
	struct result one = { 0 }, res = { 0 };
	struct store *st = NULL;
	unsigned int n = small_capture(capture_path("first"), &both);

	/* the second one names the same controllers in the other order, and one more */
	must(store_create(capture_path("second"), true, NULL, &st));
	capture_text(st, EV_CONTROLLER, 0, "0000:02:02.0", CTRL_EMULATED);
	capture_text(st, EV_CONTROLLER, 1, "0000:00:1b.0", CTRL_VFIO);
	capture_text(st, EV_CONTROLLER, 2, "third", CTRL_VFIO);
	capture_text(st, EV_MARK, 1, "a", 0);
	must(store_close(st));
	int fd = open(capture_path("second"), O_RDONLY);
	uint8_t data[4096];
	ssize_t len = read(fd, data, sizeof(data));
	close(fd);
	assert_true(len > 0);
	assert_true(capture_read(both.data, both.len, &one));
	buf_add(&both, data, (size_t)len);
	assert_true(capture_read(both.data, both.len, &res));
	assert_int_equal(res.n, n + 4);
	buf_adds(&one.observed, "1 controller = 2 t1700000000123456000 '0000:02:02.0'\n"
				"0 controller = 1 t1700000000123456000 '0000:00:1b.0'\n"
				"2 controller = 1 t1700000000123456000 'third'\n"
				"0 mark = 0 t1700000000123456000 'a'\n");
	assert_string_equal(buf_str(&res.observed), buf_str(&one.observed));
	assert_string_equal(buf_str(&res.told), "0 part = 0 'f: another capture begins here'\n");
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

	must(store_create(capture_path("size"), true, NULL, &st));
	capture_text(st, EV_CONTROLLER, 0, "0000:00:1b.0", CTRL_VFIO);
	for (uint32_t i = 0; i < n; i++)
		capture_verb(st, i, &events);
	must(store_flush(st));
	double bytes = (double)store_bytes(st) / n;

	printf("%.1f bytes a verb of %u events\n", bytes, events / n);
	assert_true(bytes <= 64);
	must(store_close(st));
}

static void what_was_flushed_survives(void **state)
{
	(void)state;
	const char *path = capture_path("killed");
	struct store *st = NULL;
	struct result res = { 0 };
	unsigned int events = 1;
	static uint8_t data[65536];

	must(store_create(path, true, NULL, &st));
	capture_text(st, EV_CONTROLLER, 0, "0000:00:1b.0", CTRL_VFIO);
	capture_verb(st, 1, &events);
	must(store_flush(st));
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, data, sizeof(data));
	assert_int_equal(n, store_bytes(st));
	assert_true(capture_read(data, (size_t)n, &res));
	assert_int_equal(res.n, events);
	assert_non_null(strstr(buf_str(&res.told), NOT_ENDED));
	close(fd);
	must(store_close(st));
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

	snprintf(path, sizeof(path), "%s", capture_path("mine"));
	int fd = open(path, O_WRONLY | O_CREAT, 0644);
	assert_int_equal(write(fd, "my letters", 10), 10);
	close(fd);
	expect_refusal(path, false, "exists");
	expect_refusal(path, true, "not a capture file");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, 10);

	assert_int_equal(truncate(path, 0), 0);
	expect_refusal(path, false, "exists");
	must(store_create(path, true, NULL, &st));
	expect_refusal(path, true, "another capture is being written");
	capture_text(st, EV_MARK, 0, "x", 0);
	must(store_close(st));
	assert_int_equal(stat(path, &before), 0);
	expect_refusal(path, false, "exists");
	must(store_create(path, true, NULL, &again));
	must(store_close(again));
	assert_int_equal(stat(path, &after), 0);
	assert_true(after.st_size < before.st_size);
	expect_refusal("/nonexistent/x", false, "No such file");
	expect_refusal("/dev/null", true, "not a regular file");
}

static void a_full_disk_leaves_whole_blocks(void **state)
{
	(void)state;
	const char *path = capture_path("full");
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
		must(store_create(path, true, NULL, &st));
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
		must(store_flush(st));
		must(store_close(st));

		int fd = open(path, O_RDONLY);
		ssize_t n = read(fd, data, sizeof(data));
		close(fd);
		assert_int_equal(n, bytes);
		assert_true((rlim_t)n <= limit);
		assert_true(capture_read(data, (size_t)n, &res));
		assert_non_null(strstr(buf_str(&res.told), NOT_ENDED));
		assert_true(res.n > 0 || limit < 7000);
		result_deinit(&res);
	}
}

static void strangers_are_refused(void **state)
{
	(void)state;
	struct result res = { 0 };

	assert_false(capture_read("", 0, &res));
	assert_false(capture_read("vfio_region_write  (0000:00:1b.0:region0", 40, &res));
	assert_false(store_is_capture("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b", 11));
	assert_true(store_is_capture("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a", 12));
	assert_true(store_is_capture("\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d", 12));
	assert_false(store_is_capture("\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4e", 12));
	result_deinit(&res);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_comes_back),
		cmocka_unit_test(captures_one_after_another),
		cmocka_unit_test(a_verb_takes_little_room),
		cmocka_unit_test(what_was_flushed_survives),
		cmocka_unit_test(nothing_is_overwritten_unasked),
		cmocka_unit_test(a_full_disk_leaves_whole_blocks),
		cmocka_unit_test(strangers_are_refused),
	};

	return cmocka_run_group_tests(tests, capture_make_dir, capture_remove_dir);
}
