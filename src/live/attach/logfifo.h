/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FIFO for the log of a QEMU that runs already, where no descriptor can be
 * handed to it (logpipe.h): made as QEMU's user (as_user.h), where QEMU can
 * open it, and gone from the file system as soon as QEMU has.
 */
#ifndef HDADUMP_LIVE_ATTACH_LOGFIFO_H
#define HDADUMP_LIVE_ATTACH_LOGFIFO_H

#include <sys/types.h>

#include "qemu/as_user.h"

struct err;
struct qemu_cmdline;

#define LOGFIFO_NAME "hdadump-trace"

struct logfifo {
	char *path;		/* as QEMU sees it; NULL once it has lost its name */
	int fd;			/* reading end, not blocking */
	struct as_user maker;	/* has made it, and will remove it */
};

/*
 * @pid, @pin: QEMU's process, see process_pin(); 0, -1: not known.  @folder:
 * where the user wants it, or NULL.  @c may be NULL when QEMU's command line is
 * not known.
 */
struct err *logfifo_create(pid_t pid, int pin, const char *folder, const struct qemu_cmdline *c,
			   struct logfifo *out);
/* Nothing is left in the file system; the reading end stays. */
void logfifo_unlink(struct logfifo *f);
/* The same, and the reading end is closed unless it was taken (fd -1). */
void logfifo_deinit(struct logfifo *f);

#endif
