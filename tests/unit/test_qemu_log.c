// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "event/source.h"
#include "events.h"
#include "input/trace/qemu_log.h"

static void drain(struct source *s, struct buf *out)
{
	struct event_steps steps = { 0 };
	struct event *ev;

	for (;;) {
		struct err *e = source_step(s, &steps, &ev);

		if (e)
			fail_msg("%s", err_text(e));
		if (!ev)
			return;
		if (ev->kind != EV_NONE)
			show_event(out, ev);
	}
}

static void read_fd(int fd, const struct qemu_log_options *o, struct buf *out)
{
	struct source *s = NULL;
	struct err *e = qemu_log_open(fd, "log", o, &s);

	if (e)
		fail_msg("%s", err_text(e));
	drain(s, out);
	source_destroy(s);
}

static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void read_text(const char *text, const struct qemu_log_options *o, struct buf *out)
{
	int fd = file_of(text, strlen(text));

	buf_clear(out);
	read_fd(fd, o, out);
	close(fd);
}

static void expect(const char *log, const struct qemu_log_options *o, const char *events)
{
	struct buf out = { 0 };

	read_text(log, o, &out);
	assert_string_equal(buf_str(&out), events);
	buf_deinit(&out);
}

/* The first accesses of a driver: enough to recognise its device. */
#define START(name)                                                                                \
	"vfio_region_read  (" name ":region0+0x0, 2) = 0x4401\n"                                   \
	"vfio_region_write  (" name ":region0+0x8, 0x1, 4)\n"                                      \
	"vfio_region_read  (" name ":region0+0xe, 2) = 0x1\n"                                      \
	"vfio_region_write  (" name ":region0+0x4e, 0x2, 1)\n"                                     \
	"vfio_region_write  (" name ":region0+0x48, 0x0, 2)\n"

#define START_EVENTS(ctrl, name)                                                                   \
	ctrl " controller = 1 :1 '" name "'\n"                                                     \
	ctrl " mmio-read r0 0/2 = 4401 :1\n"                                                       \
	ctrl " mmio-write r0 8/4 = 1 :2\n"                                                         \
	ctrl " mmio-read r0 e/2 = 1 :3\n"                                                          \
	ctrl " mmio-write r0 4e/1 = 2 :4\n"                                                        \
	ctrl " mmio-write r0 48/2 = 0 :5\n"

static void finds_the_controller(void **state)
{
	(void)state;
	expect(START("0000:00:1b.0")
	       "vfio_region_write  (0000:00:1b.0:region2+0x10, 0x5, 4)\n"
	       "1@2.000003:vfio_region_read  (0000:00:1b.0:region0+0x58, 2) = 0x7\n", NULL,
	       START_EVENTS("0", "0000:00:1b.0")
	       "0 mmio-write r2 10/4 = 5 :6\n"
	       "0 mmio-read r0 58/2 = 7 t2000003000 :7\n");
}

static void a_gpu_is_none(void **state)
{
	(void)state;
	struct buf log = { 0 }, out = { 0 };

	for (unsigned int i = 0; i < 400; i++)
		buf_addf(&log, "vfio_region_write  (0000:01:00.0:region0+0x%x, 0x1, 4)\n",
			 0x100000 + 4 * i);
	buf_adds(&log, START("0000:01:00.1"));
	read_text(buf_str(&log), NULL, &out);
	assert_string_equal(buf_str(&out),
			    "0 controller = 1 :401 '0000:01:00.1'\n"
			    "0 mmio-read r0 0/2 = 4401 :401\n"
			    "0 mmio-write r0 8/4 = 1 :402\n"
			    "0 mmio-read r0 e/2 = 1 :403\n"
			    "0 mmio-write r0 4e/1 = 2 :404\n"
			    "0 mmio-write r0 48/2 = 0 :405\n"
			    "0 note = 0 'log: 405 lines, 5 accesses of 1 HD Audio controller; "
			    "400 accesses of other devices: 0000:01:00.0 400'\n");
	buf_deinit(&log);
	buf_deinit(&out);
}

