// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pipe that is passed to QEMU for its log. A child plays QEMU's part: it keeps the
 * descriptors that it gets, or says that it does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "live/attach/log_before.h"
#include "live/attach/logpipe.h"
#include "qemu/qmp.h"

enum manner {
	HONEST,
	WITHOUT,	/* it has neither command */
	LOST,		/* the descriptor does not arrive (QEMU's confinement removes it) */
	LIAR,		/* its answer has no number */
};

static pid_t qemu;

/* Reads one line, and the descriptor that came with it. */
static bool hear(int s, char *line, size_t size, int *fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { line, size - 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(s, &msg, 0);

	if (n <= 0)
		return false;
	line[n] = '\0';
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	if (c)
		memcpy(fd, CMSG_DATA(c), sizeof(int));
	return true;
}

static void play(int s, enum manner manner)
{
	char line[1024];
	int fd = -1;

	while (hear(s, line, sizeof(line), &fd)) {
		const char *id = strstr(line, "\"id\":");
		int n = id ? atoi(id + 5) : 0;
		bool add = strstr(line, "add-fd"), get = strstr(line, "getfd");

		if ((add || get) && manner == WITHOUT)
			dprintf(s, "{\"id\": %d, \"error\": {\"desc\": \"The command has not been found\"}}\n", n);
		else if ((add || get) && manner == LOST)
			dprintf(s, "{\"id\": %d, \"error\": {\"desc\": \"No file descriptor supplied via "
				"SCM_RIGHTS\"}}\n", n);
		else if (add && manner == LIAR)
			dprintf(s, "{\"id\": %d, \"return\": {\"fdset-id\": \"0\", \"fd\": null}}\n", n);
		else if (add)
			dprintf(s, "{\"id\": %d, \"return\": {\"fdset-id\": 7, \"fd\": %d}}\n", n, fd);
		else
			dprintf(s, "{\"id\": %d, \"return\": {}}\n", n);
		if (strstr(line, "closefd") || strstr(line, "remove-fd")) {
			close(fd);
			fd = -1;
		}
	}
	_exit(0);
}

static struct qmp *start(enum manner manner)
{
	struct qmp *q;
	int link[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link), 0);
	qemu = fork();
	assert_true(qemu >= 0);
	if (!qemu) {
		close(link[0]);
		play(link[1], manner);
	}
	close(link[1]);
	assert_null(qmp_create(link[0], NULL, &q));
	return q;
}

static void stop(struct qmp *q)
{
	qmp_destroy(q);
	waitpid(qemu, NULL, 0);
}

/* Opens QEMU's path as QEMU's fopen(3) would; the number in it is valid for @pid only. */
static int open_as_qemu(pid_t pid, const char *path)
{
	char theirs[64];

	assert_int_equal(strncmp(path, "/proc/self/fd/", 14), 0);
	snprintf(theirs, sizeof(theirs), "/proc/%d/fd/%s", (int)pid, path + 14);
	return open(theirs, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

static void handed(pid_t pid, bool named)
{
	struct qmp *q = start(HONEST);
	struct log_before before;
	struct logpipe p;
	char text[8];

	assert_null(logpipe_create(q, pid ? qemu : 0, &p));
	assert_int_equal(p.named, named);
	/* only QEMU has the descriptor that was passed: we have the reading end alone */
	int writer = open_as_qemu(qemu, p.path);
	assert_true(writer >= 0);
	assert_int_equal(write(writer, "abc", 3), 3);
	assert_int_equal(read(p.fd, text, sizeof(text)), 3);
	log_before_find(qemu, NULL, &before);
	assert_int_equal(before.other, OTHER_LIVING);

	/* QEMU closes its copy, and the open log is left; when that is closed, everything is */
	logpipe_release(&p, q);
	assert_false(p.handed);
	struct pollfd fd = { .fd = p.fd, .events = POLLIN };
	assert_int_equal(poll(&fd, 1, 0), 0);
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, OTHER_LIVING);
	logpipe_deinit(&p);
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, OTHER_DEAD);
	close(writer);
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, NO_OTHER);
	stop(q);
}

static void test_named(void **state)
{
	(void)state;
	handed(1, true);
}

/* If we cannot see QEMU's descriptors, QEMU's answer has the number. */
static void test_set(void **state)
{
	(void)state;
	handed(0, false);
}

static void test_refused(void **state)
{
	static const enum manner manners[] = { WITHOUT, LOST };
	struct logpipe p;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct qmp *q = start(manners[i % 2]);
		struct err *e = logpipe_create(q, i < 2 ? qemu : 0, &p);

		assert_int_equal(err_kind(e), ERR_REFUSED);
		err_free(e);
		assert_int_equal(p.fd, -1);
		stop(q);
	}
}

/* The process that was taken for QEMU does not have the descriptor. */
static void test_another(void **state)
{
	struct qmp *q = start(HONEST);
	struct logpipe p;
	pid_t another = fork();

	(void)state;
	if (!another) {
		pause();
		_exit(0);
	}
	struct err *e = logpipe_create(q, another, &p);
	assert_int_equal(err_kind(e), ERR_FAIL);
	assert_non_null(strstr(err_text(e), "is not this QEMU"));
	err_free(e);
	assert_int_equal(p.fd, -1);
	kill(another, SIGKILL);
	waitpid(another, NULL, 0);
	stop(q);
}

static void test_liar(void **state)
{
	struct qmp *q = start(LIAR);
	struct logpipe p;
	struct err *e = logpipe_create(q, 0, &p);

	(void)state;
	assert_int_equal(err_kind(e), ERR_FORMAT);
	err_free(e);
	stop(q);
}

/* TCP delivers the message and drops the descriptor: it is not tried. */
static void test_tcp(void **state)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct logpipe p;
	struct qmp *q;

	(void)state;
	assert_int_equal(bind(server, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&sa, &len), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_null(qmp_create(client, NULL, &q));
	struct err *e = logpipe_create(q, 0, &p);
	assert_int_equal(err_kind(e), ERR_REFUSED);
	assert_non_null(strstr(err_text(e), "UNIX"));
	err_free(e);
	qmp_destroy(q);
	close(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_another),
		cmocka_unit_test(test_liar),
		cmocka_unit_test(test_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
