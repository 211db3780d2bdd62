// SPDX-License-Identifier: GPL-2.0-or-later
/* The trace-log source with logs of a real driver under a real QEMU. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "event/event.h"
#include "event/source.h"
#include "input/trace/qemu_log.h"
#include "shared.h"

/* Logs of a real driver: every access of the file is an event, and nothing is damaged. */
static void real_logs(void **state)
{
	(void)state;
	static const struct {
		const char *file, *name;
		unsigned int lines, accesses;
	} logs[] = {
		{ "full_burst", "0000:00:1b.0", 12617, 12617 },
		{ "kvm_plain", "0000:00:1b.0", 1297, 1297 },
		{ "kvm_rebind", "0000:00:1b.0", 5814, 5814 },
		{ "nest2", "0000:00:1b.0", 1289, 1289 },
		{ "nest3", "0000:00:1b.0", 1670, 1289 },
		{ "v_bridge", "0000:02:02.0", 1635, 1635 },
		{ "v_single", "0000:00:1b.0", 1137, 1137 },
		{ "v_wrap", "0000:00:1b.0", 5476, 5476 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		char file[64], *name = NULL;
		struct source *s = NULL;
		struct qemu_log_stats stats;
		struct event_steps steps = { 0 };
		struct event *ev;
		bool timed = strcmp(logs[i].file, "nest3") == 0;
		int64_t last = 0;

		snprintf(file, sizeof(file), "vfio-nested/%s/trace.log", logs[i].file);
		int fd = open(shared_data(file), O_RDONLY);
		assert_null(qemu_log_open(fd, logs[i].file, NULL, &s));
		for (;;) {
			assert_null(source_step(s, &steps, &ev));
			if (!ev)
				break;
			if (ev->kind == EV_CONTROLLER)
				name = strndup(ev->data, ev->len);
			assert_int_equal(ev->ctrl, 0);
			if (ev->kind != EV_MMIO_READ && ev->kind != EV_MMIO_WRITE)
				continue;
			assert_int_equal(ev->time != EVENT_TIME_NONE, timed);
			if (timed)
				assert_true(ev->time >= last);
			last = ev->time;
		}
		qemu_log_stats(s, &stats);
		assert_string_equal(name, logs[i].name);
		assert_int_equal(stats.lines, logs[i].lines);
		assert_int_equal(stats.accesses, logs[i].accesses);
		assert_int_equal(stats.other, logs[i].lines - logs[i].accesses);
		assert_int_equal(stats.damaged, 0);
		assert_int_equal(stats.foreign, 0);
		free(name);
		source_destroy(s);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_logs),
	};

	if (!shared_data("vfio-nested/nest3/trace.log"))
		return SKIPPED;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