/* After an attach in the middle there are only accesses that send verbs. */
static void finds_it_by_its_ring_alone(void **state)
{
	(void)state;
	struct buf log = { 0 }, out = { 0 };

	for (unsigned int i = 30; i < 50; i++)
		buf_addf(&log, "vfio_region_write  (hda:region0+0x48, 0x%x, 2)\n", i);
	read_text(buf_str(&log), NULL, &out);
	assert_non_null(strstr(buf_str(&out), "0 controller = 1 :1 'hda'\n"
					      "0 mmio-write r0 48/2 = 1e :1\n"));
	assert_non_null(strstr(buf_str(&out), "0 mmio-write r0 48/2 = 31 :20\n"));
	buf_deinit(&log);
	buf_deinit(&out);
}

static void a_chosen_one_needs_no_evidence(void **state)
{
	(void)state;
	const struct qemu_log_options o = { "gpu" }, by_end = { "1f.3" };
	char gone[] = "h";
	const struct qemu_log_options of_caller = { gone };
	struct source *s = NULL;
	struct buf out = { 0 };
	int fd;

	expect("vfio_region_write  (gpu:region0+0x100000, 0x1, 4)\n"
	       "vfio_region_write  (net:region0+0x5048, 0x1, 2)\n", &o,
	       "0 controller = 1 :1 'gpu'\n"
	       "0 mmio-write r0 100000/4 = 1 :1\n"
	       "0 note = 0 'log: 2 lines, 1 accesses of 1 HD Audio controller; "
	       "1 accesses of other devices: net 1'\n");

	expect("vfio_region_write  (0000:00:1f.3:region0+0x100000, 0x1, 4)\n"
	       "vfio_region_write  (0000:01:ff.3:region0+0x100000, 0x1, 4)\n", &by_end,
	       "0 controller = 1 :1 '0000:00:1f.3'\n"
	       "0 mmio-write r0 100000/4 = 1 :1\n"
	       "0 note = 0 'log: 2 lines, 1 accesses of 1 HD Audio controller; "
	       "1 accesses of other devices: 0000:01:ff.3 1'\n");

	/* the name belongs to the caller, who may free it */
	fd = file_of("vfio_region_write  (h:region0+0x48, 0x1, 2)\n", 44);
	assert_null(qemu_log_open(fd, "log", &of_caller, &s));
	gone[0] = 'x';
	drain(s, &out);
	assert_string_equal(buf_str(&out), "0 controller = 1 :1 'h'\n0 mmio-write r0 48/2 = 1 :1\n");
	source_destroy(s);
	close(fd);
	buf_deinit(&out);
}

static void emulated_controllers(void **state)
{
	(void)state;
	expect("memory_region_ops_write cpu 0 mr 0x5100 addr 0xfebf8048 value 0x1 size 2 "
	       "name 'intel-hda'\n"
	       "memory_region_ops_write cpu 0 mr 0x5200 addr 0xfebf4048 value 0x2 size 2 "
	       "name 'intel-hda'\n"
	       "memory_region_ops_write cpu 0 mr 0x5300 addr 0xfec00000 value 0x2 size 4 "
	       "name 'ioapic'\n"
	       "memory_region_ops_read cpu 0 mr 0x5100 addr 0xfebf8058 value 0x3 size 2 "
	       "name 'intel-hda'\n", NULL,
	       "0 controller = 2 :1 'intel-hda'\n"
	       "0 mmio-write r0 48/2 = 1 :1\n"
	       "1 controller = 2 :2 'intel-hda-2'\n"
	       "1 mmio-write r0 48/2 = 2 :2\n"
	       "0 mmio-read r0 58/2 = 3 :4\n"
	       "0 note = 0 'log: 4 lines, 3 accesses of 2 HD Audio controllers; "
	       "1 accesses of other devices'\n");
}

static void nameless_regions_by_evidence(void **state)
{
	(void)state;
	expect("memory_region_ops_write mr 0x77 addr 0x20 value 0x11 size 1\n"
	       "memory_region_ops_read cpu 0 mr 0x5100 addr 0xfebf8000 value 0x4401 size 2\n"
	       "memory_region_ops_read cpu 0 mr 0x5100 addr 0xfebf800e value 0x1 size 2\n"
	       "memory_region_ops_write cpu 0 mr 0x5100 addr 0xfebf804e value 0x2 size 1\n"
	       "memory_region_ops_write cpu 0 mr 0x5100 addr 0xfebf8048 value 0 size 2\n", NULL,
	       "0 controller = 2 :2 'mr-0x5100'\n"
	       "0 mmio-read r0 0/2 = 4401 :2\n"
	       "0 mmio-read r0 e/2 = 1 :3\n"
	       "0 mmio-write r0 4e/1 = 2 :4\n"
	       "0 mmio-write r0 48/2 = 0 :5\n"
	       "0 note = 0 'log: 5 lines, 4 accesses of 1 HD Audio controller; "
	       "1 accesses of other devices: mr-0x77 1'\n");
}

