/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting the user's own QEMU with what a capture needs added to its command
 * line, and nothing taken from it.
 *
 * The program named may also be a script that starts QEMU: it then passes
 * `$(hdadump args)` to QEMU itself, and the same additions reach it through
 * the environment (QEMU_CAPTURE_ENV).
 */
#ifndef HDADUMP_QEMU_QEMU_H
#define HDADUMP_QEMU_QEMU_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;

#define QEMU_CAPTURE_ENV "HDADUMP_QEMU_ARGS"

/* Where QEMU finds the two ends it is given. */
struct qemu_fds {
	int qmp;	/* a connected socket, or -1 */
	int trace;	/* the trace pipe, or -1: standard error is the trace pipe */
};

/* The additions, one argument after the other: each added with a NUL at its end. */
void qemu_additions(const struct qemu_fds *fds, bool paused, struct buf *args);

struct qemu_plan {
	char **argv;		/* NULL-terminated, owned */
	bool script;		/* the program is not QEMU itself */
	bool stays_paused;	/* the user asked for -S, or waits for a migration */
};

/* Looks at the user's command line and says what to run. */
struct err *qemu_plan_init(char *const *command, const struct qemu_fds *fds,
			   struct qemu_plan *plan);
void qemu_plan_deinit(struct qemu_plan *plan);

/*
 * Starts it.  In the child only the two ends of @fds are inherited beside
 * standard input, output and error; with @stderr_fd >= 0 that is its standard error.
 */
struct err *qemu_start(const struct qemu_plan *plan, const struct qemu_fds *fds, int stderr_fd,
		       pid_t *pid);

/*
 * Whether QEMU may read our standard input: it was told to (-nographic, a
 * stdio of any kind), or what starts it is a script that may.
 */
bool qemu_uses_terminal(char *const *command);

/* "ended with status 1", "was ended by signal 9 (Killed)"; static buffer. */
const char *qemu_status_text(int status);

#endif
