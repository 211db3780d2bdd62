// SPDX-License-Identifier: GPL-2.0-or-later
/* The trace pipe, which slows its writer down, with a real writer in another process. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "live/tracepipe.h"

/* How many lines the writer has written; shared with it. */
static volatile unsigned int *written;

static pid_t writer(struct tracepipe *t, unsigned int lines, const char *tail)
{
	char line[64];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	for (unsigned int i = 0; i < lines; i++) {
		int n = snprintf(line, sizeof(line), "line %u of a trace\n", i);

		if (write(t->writer, line, (size_t)n) != n)
			_exit(1);
		*written = i + 1;
	}
	if (write(t->writer, tail, strlen(tail)) < 0)
		_exit(1);
	_exit(0);
}

static void wait_readable(struct tracepipe *t)
{
	struct pollfd fd = { .fd = t->fd, .events = POLLIN };

	assert_true(poll(&fd, 1, 5000) >= 0);
}

static void read_all(bool strict)
{
	struct tracepipe t;
	const uint8_t *line;
	char want[64];
	size_t len;
	unsigned int n = 0;

	assert_null(tracepipe_init(&t, strict));
	*written = 0;
	pid_t pid = writer(&t, 5000, "no end");
	tracepipe_close_writer(&t);
	for (;;) {
		if (tracepipe_line(&t, &line, &len)) {
			snprintf(want, sizeof(want), n < 5000 ? "line %u of a trace" : "no end", n);
			assert_int_equal(len, strlen(want));
			assert_memory_equal(line, want, len);
			/* strict: the writer waits with this line or the next one */
			if (strict)
				assert_in_range(*written, n, n + 2);
			/* one page, and the line that waits to be written */
			assert_true(*written < n + 2 * (4096 / 17) + 2);
			n++;
			continue;
		}
		if (t.eof)
			break;
		uint64_t before = t.received + t.held;
		assert_null(tracepipe_fill(&t));
		if (t.received + t.held == before && !t.eof)
			wait_readable(&t);
	}
	assert_int_equal(n, 5001);
	waitpid(pid, NULL, 0);
	tracepipe_deinit(&t);
}

static void every_line_in_order(void **state)
{
	(void)state;
	read_all(false);
}

static void strict_line_by_line(void **state)
{
	(void)state;
	read_all(true);
}

static void horizon_counts_what_waits(void **state)
{
	struct tracepipe t;
	const uint8_t *line;
	size_t len;

	(void)state;
	for (int strict = 0; strict < 2; strict++) {
		assert_null(tracepipe_init(&t, strict));
		assert_int_equal(write(t.writer, "first\n", 6), 6);
		assert_null(tracepipe_fill(&t));
		assert_true(tracepipe_line(&t, &line, &len));
		/* everything that had begun was given out */
		assert_int_equal(tracepipe_horizon(&t), t.consumed);
		if (!strict) {
			assert_int_equal(write(t.writer, "second\n", 7), 7);
			assert_int_equal(tracepipe_horizon(&t), 13);
			assert_int_equal(t.consumed, 6);
		}
		tracepipe_deinit(&t);
	}
}

/* During the wait for the monitor the trace is read; nothing is lost or doubled by it. */
static void draining_keeps_the_order(void **state)
{
	struct tracepipe t;
	const uint8_t *line;
	size_t len;

	(void)state;
	for (int strict = 0; strict < 2; strict++) {
		assert_null(tracepipe_init(&t, strict));
		assert_int_equal(write(t.writer, "a\n", 2), 2);
		assert_null(tracepipe_fill(&t));
		assert_true(tracepipe_line(&t, &line, &len));
		assert_null(tracepipe_drain(&t));
		assert_int_equal(write(t.writer, "b\n", 2), 2);
		assert_null(tracepipe_drain(&t));
		assert_int_equal(write(t.writer, "c\n", 2), 2);
		assert_true(tracepipe_line(&t, &line, &len));
		assert_int_equal(line[0], 'b');
		assert_false(tracepipe_line(&t, &line, &len));
		assert_null(tracepipe_fill(&t));
		assert_true(tracepipe_line(&t, &line, &len));
		assert_int_equal(line[0], 'c');
		tracepipe_close_writer(&t);
		assert_null(tracepipe_fill(&t));
		assert_true(t.eof);
		assert_false(tracepipe_line(&t, &line, &len));
		tracepipe_deinit(&t);
	}
}

static void endless_line(void **state)
{
	struct tracepipe t;
	const uint8_t *line;
	char page[4096];
	size_t len, total = 0;

	(void)state;
	memset(page, 'x', sizeof(page));
	assert_null(tracepipe_init(&t, false));
	for (int i = 0; i < 40; i++) {
		assert_int_equal(write(t.writer, page, sizeof(page)), sizeof(page));
		assert_null(tracepipe_fill(&t));
		while (tracepipe_line(&t, &line, &len)) {
			assert_true(len >= 65536);
			total += len;
		}
		assert_true(t.in.len <= 2 * 65536);
	}
	assert_int_equal(total, 2 * 65536);
	tracepipe_deinit(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_in_order),
		cmocka_unit_test(strict_line_by_line),
		cmocka_unit_test(horizon_counts_what_waits),
		cmocka_unit_test(draining_keeps_the_order),
		cmocka_unit_test(endless_line),
	};

	written = mmap(NULL, sizeof(*written), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (written == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