static void damage_keeps_its_place(void **state)
{
	(void)state;
	expect(START("h")
	       "vfio_region_write  (h:region0+0x48, 0x1, 3)\n"
	       "vfio_region_write  (h:region0+0x48, 0x\033[2J1, 2)\n"
	       "qemu: something else\n"
	       "vfio_region_write  (h:region0+0x48, 0x1, 2)\r\n"
	       "0+0x48, 0x1, 2)vfio_region_write  (h:region0+0x48, 0x1, 2)\n"
	       "vfio_region_read  (h:region0+0x48, 2) = 0x1", NULL,
	       START_EVENTS("0", "h")
	       "0 gap = 2 :6 'log:6: 2 damaged lines up to line 7, the first an impossible width: "
	       "\"vfio_region_write  (h:region0+0x48, 0x1, 3)\"'\n"
	       "0 mmio-write r0 48/2 = 1 :9\n"
	       "0 gap = 2 :10 'log:10: 2 damaged lines up to line 11, the first other text before "
	       "the event: \"0+0x48, 0x1, 2)vfio_region_write  (h:region0+0x48, 0x1, 2)\"'\n"
	       "0 note = 0 'log: 11 lines, 6 accesses of 1 HD Audio controller; 1 other lines; "
	       "4 damaged lines'\n");
}

static void the_last_line_may_lack_its_end(void **state)
{
	(void)state;
	expect(START("h") "vfio_region_write  (h:region0+0x48, 0x1, 2)", NULL,
	       START_EVENTS("0", "h") "0 mmio-write r0 48/2 = 1 :6\n");
	expect(START("h") "vfio_region_read  (h:region0+0x58, 2) = 0x1", NULL,
	       START_EVENTS("0", "h")
	       "0 gap = 1 :6 'log:6: the log ends inside this line: "
	       "\"vfio_region_read  (h:region0+0x58, 2) = 0x1\"'\n"
	       "0 note = 0 'log: 6 lines, 5 accesses of 1 HD Audio controller; 1 damaged lines'\n");
	expect(START("h") "vfio_region_read  (h:region0+0x58, 2) = 0x1234", NULL,
	       START_EVENTS("0", "h") "0 mmio-read r0 58/2 = 1234 :6\n");
	expect("", NULL, "0 note = 0 'log: 0 lines, 0 accesses of 0 HD Audio controllers'\n");
}

static void endless_lines(void **state)
{
	(void)state;
	static const size_t lens[] = { 65535, 65536, 65537, 262143, 262144, 262145, 1000000 };
	struct buf log = { 0 }, out = { 0 }, want = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(lens); i++) {
		buf_clear(&log);
		buf_adds(&log, START("h"));
		for (size_t n = 0; n < lens[i]; n++)
			buf_addc(&log, 'x');
		buf_adds(&log, "\nvfio_region_write  (h:region0+0x48, 0x1, 2)\n");
		read_text(buf_str(&log), NULL, &out);
		buf_clear(&want);
		buf_adds(&want, START_EVENTS("0", "h"));
		if (lens[i] > 65536) {
			buf_adds(&want, "0 gap = 1 :6 'log:6: a line of more than 64 KiB: \"");
			for (size_t n = 0; n < 60; n++)
				buf_addc(&want, 'x');
			buf_adds(&want, "...\"'\n");
		}
		buf_adds(&want, "0 mmio-write r0 48/2 = 1 :7\n");
		buf_addf(&want, "0 note = 0 'log: 7 lines, 6 accesses of 1 HD Audio controller; 1 %s "
			 "lines'\n", lens[i] > 65536 ? "damaged" : "other");
		assert_string_equal(buf_str(&out), buf_str(&want));
	}
	buf_deinit(&log);
	buf_deinit(&out);
	buf_deinit(&want);
}

