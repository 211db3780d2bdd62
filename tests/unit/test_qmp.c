// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The QMP client and its reads of guest memory, with a child process that plays QEMU's part
 * line by line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/json_access.h"
#include "qemu/accel.h"
#include "qemu/guest_memory.h"
#include "qemu/mtree.h"
#include "qemu/qmp.h"
#include "same_number.h"

#define GREETING "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, " \
		 "\"package\": \"Debian\"}, \"capabilities\": []}}\r\n"

static pid_t peer;

/* Sends @first, then answers each command with the next of @answers; %d is the command's id. */
static struct qmp *start(const char *first, const char *const *answers, const struct qmp_pump *pump)
{
	struct qmp *q;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = fork();
	assert_true(peer >= 0);
	if (!peer) {
		char line[4096];
		FILE *f = fdopen(fds[1], "r+");

		close(fds[0]);
		setbuf(f, NULL);
		fputs(first, f);
		for (; *answers && fgets(line, sizeof(line), f); answers++) {
			char *id = strstr(line, "\"id\":");

			fprintf(f, *answers, id ? atoi(id + 5) : 0);	/* NOLINT */
		}
		_exit(0);
	}
	close(fds[1]);
	assert_null(qmp_create(fds[0], pump, &q));
	return q;
}

static void stop(struct qmp *q)
{
	qmp_destroy(q);
	waitpid(peer, NULL, 0);
}

static void assert_error(struct err *e, const char *part)
{
	assert_non_null(e);
	if (!strstr(err_text(e), part))
		fail_msg("'%s' is not in: %s", part, err_text(e));
	err_free(e);
}

#define OK "{\"return\": {}, \"id\": %d}\r\n"

/* null where QEMU gives text, numbers or objects: nothing of it is an answer. */
static void null_is_no_answer(void **state)
{
	static const char *const answers[] = {
		"{\"event\": null}\r\n" OK,
		"{\"error\": null, \"id\": %d}\r\n",
		"{\"error\": {\"desc\": null}, \"id\": %d}\r\n",
		"{\"return\": null, \"id\": %d}\r\n",
		"{\"return\": {\"enabled\": null}, \"id\": %d}\r\n",
		NULL
	};
	struct qmp *q = start("{\"QMP\": {\"version\": {\"qemu\": {\"micro\": null, \"major\": \"7\"}, "
			      "\"package\": null}}}\r\n", answers, NULL);
	struct json_object *event;
	char *text = NULL;
	bool kvm = true;

	(void)state;
	assert_null(qmp_greet(q, 5000));
	assert_string_equal(qmp_version(q), "0.0.0");
	assert_null(qmp_event(q, &event));
	assert_non_null(event);
	assert_null(member_text(event, "event"));
	json_object_put(event);
	assert_error(qmp_hmp(q, "info mtree -f", &text), "no reason given");
	assert_error(qmp_hmp(q, "info mtree -f", &text), "no reason given");
	assert_error(qmp_hmp(q, "info mtree -f", &text), "is not text");
	assert_null(accel_is_kvm(q, &kvm));
	assert_false(kvm);
	stop(q);
}

static void greets_and_asks(void **state)
{
	static const char *const answers[] = {
		OK,
		/* events come in between, and late answers too */
		"{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 1, \"microseconds\": 2}}\r\n"
		"{\"return\": \"old\", \"id\": 99}\r\n"
		"{\"return\": \"RAM\\r\\n\", \"id\": %d}\r\n",
		"{\"error\": {\"class\": \"GenericError\", \"desc\": \"no such thing\"}, \"id\": %d}\r\n",
		NULL
	};
	struct json_object *event;
	struct qmp *q = start(GREETING, answers, NULL);
	char *text = NULL;

	(void)state;
	assert_null(qmp_greet(q, 5000));
	assert_string_equal(qmp_version(q), "7.2.22 (Debian)");
	assert_null(qmp_hmp(q, "info mtree -f", &text));
	assert_string_equal(text, "RAM\r\n");
	free(text);
	assert_null(qmp_event(q, &event));
	assert_non_null(event);
	json_object_put(event);
	assert_error(qmp_execute(q, "frob", NULL, NULL), "QEMU refused frob: no such thing");
	stop(q);
}

