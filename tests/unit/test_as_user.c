// SPDX-License-Identifier: GPL-2.0-or-later
/* The child that works for root as another user, who attacks root (attacker.h). */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "qemu/as_user.h"
#include "qemu/process.h"
#include "attacker.h"

static void say_twice(int link, void *arg)
{
	const int *delay = arg;
	int word = 1;

	as_user_say(link, &word, sizeof(word), -1);
	usleep((useconds_t)*delay);
	as_user_say(link, &word, sizeof(word), -1);
	as_user_wait(link);
}

/* It runs as the other user, without root's rights, files or memory that could be read. */
static void test_worker(void **state)
{
	char path[64], line[256], mem[64];
	struct as_user u;
	int word, delay = 0, found = 0;
	pid_t attacker;

	(void)state;
	ONLY_ROOT();
	/* it has QEMU's groups, which are root's here: those with which setup was run */
	assert_null(as_user_start(attacker_qemu, attacker_pin, say_twice, &delay, &u));
	assert_null(as_user_hear(&u, &word, sizeof(word), NULL));
	snprintf(path, sizeof(path), "/proc/%d/status", (int)u.child);
	FILE *f = fopen(path, "re");
	while (fgets(line, sizeof(line), f))
		found += strncmp(line, "Uid:\t65534\t65534\t65534\t65534\n", 28) == 0 ||
			 strncmp(line, "Gid:\t65534\t65534\t65534\t65534\n", 28) == 0 ||
			 strcmp(line, "CapEff:\t0000000000000000\n") == 0 ||
			 strcmp(line, "CapPrm:\t0000000000000000\n") == 0 ||
			 strcmp(line, "CapAmb:\t0000000000000000\n") == 0 ||
			 strcmp(line, "NoNewPrivs:\t1\n") == 0;
	fclose(f);
	assert_int_equal(found, 6);
	/* the link is its only open descriptor */
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)u.child);
	assert_int_equal(entries(path), 1);

	/* its user may neither trace it nor read its memory */
	snprintf(mem, sizeof(mem), "/proc/%d/mem", (int)u.child);
	if (as_attacker(&attacker))
		_exit(ptrace(PTRACE_ATTACH, u.child, NULL, NULL) == 0 || open(mem, O_RDONLY) >= 0);
	int status;
	waitpid(attacker, &status, 0);
	assert_int_equal(status, 0);
	as_user_end(&u);
	assert_int_equal(u.child, 0);
}

/* The user may stop or end the child: root does not wait for ever, and nothing stays running. */
static void test_stopped(void **state)
{
	static const int signals[] = { SIGSTOP, SIGKILL };
	int word, delay = 300000;

	(void)state;
	ONLY_ROOT();
	for (int i = 0; i < 2; i++) {
		struct as_user u;
		pid_t attacker, child;
		struct err *e;

		assert_null(as_user_start(attacker_qemu, attacker_pin, say_twice, &delay, &u));
		assert_null(as_user_hear(&u, &word, sizeof(word), NULL));
		child = u.child;
		if (as_attacker(&attacker))
			_exit(kill(child, signals[i]) < 0);
		waitpid(attacker, NULL, 0);
		e = as_user_hear(&u, &word, sizeof(word), NULL);
		assert_non_null(strstr(err_text(e), "does not answer"));
		err_free(e);
		as_user_end(&u);
		assert_int_equal(kill(child, 0), -1);
	}
}

/* QEMU has ended, and its PID may be another process's: no identity is taken. */
static void test_ended(void **state)
{
	struct as_user u;
	int held, delay = 0;
	pid_t other;

	(void)state;
	ONLY_ROOT();
	if (as_attacker(&other)) {
		pause();
		_exit(0);
	}
	assert_null(process_pin(other, &held));
	/* it is a zombie: its PID is still its own, and its identity can be read */
	kill(other, SIGKILL);
	while (process_held(held))
		usleep(1000);
	struct err *e = as_user_start(other, held, say_twice, &delay, &u);
	assert_non_null(e);
	err_free(e);
	assert_int_equal(u.child, 0);
	waitpid(other, NULL, 0);
	close(held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worker),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_ended),
	};

	return cmocka_run_group_tests(tests, attacker_setup, attacker_teardown);
}
