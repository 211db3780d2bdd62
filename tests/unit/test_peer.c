// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The process at the other end: as the kernel and libvirt's daemon say, not as a process says
 * about itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "qemu/libvirt/libvirt_process.h"
#include "qemu/peer.h"
#include "qemu/process.h"
#include "same_number.h"

#define USER 65534

#define ONLY_ROOT() \
	do { \
		if (geteuid() != 0) { \
			print_message("skipped because: only root can have processes of several users\n"); \
			skip(); \
		} \
	} while (0)

static char top[] = "/tmp/hdadump-peer-XXXXXX";
static char qemu_path[64];	/* a program with QEMU's name that sleeps */
static char other_path[64];	/* the same with another name */

static void copy_file(const char *from, const char *to)
{
	static char data[4 << 20];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	ssize_t n = read(in, data, sizeof(data));

	assert_true(n > 0 && n < (ssize_t)sizeof(data));
	assert_int_equal(write(out, data, (size_t)n), n);
	close(in);
	close(out);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(top) || chmod(top, 0777) < 0)
		return -1;
	snprintf(qemu_path, sizeof(qemu_path), "%s/qemu-system-x86_64", top);
	snprintf(other_path, sizeof(other_path), "%s/proxy", top);
	copy_file("/bin/sleep", qemu_path);
	copy_file("/bin/sleep", other_path);
	return 0;
}

static int teardown(void **state)
{
	char cmd[128];

	(void)state;
	snprintf(cmd, sizeof(cmd), "rm -rf %s", top);
	return system(cmd);	/* NOLINT: the name is ours */
}

/* Listens at an abstract address of this test. */
static int listen_at(struct sockaddr_un *sa)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	*sa = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(sa->sun_path + 1, sizeof(sa->sun_path) - 1, "hdadump-test-%d", (int)getpid());
	if (bind(s, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(s, 1) < 0)
		_exit(1);
	return s;
}

/* Where it listens, and which process has the socket: with a leaver not the one that made it. */
static struct hello {
	struct sockaddr_un sa;
	pid_t holder;
} hello;

/*
 * A process of @uid that listens and then executes @program; with @leaver it has ended, and
 * its child has the socket. Returns the connection to it.
 */
static int start(const char *program, uid_t uid, bool leaver, pid_t *pid)
{
	int ready[2], fd;
	char end;

	assert_int_equal(pipe(ready), 0);
	*pid = fork();
	assert_true(*pid >= 0);
	if (!*pid) {
		if (uid != geteuid() && (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0))
			_exit(1);
		listen_at(&hello.sa);
		if (leaver && fork())
			_exit(0);
		hello.holder = getpid();
		if (write(ready[1], &hello, sizeof(hello)) != sizeof(hello))
			_exit(1);
		close(ready[0]);
		/* it closes when the program has started */
		fcntl(ready[1], F_SETFD, FD_CLOEXEC);
		execl(program, program, "20", NULL);
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &hello, sizeof(hello)), sizeof(hello));
	assert_int_equal(read(ready[0], &end, 1), 0);
	close(ready[0]);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&hello.sa, sizeof(hello.sa)), 0);
	return fd;
}

static void stop(pid_t pid, int fd, struct peer *p)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fd);
	peer_deinit(p);
}

static void test_listener(void **state)
{
	struct peer p;
	pid_t pid;
	int fd = start(qemu_path, geteuid(), false, &pid);

	(void)state;
	peer_find(fd, &p);
	assert_int_equal(p.pid, pid);
	assert_true(process_held(p.pin));
	/* it is held: its end is noticed, even if another process has its PID */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_false(process_held(p.pin));
	close(fd);
	peer_deinit(&p);
}

static void refused(const char *program, uid_t uid, bool leaver, const char *words)
{
	struct peer p;
	pid_t pid;
	int fd = start(program, uid, leaver, &pid);

	if (leaver)
		waitpid(pid, NULL, 0);
	peer_find(fd, &p);
	assert_int_equal(p.pid, 0);
	assert_int_equal(p.pin, -1);
	assert_non_null(p.why_not);
	if (!strstr(p.why_not, words))
		fail_msg("'%s' does not say '%s'", p.why_not, words);
	if (!leaver) {
		stop(pid, fd, &p);
		return;
	}
	kill(hello.holder, SIGKILL);
	peer_deinit(&p);
	close(fd);
}

/* A proxy at the socket is recognised as one. */
static void test_proxy(void **state)
{
	(void)state;
	refused(other_path, geteuid(), false, "is no QEMU");
}

/* The process that made the socket has ended, and a child has it: the PID may be any process's. */
static void test_left(void **state)
{
	(void)state;
	refused(qemu_path, geteuid(), true, "has ended");
}

static void be_qemu(void)
{
	execl(qemu_path, qemu_path, "20", NULL);
}

/* The same, and the PID now belongs to a QEMU of root's, which has not made the socket. */
static void test_number(void **state)
{
	struct peer p;
	pid_t pid, other;

	(void)state;
	ONLY_ROOT();
	int fd = start(qemu_path, USER, true, &pid);
	waitpid(pid, NULL, 0);
	other = fork_with_number(pid, be_qemu);
	if (!other) {
		kill(hello.holder, SIGKILL);
		close(fd);
		print_message("skipped because: no process is given the number again\n");
		skip();
	}
	char exe[64], program[64] = "";
	snprintf(exe, sizeof(exe), "/proc/%d/exe", (int)other);
	while (readlink(exe, program, sizeof(program) - 1) > 0 && strcmp(program, qemu_path) != 0)
		usleep(1000);
	peer_find(fd, &p);
	assert_int_equal(p.pid, 0);
	print_message("%s\n", p.why_not);
	kill(hello.holder, SIGKILL);
	stop(other, fd, &p);
}

