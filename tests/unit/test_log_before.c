// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeping the old log, in a folder of a user who attacks root (attacker.h). */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "live/attach/log_before.h"
#include "attacker.h"

/*
 * "logs" is alternately the user's folder and a link to root's, about ten thousand times a
 * second.
 */
static void exchange_logs(void)
{
	if (chdir(attacker_theirs) < 0)
		_exit(1);
	for (;;) {
		renameat2(AT_FDCWD, "logs", AT_FDCWD, "evil", RENAME_EXCHANGE);
		/* make it necessary to keep the log again */
		rename("logs/qemu.log.before-hdadump", "logs/qemu.log");
		rename("evil/qemu.log.before-hdadump", "evil/qemu.log");
	}
}

static void test_kept_log(void **state)
{
	char log[96], roots[96], moved[128], link[96];
	struct log_before b = { .is_file = true };
	unsigned int kept = 0;
	struct stat st, was;
	pid_t racer;

	(void)state;
	ONLY_ROOT();
	snprintf(log, sizeof(log), "%s/logs", attacker_theirs);
	assert_int_equal(mkdir(log, 0755), 0);
	assert_int_equal(chown(log, USER, USER), 0);
	snprintf(log, sizeof(log), "%s/logs/qemu.log", attacker_theirs);
	write_file(log, "log", 0644);
	assert_int_equal(chown(log, USER, USER), 0);
	assert_int_equal(stat(log, &st), 0);
	snprintf(b.path, sizeof(b.path), "%s", log);
	b.dev = st.st_dev;
	b.ino = st.st_ino;
	snprintf(roots, sizeof(roots), "%s/qemu.log", attacker_private);
	snprintf(moved, sizeof(moved), "%s.before-hdadump", roots);
	write_file(roots, "root's", 0600);
	assert_int_equal(stat(roots, &was), 0);
	snprintf(link, sizeof(link), "%s/evil", attacker_theirs);
	assert_int_equal(symlink(attacker_private, link), 0);
	/* once with the file that QEMU has open, once as after an hdadump that was killed */
	for (int i = 0; i < 2 * TRIES; i++) {
		if (i % TRIES == 0 && as_attacker(&racer))
			exchange_logs();
		if (i == TRIES)
			b.dev = b.ino = 0;
		struct err *e = log_before_keep(attacker_qemu, attacker_pin, &b);

		kept += !e;
		err_free(e);
		if (stat(roots, &st) < 0 || st.st_ino != was.st_ino || st.st_uid || access(moved, F_OK) == 0)
			fail_msg("try %d: root's file was renamed", i);
		if (i % TRIES == TRIES - 1)
			end(racer);
		usleep(100);
	}
	assert_true(kept);
	print_message("%d tries, the folder exchanged: %u times kept or nothing to keep, root's file "
		      "untouched\n", 2 * TRIES, kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_log),
	};

	return cmocka_run_group_tests(tests, attacker_setup, attacker_teardown);
}
