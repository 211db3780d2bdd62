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
extern int attacker_pin;		/* holds the process: process_pin() */

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

/* Setup of a group of tests: the folder, and a process of the other user. */
int attacker_setup(void **state);
int attacker_teardown(void **state);

/* True if mounts are possible that only this test and its children see; setup arranges that. */
bool attacker_may_mount(void);

/*
 * Forks a child with the other user's rights; true in the child. With @hurried it gets the
 * processor before the creator of a name continues.
 */
bool become_attacker(pid_t *pid, bool hurried);
bool as_attacker(pid_t *pid);
void end(pid_t pid);

void write_file(const char *path, const char *text, mode_t mode);
/* The number of names in @folder, without those that begin with a dot. */
unsigned int entries(const char *folder);
/* Checks that root's files are unchanged; @n is the number of the try, for the message. */
void assert_untouched(int n);

#endif