static void what_had_to_go_is_a_gap(void **state)
{
	(void)state;
	struct buf log = { 0 }, out = { 0 };

	for (unsigned int i = 0; i < 3000; i++)
		buf_addf(&log, "vfio_region_write  (h:region2+0x%x, 0x1, 4)\n", 4 * i);
	buf_adds(&log, START("h"));
	read_text(buf_str(&log), NULL, &out);
	assert_non_null(strstr(buf_str(&out),
			       "0 gap = 7bd 'log: 1981 accesses of h were too many to hold"));
	assert_non_null(strstr(buf_str(&out), "0 mmio-write r2 1ef4/4 = 1 :1982\n"));
	assert_null(strstr(buf_str(&out), ":1981\n"));
	assert_non_null(strstr(buf_str(&out), "0 mmio-write r0 48/2 = 0 :3005\n"));
	buf_deinit(&log);
	buf_deinit(&out);
}

/* The same bytes in packets of every size. */
static void reads_from_a_pipe_in_any_pieces(void **state)
{
	(void)state;
	static const char log[] =
		START("h")
		"vfio_region_write  (h:region0+0x48, 0x1, 3)\n\n\r\n"
		"vfio_region_write  (h:region0+0x48, 0x1, 2)\r\n"
		"150@1795346238.908858:vfio_region_write  (h:region0+0x48, 0x2, 2)\n"
		"150@1795346238.908859:vfio_region_read  (h:region0+0x58, 2) = 0x1";
	struct buf want = { 0 }, out = { 0 };

	read_text(log, NULL, &want);
	for (size_t piece = 1; piece < sizeof(log); piece += 1 + piece / 7) {
		int fds[2], status;

		assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
		pid_t child = fork();
		if (child == 0) {
			close(fds[0]);
			for (size_t at = 0; at < sizeof(log) - 1; at += piece) {
				size_t n = sizeof(log) - 1 - at;

				if (write(fds[1], log + at, n < piece ? n : piece) < 0)
					_exit(1);
			}
			_exit(0);
		}
		close(fds[1]);
		buf_clear(&out);
		read_fd(fds[0], NULL, &out);
		close(fds[0]);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		assert_string_equal(buf_str(&out), buf_str(&want));
	}
	buf_deinit(&want);
	buf_deinit(&out);
}

static void a_silent_pipe_gives_quiet_moments(void **state)
{
	(void)state;
	struct source *s = NULL;
	struct event_run run;
	struct event ev;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_null(qemu_log_open(fds[0], "pipe", NULL, &s));
	assert_null(s->ops->next(s, &run));
	assert_int_equal(run.n, 1);
	assert_int_equal(run.ev->kind, EV_NONE);
	assert_null(s->ops->read_memory(s, 3, 0x1000, 8, &ev));
	assert_int_equal(ev.kind, EV_NOMEM);
	assert_int_equal(ev.ctrl, 3);
	assert_int_equal(ev.addr, 0x1000);
	assert_int_equal(ev.value, 8);
	close(fds[1]);
	assert_null(s->ops->next(s, &run));
	assert_int_equal(run.n, 1);
	assert_int_equal(run.ev->kind, EV_NOTE);
	assert_null(s->ops->next(s, &run));
	assert_int_equal(run.n, 0);
	source_destroy(s);
	close(fds[0]);
}

static void errors_say_the_name(void **state)
{
	(void)state;
	struct source *s = NULL;
	int fd = open("/", O_RDONLY | O_DIRECTORY);
	struct err *e = qemu_log_open(fd, "folder", NULL, &s);

	assert_non_null(e);
	assert_string_equal(err_text(e), "folder: Is a directory");
	err_free(e);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_controller),
		cmocka_unit_test(a_gpu_is_none),
		cmocka_unit_test(finds_it_by_its_ring_alone),
		cmocka_unit_test(a_chosen_one_needs_no_evidence),
		cmocka_unit_test(emulated_controllers),
		cmocka_unit_test(nameless_regions_by_evidence),
		cmocka_unit_test(damage_keeps_its_place),
		cmocka_unit_test(the_last_line_may_lack_its_end),
		cmocka_unit_test(endless_lines),
		cmocka_unit_test(what_had_to_go_is_a_gap),
		cmocka_unit_test(reads_from_a_pipe_in_any_pieces),
		cmocka_unit_test(a_silent_pipe_gives_quiet_moments),
		cmocka_unit_test(errors_say_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
