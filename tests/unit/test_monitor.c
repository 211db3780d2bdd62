// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Coming by a QEMU's monitor: by a socket's path, by TCP, by a process.  The sockets and the
 * processes are the test's; what they say on QMP is here no more than a greeting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "qemu/monitor.h"
#include "qemu/process.h"
#include "qemu/qmp.h"

static char dir[] = "/tmp/hdadump-monitor-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[2][256];
	static unsigned int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[0]), "%s/%s", dir, name);
	return path[turn];
}

/* --- what listens ------------------------------------------------------------- */

#define GREETING "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, " \
		 "\"package\": \"\"}, \"capabilities\": []}}\r\n"

static int listen_unix(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	unlink(path);
	assert_int_equal(bind(s, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(s, 4), 0);
	return s;
}

/* On any port, which is put into @address as HOST:PORT. */
static int listen_tcp(char address[64])
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(s, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(s, 4), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&sa, &len), 0);
	snprintf(address, 64, "tcp:127.0.0.1:%u", ntohs(sa.sin_port));
	return s;
}

/* A child that says @greeting to one client, agrees to the first that it asks, and waits for its end. */
static pid_t serve(int s, const char *greeting)
{
	static const char agreed[] = "{\"return\": {}, \"id\": 1}\r\n";
	pid_t pid = fork();
	char asked[512];

	assert_true(pid >= 0);
	if (pid) {
		close(s);
		return pid;
	}
	/* it does not outlive a test that fails */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int c = accept(s, NULL, NULL);
	if (c < 0 || write(c, greeting, strlen(greeting)) < 0)
		_exit(1);
	if (*greeting != '{')
		_exit(0);
	if (read(c, asked, sizeof(asked)) > 0 && write(c, agreed, sizeof(agreed) - 1) < 0)
		_exit(1);
	while (read(c, asked, sizeof(asked)) > 0)
		;
	_exit(0);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void refused(const struct monitor_where *where, enum err_kind kind, const char *words)
{
	struct monitor m;
	struct err *e = monitor_open(where, &m);

	assert_non_null(e);
	if (!strstr(err_text(e), words))
		fail_msg("'%s' does not say '%s'", err_text(e), words);
	assert_int_equal(err_kind(e), kind);
	err_free(e);
	/* nothing is open */
	assert_null(m.q);
	assert_int_equal(m.pin, -1);
	assert_null(m.name);
	assert_null(m.why_not);
}

/* --- by the socket's path ------------------------------------------------------- */

static void greeted(const char *where, int s)
{
	struct monitor m;
	pid_t pid = serve(s, GREETING);
	struct err *e = monitor_open(&(struct monitor_where){ .qmp = where }, &m);

	if (e)
		fail_msg("%s: %s", where, err_text(e));
	assert_non_null(strstr(qmp_version(m.q), "7.2.22"));
	assert_int_equal(strncmp(m.name, "QEMU at ", 8), 0);
	/* what listens there is no QEMU: whose memory it is, is not known */
	assert_int_equal(m.pid, 0);
	assert_int_equal(m.pin, -1);
	assert_null(monitor_check(&m));
	monitor_close(&m);
	assert_null(m.q);
	end(pid);
}

static void by_path(void **state)
{
	char uri[300], address[64];
	const char *path = path_of("qmp");

	(void)state;
	greeted(path, listen_unix(path));
	snprintf(uri, sizeof(uri), "unix:%s", path);
	greeted(uri, listen_unix(path));
	int s = listen_tcp(address);
	greeted(address, s);
}

/* A path that is longer than an address has room for is gone by its folder. */
static void by_a_long_path(void **state)
{
	char folder[200], path[256];
	int home = open(".", O_PATH | O_CLOEXEC);

	(void)state;
	snprintf(folder, sizeof(folder), "%s/%0100d", dir, 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(chdir(folder), 0);
	int s = listen_unix("qmp");
	snprintf(path, sizeof(path), "%s/qmp", folder);
	greeted(path, s);
	assert_int_equal(fchdir(home), 0);
	close(home);
}

static void what_is_no_monitor(void **state)
{
	const struct { const char *says, *words; enum err_kind kind; } cases[] = {
		{ "QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ",
		  "is not a QMP socket (the human monitor", ERR_FORMAT },
		{ "{\"VNC\": 1}\r\n", "is not a QMP socket", ERR_FORMAT },
		/* QEMU itself closes without a word who comes second */
		{ "", "it has a client already", ERR_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *path = path_of("other");
		pid_t pid = serve(listen_unix(path), cases[i].says);

		refused(&(struct monitor_where){ .qmp = path }, cases[i].kind, cases[i].words);
		end(pid);
	}
}

static void where_nothing_listens(void **state)
{
	char address[64], name[300];

	(void)state;
	refused(&(struct monitor_where){ .qmp = path_of("nothing") }, ERR_FAIL, "No such file");
	refused(&(struct monitor_where){ .qmp = path_of("no/folder") }, ERR_FAIL, "No such file");
	close(open(path_of("file"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	refused(&(struct monitor_where){ .qmp = path_of("file") }, ERR_FAIL, "is not a socket");
	close(listen_unix(path_of("left")));
	refused(&(struct monitor_where){ .qmp = path_of("left") }, ERR_ABSENT, "has ended");
	snprintf(name, sizeof(name), "%s/%0120d", dir, 0);
	refused(&(struct monitor_where){ .qmp = name }, ERR_FAIL, "the name is too long");
	refused(&(struct monitor_where){ .qmp = "tcp:4444" }, ERR_USAGE, "is no HOST:PORT");
	close(listen_tcp(address));
	refused(&(struct monitor_where){ .qmp = address }, ERR_ABSENT, "answers at");
}

/* --- by a process ---------------------------------------------------------------- */

/* A shell of QEMU's name, with @args for nothing; it ends when its standard input does. */
static pid_t start_qemu(const char *const *args, int *hold)
{
	const char *argv[16] = { path_of("qemu-system-x86_64"), "-c", "read x", "qemu" };
	int in[2], begun[2], n = 4;
	pid_t pid;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(begun, O_CLOEXEC), 0);
	while (*args)
		argv[n++] = *args++;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		execv(argv[0], (char *const *)argv);
		_exit(1);
	}
	close(in[0]);
	close(begun[1]);
	/* it closes when the program has begun */
	assert_int_equal(read(begun[0], &n, 1), 0);
	close(begun[0]);
	*hold = in[1];
	return pid;
}

static void by_process(void **state)
{
	char qmp[300];
	const struct { const char *args[6], *words; } cases[] = {
		{ { NULL }, "has no QMP socket on its command line" },
		{ { "-monitor", "stdio" }, "only a human monitor" },
		{ { "-qmp", "stdio" }, "its QMP on something that is not a socket" },
		{ { "-readconfig", "x.cfg" }, "-readconfig file" },
		{ { "-chardev", "socket,id=c,fd=7", "-mon", "chardev=c,mode=control" },
		  "(descriptor 7)" },
		/* anybody's socket may be named: it is not the process that listens there */
		{ { "-qmp", qmp }, "is not that process's own: it belongs to process" },
	};
	int s = listen_unix(path_of("of-others"));

	(void)state;
	snprintf(qmp, sizeof(qmp), "unix:%s,server=on,wait=off", path_of("of-others"));
	pid_t other = serve(s, GREETING);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int hold;
		pid_t pid = start_qemu(cases[i].args, &hold);

		refused(&(struct monitor_where){ .pid = pid }, ERR_FAIL, cases[i].words);
		close(hold);
		end(pid);
	}
	end(other);
	refused(&(struct monitor_where){ .pid = getpid() }, ERR_FAIL, "is not a QEMU");
}

/* --- ending ---------------------------------------------------------------------- */

static void a_process_that_has_ended_is_told(void **state)
{
	struct monitor m = { .pin = -1 };
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		pause();
		_exit(0);
	}
	m.pid = pid;
	assert_null(process_pin(pid, &m.pin));
	assert_null(monitor_check(&m));
	end(pid);
	struct err *e = monitor_check(&m);
	assert_non_null(e);
	assert_non_null(strstr(err_text(e), "has ended"));
	err_free(e);
	monitor_close(&m);
}

static int make_dir(void **state)
{
	char cmd[400];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(cmd, sizeof(cmd), "cp /bin/sh %s/qemu-system-x86_64", dir);
	return system(cmd);	/* NOLINT: the names are ours */
}

static int remove_dir(void **state)
{
	char cmd[128];

	(void)state;
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd);	/* NOLINT: the name is ours */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_path),
		cmocka_unit_test(by_a_long_path),
		cmocka_unit_test(what_is_no_monitor),
		cmocka_unit_test(where_nothing_listens),
		cmocka_unit_test(by_process),
		cmocka_unit_test(a_process_that_has_ended_is_told),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
