/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts the user's QEMU command line with the options that a capture needs added, and
 * nothing removed.
 *
 * The program may also be a script that starts QEMU: it passes `$(hdadump args)` to QEMU,
 * which gets the same options from the environment (QEMU_CAPTURE_ENV).
 */
#ifndef HDADUMP_QEMU_QEMU_H
#define HDADUMP_QEMU_QEMU_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;

#define QEMU_CAPTURE_ENV "HDADUMP_QEMU_ARGS"

/* The descriptors that QEMU inherits. */
struct qemu_fds {
	int qmp;	/* a connected socket; -1 = none */
	int trace;	/* the trace pipe; -1: standard error is the trace pipe */
};

/* Adds the options, each followed by a NUL. */
void qemu_additions(const struct qemu_fds *fds, bool paused, struct buf *args);

struct qemu_plan {
	char **argv;		/* NULL-terminated, owned */
	bool script;		/* the program is not QEMU itself */
	bool stays_paused;	/* the user gave -S, or waits for a migration */
};

/* Parses the user's command line and makes the one to run. */
struct err *qemu_plan_init(char *const *command, const struct qemu_fds *fds,
			   struct qemu_plan *plan);
void qemu_plan_deinit(struct qemu_plan *plan);

/*
 * Starts it. The child inherits only the descriptors of @fds and standard input, output and
 * error; @stderr_fd >= 0 becomes its standard error.
 */
struct err *qemu_start(const struct qemu_plan *plan, const struct qemu_fds *fds, int stderr_fd,
		       pid_t *pid);

/*
 * True if QEMU may read our standard input: because of its options (-nographic, any kind of
 * stdio), or because it is started by a script.
 */
bool qemu_uses_terminal(char *const *command);

/* "ended with status 1", "was ended by signal 9 (Killed)"; static buffer. */
const char *qemu_status_text(int status);

#endif
