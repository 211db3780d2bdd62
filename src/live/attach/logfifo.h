/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FIFO for the log of a running QEMU, if no descriptor can be passed to it (logpipe.h):
 * made as QEMU's user (as_user.h), in a folder where QEMU can open it, and removed from the
 * file system as soon as QEMU has opened it.
 */
#ifndef HDADUMP_LIVE_ATTACH_LOGFIFO_H
#define HDADUMP_LIVE_ATTACH_LOGFIFO_H

#include <sys/types.h>

#include "qemu/as_user.h"

struct err;
struct qemu_cmdline;

#define LOGFIFO_NAME "hdadump-trace"

struct logfifo {
	char *path;		/* path in QEMU's view; NULL when it was removed */
	int fd;			/* reading end, non-blocking */
	struct as_user maker;	/* the child that made it and will remove it */
};

/*
 * @pid, @pin: QEMU's process, see process_pin(); 0, -1 = unknown. @folder: the user's, or
 * NULL. @c may be NULL if QEMU's command line is unknown.
 */
struct err *logfifo_create(pid_t pid, int pin, const char *folder, const struct qemu_cmdline *c,
			   struct logfifo *out);
/* Removes it from the file system; the reading end stays open. */
void logfifo_unlink(struct logfifo *f);
/* The same, and closes the reading end unless it was taken (fd -1). */
void logfifo_deinit(struct logfifo *f);

#endif