#define REFUSED(text) "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"" text "\"}, \"id\": %d}\r\n"

/* QEMU 11 lists its accelerators, an older one says only whether it is KVM. */
static void what_the_guest_runs_with(void **state)
{
	static const struct {
		const char *answers[4];
		bool kvm, failed;
	} cases[] = {
		{ { OK, "{\"return\": {\"enabled\": \"kvm\", \"present\": [\"kvm\", \"tcg\"]}, "
		    "\"id\": %d}\r\n" }, true, false },
		{ { OK, "{\"return\": {\"enabled\": \"tcg\", \"present\": [\"kvm\", \"tcg\"]}, "
		    "\"id\": %d}\r\n" }, false, false },
		{ { OK, REFUSED("not found"), "{\"return\": {\"enabled\": true}, \"id\": %d}\r\n" },
		  true, false },
		{ { OK, REFUSED("not found"), "{\"return\": {\"enabled\": false}, \"id\": %d}\r\n" },
		  false, false },
		{ { OK, REFUSED("not found"), REFUSED("not found either") }, false, true },
		{ { OK, "{\"return\": [], \"id\": %d}\r\n" }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct qmp *q = start(GREETING, cases[i].answers, NULL);
		bool kvm = !cases[i].kvm;
		struct err *e;

		assert_null(qmp_greet(q, 5000));
		e = accel_is_kvm(q, &kvm);
		assert_int_equal(kvm, cases[i].kvm);
		if (cases[i].failed)
			assert_error(e, "whether its guest runs under KVM");
		else
			assert_null(e);
		stop(q);
	}
}

static void peers_that_are_not_qemu(void **state)
{
	static const char *const none[] = { NULL };
	struct qmp *q;

	(void)state;
	q = start("HTTP/1.1 400 Bad Request\r\n", none, NULL);
	assert_error(qmp_greet(q, 5000), "not a QMP message");
	stop(q);
	q = start("{\"hello\": 1}\n", none, NULL);
	assert_error(qmp_greet(q, 5000), "does not greet");
	stop(q);
	q = start("", none, NULL);
	assert_error(qmp_greet(q, 5000), "closed its monitor");
	stop(q);
}

/* Answers only after the pipe was read: a vCPU blocked in its trace line. */
static int trace[2];
static unsigned int pumped;

static struct err *pump_once(void *arg)
{
	char c;

	(void)arg;
	if (read(trace[0], &c, 1) == 1)
		pumped++;
	return NULL;
}

static void does_not_deadlock(void **state)
{
	int fds[2];
	struct qmp *q;

	(void)state;
	assert_int_equal(pipe(trace), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = fork();
	if (!peer) {
		char page[4096] = "", line[256];

		/* fills the pipe and writes one byte more, then serves the monitor */
		close(trace[0]);
		close(fds[0]);
		for (int i = 0; i < 16; i++)
			if (write(trace[1], page, sizeof(page)) < 0)
				_exit(1);
		if (write(trace[1], page, 1) < 0 ||
		    write(fds[1], GREETING, strlen(GREETING)) < 0 ||
		    read(fds[1], line, sizeof(line)) < 0 ||
		    write(fds[1], "{\"return\": {}, \"id\": 1}\n", 24) < 0)
			_exit(1);
		_exit(0);
	}
	close(fds[1]);
	close(trace[1]);
	struct qmp_pump pump = { .fd = trace[0], .run = pump_once };
	assert_null(qmp_create(fds[0], &pump, &q));
	assert_null(qmp_greet(q, 20000));
	assert_true(pumped > 0);
	stop(q);
	close(trace[0]);
}

static void messages_one_by_one(void **state)
{
	unsigned int n;

	(void)state;
	assert_null(qmp_parse("{}\r\n\r\n{\"a\": [1, 2]}\n{\"cut", 26, &n));
	assert_int_equal(n, 2);
	assert_error(qmp_parse("[1]\n", 4, &n), "not a QMP message");
}

/* --- RAM ------------------------------------------------------------------- */

static const char mtree[] =
	"FlatView #0\r\n AS \"I/O\", root: io\r\n Root memory region: io\r\n"
	"  0000000000000000-0000000000000007 (prio 0, i/o): dma-chan\r\n\r\n"
	"FlatView #1\r\n AS \"memory\", root: system\r\n AS \"cpu-memory-0\", root: system\r\n"
	" Root memory region: system\r\n"
	"  0000000000000000-00000000000bffff (prio 0, ram): pc.ram KVM\r\n"
	"  00000000000c0000-00000000000dffff (prio 1, rom): pc.rom\r\n"
	"  0000000000100000-000000007fffffff (prio 0, ram): pc.ram @0000000000100000\r\n"
	"  00000000fec00000-00000000fec00fff (prio -1000, i/o): ioapic\r\n"
	"  0000000100000000-00000001bfffffff (prio 0, ram): pc.ram @0000000080000000\r\n\r\n"
	"FlatView #2\r\n AS \"memory\", root: other\r\n"
	"  0000000000000000-0000000000000fff (prio 0, ram): never\r\n";

static void ram_ranges(void **state)
{
	struct ram_range *r;
	size_t n;

	(void)state;
	assert_null(mtree_parse(mtree, sizeof(mtree) - 1, &r, &n));
	assert_int_equal(n, 3);
	assert_true(r[0].start == 0 && r[0].end == 0xbffff);
	assert_true(r[1].start == 0x100000 && r[1].end == 0x7fffffff);
	assert_true(r[2].start == 0x100000000 && r[2].end == 0x1bfffffff);
	free(r);
	assert_error(mtree_parse("unknown command: 'info mtree'\r\n", 31, &r, &n), "no RAM");
	assert_error(mtree_parse(mtree, 200, &r, &n), "no RAM");
}

static void words_of_the_monitor(void **state)
{
	static const char good[] = "0000000000001000: 0x00000000 0x000f0000 0x10ec0298 0x44332211\r\n"
				   "0000000000001010: 0x00000005\r\n";
	/* QEMU 11 prints the address with eight digits */
	static const char newer[] = "fffffff0: 0x00000000 0x000f0000 0x10ec0298 0x44332211\r\n"
				    "100000000: 0x00000005\r\n";
	uint8_t d[20];

	(void)state;
	assert_null(xp_parse(good, sizeof(good) - 1, 0x1000, d, 20));
	assert_int_equal(load_le32(d + 4), 0x000f0000);
	assert_int_equal(load_le32(d + 16), 5);
	memset(d, 0xff, sizeof(d));
	assert_null(xp_parse(newer, sizeof(newer) - 1, 0xfffffff0, d, 20));
	assert_int_equal(load_le32(d + 4), 0x000f0000);
	assert_int_equal(load_le32(d + 16), 5);
	assert_error(xp_parse(newer, sizeof(newer) - 1, 0x1fffffff0, d, 20), "answered");
	assert_error(xp_parse(good, sizeof(good) - 1, 0x2000, d, 20), "0x2000 answered");
	assert_error(xp_parse(good, 60, 0x1000, d, 20), "answered");
	assert_error(xp_parse(good, sizeof(good) - 1, 0x1000, d, 12), "answered");
	assert_error(xp_parse("Cannot access memory\r\n", 22, 0x1000, d, 4), "Cannot access memory");
	assert_error(xp_parse("00001000: Cannot access memory\r\n", 32, 0x1000, d, 4),
		     "Cannot access memory");
}

static uint32_t ram[1024];

static void sleep_on(void)
{
	alarm(60);
	pause();
}

/* A process with a copy of our present memory, until it is ended. */
static pid_t sleeper(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		sleep_on();
		_exit(0);
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Really read from another process; two ranges, each at another address. */
static void memory_of_a_process(void **state)
{
	static char map[400], hva[2][160];
	const char *answers[] = { OK, map, hva[0], hva[1], NULL };
	struct guestmem *m = NULL;
	enum event_origin origin;
	uint8_t d[16];
	pid_t qemu, other;

	(void)state;
	snprintf(map, sizeof(map), "{\"return\": \"FlatView #1\\r\\n AS \\\"memory\\\", root: system\\r\\n"
		 "  0000000000001000-00000000000017ff (prio 0, ram): a\\r\\n"
		 "  0000000000001800-0000000000001fff (prio 0, ram): b\\r\\n\", \"id\": %%d}\r\n");
	for (int i = 0; i < 2; i++)
		snprintf(hva[i], sizeof(hva[i]), "{\"return\": \"Host virtual address for 0x%x (a) "
			 "is %p\\r\\n\", \"id\": %%d}\r\n", 0x1000 + i * 0x800,
			 (void *)(ram + i * 512));
	for (unsigned int i = 0; i < 1024; i++)
		ram[i] = i;
	qemu = sleeper();
	memset(ram, 0xff, sizeof(ram));
	struct qmp *q = start(GREETING, answers, NULL);
	assert_null(qmp_greet(q, 5000));
	assert_null(guestmem_create(q, qemu, MEMORY_AUTO, &m));
	assert_non_null(strstr(guestmem_route(m), "/mem"));
	/* across the border of two ranges */
	assert_null(guestmem_read(m, 0x17f8, d, 16, &origin));
	assert_int_equal(origin, ORIGIN_PROCESS);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(load_le32(d + i * 4), 510 + i);
	assert_error(guestmem_read(m, 0x1ff8, d, 16, &origin), "0x2000 is not in the guest's RAM");
	assert_error(guestmem_read(m, 0xfff, d, 4, &origin), "not in the guest's RAM");
	assert_error(guestmem_read(m, UINT64_MAX, d, 4, &origin), "not in the guest's RAM");
	/* it ends, and its PID may be given to another process, whose memory must not be read */
	end(qemu);
	other = fork_with_number(qemu, sleep_on);
	print_message("QEMU's number was %sgiven to another process\n", other ? "" : "not ");
	assert_error(guestmem_read(m, 0x1000, d, 4, &origin), "has ended");
	if (other)
		end(other);
	guestmem_destroy(m);
	stop(q);
}

static void falls_back_to_the_monitor(void **state)
{
	static const char *const answers[] = {
		OK,
		"{\"return\": \" AS \\\"memory\\\", root: s\\r\\n"
		"  0000000000001000-0000000000001fff (prio 0, ram): a\\r\\n\", \"id\": %d}\r\n",
		"{\"return\": \"0000000000001100: 0x000f0004\\r\\n\", \"id\": %d}\r\n",
		NULL
	};
	struct guestmem *m = NULL;
	enum event_origin origin;
	uint8_t d[4];
	struct qmp *q = start(GREETING, answers, NULL);

	(void)state;
	assert_null(qmp_greet(q, 5000));
	assert_null(guestmem_create(q, 0, MEMORY_AUTO, &m));
	assert_non_null(strstr(guestmem_route(m), "because QEMU's process is not known"));
	assert_null(guestmem_read(m, 0x1100, d, 4, &origin));
	assert_int_equal(origin, ORIGIN_MONITOR);
	assert_int_equal(load_le32(d), 0x000f0004);
	guestmem_destroy(m);
	stop(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greets_and_asks),
		cmocka_unit_test(null_is_no_answer),
		cmocka_unit_test(what_the_guest_runs_with),
		cmocka_unit_test(peers_that_are_not_qemu),
		cmocka_unit_test(does_not_deadlock),
		cmocka_unit_test(messages_one_by_one),
		cmocka_unit_test(ram_ranges),
		cmocka_unit_test(words_of_the_monitor),
		cmocka_unit_test(memory_of_a_process),
		cmocka_unit_test(falls_back_to_the_monitor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
