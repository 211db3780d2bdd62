/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Root attaches to a QEMU of another user who attacks root: that user replaces names and
 * folders while root works there, stops the child that works for root, and has folders that
 * are full or read-only. Whatever happens to the attach, nothing of root's may be given away,
 * opened or renamed.
 *
 * The test must run as root.
 */
#ifndef TESTS_UNIT_ATTACKER_H
#define TESTS_UNIT_ATTACKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

/* "nobody": in no group, owns nothing. */
#define USER 65534
#define TRIES 300

extern char attacker_top[];		/* the test's folder */
extern char attacker_secret[64];	/* owned by root, 0600 */
extern char attacker_private[64];	/* a folder of root's that all users may read */
extern char attacker_theirs[64];	/* owned by the other user */
extern pid_t attacker_qemu;		/* owned by the other user */
extern int attacker_pin;		/* what holds it: process_pin() */

#define ONLY_ROOT() \
	do { \
		if (geteuid() != 0) { \
			print_message("skipped because: only root can be led up a ladder\n"); \
			skip(); \
		} \
	} while (0)

#define ONLY_WITH_MOUNTS() \
	do { \
		ONLY_ROOT(); \
		if (!attacker_may_mount()) { \
			print_message("skipped because: nothing can be mounted here\n"); \
			skip(); \
		} \
	} while (0)

/* Of a group of tests: the folder, and a process of the other user. */
int attacker_setup(void **state);
int attacker_teardown(void **state);

/* Whether mounts can be made that only this test and its children see; setup sees to that. */
bool attacker_may_mount(void);

/*
 * A child that is the other user; true in it.  With @hurried it has the processor before
 * whoever made a name goes on.
 */
bool become_attacker(pid_t *pid, bool hurried);
bool as_attacker(pid_t *pid);
void end(pid_t pid);

void write_file(const char *path, const char *text, mode_t mode);
/* How many names there are in @folder, but for those with a dot. */
unsigned int entries(const char *folder);
/* What is root's is as it was; @n is the try that is blamed. */
void assert_untouched(int n);

#endif
