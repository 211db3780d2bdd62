/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pipe for the log of a QEMU that runs already, handed to it over its
 * monitor: it has no name anywhere, so there is no folder that could be full
 * or read-only, and no file that anybody could exchange.
 *
 * QEMU opens its log by a path.  /dev/fdset/N, which other commands take, is
 * none to it (fopen(3) in util/log.c: "No such file or directory", in 7.2 and
 * 11.1 alike); the descriptor's own path, /proc/self/fd/N, is.
 */
#ifndef HDADUMP_LIVE_ATTACH_LOGPIPE_H
#define HDADUMP_LIVE_ATTACH_LOGPIPE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct err;
struct qmp;

struct logpipe {
	int fd;			/* reading end */
	char path[40];		/* what QEMU's logfile command is given */
	bool named;		/* QEMU has it under a name ("getfd"), otherwise in a set ("add-fd") */
	int64_t set;
	bool handed;		/* QEMU has the descriptor itself, beside what it opens by the path */
};

/*
 * @pid: QEMU's process, 0 when it is not known.  ERR_REFUSED: it cannot be done
 * with this monitor or this QEMU, and nothing is changed in it.  Any other
 * error: nor should anything else be tried.
 */
struct err *logpipe_create(struct qmp *q, pid_t pid, struct logpipe *out);
/* Takes the descriptor from QEMU again, which has opened the path or has failed to. */
void logpipe_release(struct logpipe *p, struct qmp *q);
/* The reading end is closed unless it was taken (fd -1). */
void logpipe_deinit(struct logpipe *p);

/* A pipe of ours, of this process or another. */
bool logpipe_is_marked(const struct stat *st);

#endif
