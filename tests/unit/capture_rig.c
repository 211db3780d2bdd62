// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "events.h"
#include "store/pcapng.h"
#include "store/store.h"
#include "capture_rig.h"

char capture_dir[] = "/tmp/hdadump-test-XXXXXX";

const char *capture_path(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", capture_dir, name);
	return path;
}

void must(struct err *e)
{
	if (e)
		fail_msg("%s", err_text(e));
}

void capture_verb(struct store *st, uint32_t i, unsigned int *events)
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
		{ .kind = EV_HORIZON, .value = 0 },
		{ .kind = EV_MMIO_READ, .addr = 0x24, .width = 4, .value = 0xc0000000 },
		{ .kind = EV_MMIO_READ, .addr = 0x5d, .width = 1, .value = 5 },
		{ .kind = EV_MMIO_WRITE, .addr = 0x5d, .width = 1, .value = 5 },
		{ .kind = EV_MMIO_READ, .addr = 0x58, .width = 2, .value = wp },
		{ .kind = EV_MEM, .addr = 0x6c96800 + 8 * wp, .data = &response, .len = 8 },
		{ .kind = EV_HORIZON, .value = 1 },
		{ .kind = EV_MMIO_READ, .addr = 0x24, .width = 4, .value = 0 },
		{ .kind = EV_MMIO_READ, .addr = 0x48, .width = 2, .value = wp },
	};

	for (size_t k = 0; k < ARRAY_SIZE(list); k++) {
		struct event ev = list[k];

		ev.time = t + (int64_t)(k / 3) * 7000;
		ev.origin = ev.kind == EV_MEM ? ORIGIN_PROCESS : ORIGIN_TRACE;
		must(store_put(st, &ev));
		(*events)++;
	}
}

void capture_text(struct store *st, enum event_kind kind, uint16_t ctrl, const char *text,
		  uint64_t value)
{
	struct event ev = {
		.kind = (uint8_t)kind, .ctrl = ctrl, .data = text, .len = (uint32_t)strlen(text),
		.value = value, .time = BASE, .origin = ORIGIN_SELF,
	};

	must(store_put(st, &ev));
}

unsigned int small_capture(const char *path, struct buf *bytes)
{
	struct store *st = NULL;
	unsigned int events = 3;
	uint8_t block[4096];
	ssize_t n;

	must(store_create(path, true, "small", &st));
	capture_text(st, EV_CONTROLLER, 0, "0000:00:1b.0", CTRL_VFIO);
	for (uint32_t i = 0; i < 4; i++)
		capture_verb(st, i, &events);
	must(store_flush(st));
	capture_text(st, EV_CONTROLLER, 1, "0000:02:02.0", CTRL_EMULATED);
	capture_text(st, EV_MARK, 0, "headphones in", 0);
	for (uint32_t i = 4; i < 6; i++) {
		capture_verb(st, i, &events);
		must(store_flush(st));
	}
	must(store_close(st));
	int fd = open(path, O_RDONLY);
	while ((n = read(fd, block, sizeof(block))) > 0)
		buf_add(bytes, block, (size_t)n);
	close(fd);
	return events;
}

int capture_fd(const void *data, size_t len)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	assert_int_equal(write(fd, data, len), len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static bool is_own(const struct event *ev)
{
	return (ev->kind == EV_GAP || ev->kind == EV_NOTE || ev->kind == EV_PART) && ev->len > 2 &&
	       memmem(ev->data, ev->len, "f: ", 3) == ev->data;
}

bool capture_read(const void *data, size_t len, struct result *res)
{
	struct store_reader *r = NULL;
	struct event_run run;
	int fd = capture_fd(data, len);
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
		must(store_read(r, &run));
		if (!run.n)
			break;
		for (const struct event *ev = run.ev; ev < run.ev + run.n; ev++) {
			if (is_own(ev)) {
				show_event(&res->told, ev);
				res->lost += ev->kind == EV_GAP ? ev->value : 0;
				res->unknown |= memmem(ev->data, ev->len, "not known", 9) != NULL;
			} else {
				show_event(&res->observed, ev);
				res->n++;
			}
		}
	}
	store_reader_destroy(r);
	close(fd);
	return true;
}

void result_deinit(struct result *r)
{
	buf_deinit(&r->observed);
	buf_deinit(&r->told);
}

void each_block(const struct buf *file, void (*f)(const uint8_t *p, uint32_t len, void *arg),
		void *arg)
{
	for (size_t at = 0; at < file->len; at += load_le32(file->data + at + 4))
		f(file->data + at, load_le32(file->data + at + 4), arg);
}

int capture_make_dir(void **state)
{
	(void)state;
	return mkdtemp(capture_dir) ? 0 : -1;
}

int capture_remove_dir(void **state)
{
	(void)state;
	static const char *const names[] = { "random", "small", "first", "second", "size", "killed",
					     "mine", "full" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlink(capture_path(names[i]));
	return rmdir(capture_dir);
}