/* A listener that has become root by executing a program of root's (set-user-ID). */
static void test_became_root(void **state)
{
	char path[64];

	(void)state;
	ONLY_ROOT();
	snprintf(path, sizeof(path), "%s/qemu-suid", top);
	copy_file("/bin/sleep", path);
	assert_int_equal(chmod(path, 04755), 0);
	refused(path, USER, false, "runs as another user");
	/* the same without the bit is the other user's QEMU */
	struct peer p;
	pid_t pid;
	int fd = start(qemu_path, USER, false, &pid);
	peer_find(fd, &p);
	assert_int_equal(p.pid, pid);
	stop(pid, fd, &p);
}

/* A TCP connection: the process that has its other end, for both families. */
static void test_tcp(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct sockaddr_in6 sa6 = { .sin6_family = AF_INET6 };
		struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		struct sockaddr *bound = six ? (struct sockaddr *)&sa6 : (struct sockaddr *)&sa;
		socklen_t len = six ? sizeof(sa6) : sizeof(sa);
		int server = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
		int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), ready[2];
		struct peer p;
		char c;

		if (server < 0) {
			print_message("no IPv6 here\n");
			break;
		}
		assert_int_equal(bind(server, bound, len), 0);
		assert_int_equal(listen(server, 1), 0);
		assert_int_equal(getsockname(server, bound, &len), 0);
		if (six)
			sa.sin_port = sa6.sin6_port;
		assert_int_equal(pipe(ready), 0);
		pid_t pid = fork();
		if (!pid) {
			close(client);
			if (accept(server, NULL, NULL) < 0)
				_exit(1);
			close(ready[0]);
			fcntl(ready[1], F_SETFD, FD_CLOEXEC);
			execl(qemu_path, qemu_path, "20", NULL);
			_exit(1);
		}
		close(server);
		close(ready[1]);
		assert_int_equal(connect(client, (struct sockaddr *)&sa, sizeof(sa)), 0);
		assert_int_equal(read(ready[0], &c, 1), 0);
		close(ready[0]);
		peer_find(client, &p);
		assert_int_equal(p.pid, pid);
		assert_true(process_held(p.pin));
		stop(pid, client, &p);
	}
}

/* libvirt's daemon writes the PID to a file; another user's file or folder is not trusted. */
static void test_libvirt(void **state)
{
	char runtime[64], folder[128], file[160], other[160], text[16];
	pid_t pid;
	int pin;

	(void)state;
	snprintf(runtime, sizeof(runtime), "%s/run", top);
	snprintf(folder, sizeof(folder), "mkdir -p -m 0755 %s/libvirt/qemu/run", runtime);
	assert_int_equal(system(folder), 0);	/* NOLINT: the name is ours */
	snprintf(folder, sizeof(folder), "%s/libvirt/qemu/run", runtime);
	snprintf(file, sizeof(file), "%s/win10.pid", folder);
	snprintf(other, sizeof(other), "%s/other.pid", folder);
	snprintf(text, sizeof(text), "%d\n", (int)getpid());
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	setenv("XDG_RUNTIME_DIR", runtime, 1);

	libvirt_process("qemu:///session", "win10", &pid, &pin);
	assert_int_equal(pid, getpid());
	assert_true(process_held(pin));
	close(pin);
	/* of another machine, of another libvirt, of a guest that does not run, of no guest */
	static const char *const uris[] = {
		"qemu+ssh://host/session", "qemu+unix:///session?socket=/tmp/s", "test:///default", "qemu",
	};
	for (unsigned int i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		libvirt_process(uris[i], "win10", &pid, &pin);
		assert_int_equal(pid, 0);
		assert_int_equal(pin, -1);
	}
	static const char *const names[] = { "win11", "../run/win10", "", "." };
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		libvirt_process("qemu:///session", names[i], &pid, &pin);
		assert_int_equal(pid, 0);
	}
	/* a link, and a file that others may write */
	assert_int_equal(symlink(file, other), 0);
	libvirt_process("qemu:///session", "other", &pid, &pin);
	assert_int_equal(pid, 0);
	assert_int_equal(chmod(file, 0666), 0);
	libvirt_process("qemu:///session", "win10", &pid, &pin);
	assert_int_equal(pid, 0);
	assert_int_equal(chmod(file, 0644), 0);
	assert_int_equal(chmod(folder, 0777), 0);
	libvirt_process("qemu:///session", "win10", &pid, &pin);
	assert_int_equal(pid, 0);
	assert_int_equal(chmod(folder, 0755), 0);
	if (geteuid() == 0) {
		/* root with a user's environment (sudo -E) */
		assert_int_equal(chown(file, USER, USER), 0);
		libvirt_process("qemu:///session", "win10", &pid, &pin);
		assert_int_equal(pid, 0);
	}
}

/* Simulates a kernel before 6.5, which has no SO_PEERPIDFD, with a filter of system calls. */
static bool be_older(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getsockopt, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 77, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOPROTOOPT),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { sizeof(code) / sizeof(code[0]), code };

	/* with the filter set-user-ID programs do not work, so use it only where needed */
	if (geteuid() != 0)
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listener),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_became_root),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_libvirt),
	};

	int status = cmocka_run_group_tests(tests, setup, teardown);

	if (!be_older()) {
		puts("not tried as on an older kernel: no filter of system calls is to be had");
		return status;
	}
	puts("as on an older kernel:");
	snprintf(top, sizeof(top), "/tmp/hdadump-peer-XXXXXX");
	return status + cmocka_run_group_tests(tests, setup, teardown);
}
