/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pipe for the log of a running QEMU, passed to it over its monitor: it has no name in the
 * file system, so no folder can be full or read-only, and no other user can replace a file.
 *
 * QEMU opens its log by a path. It cannot be /dev/fdset/N, which other commands accept
 * (fopen(3) in util/log.c: "No such file or directory", in 7.2 and in 11.1); but the
 * descriptor's own path, /proc/self/fd/N, works.
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
	char path[40];		/* argument for QEMU's logfile command */
	/* QEMU has it under a name ("getfd"), otherwise in a set ("add-fd") */
	bool named;
	int64_t set;
	/* QEMU has the descriptor itself, beside the one that it opens by the path */
	bool handed;
};

/*
 * @pid: QEMU's process; 0 = unknown. ERR_REFUSED: impossible with this monitor or this QEMU,
 * in which nothing is changed. After any other error nothing else should be tried.
 */
struct err *logpipe_create(struct qmp *q, pid_t pid, struct logpipe *out);
/* Closes the descriptor in QEMU, after QEMU has opened the path or has failed to. */
void logpipe_release(struct logpipe *p, struct qmp *q);
/* Closes the reading end unless it was taken (fd -1). */
void logpipe_deinit(struct logpipe *p);

/* True if it is the pipe of a hdadump, of this process or another one. */
bool logpipe_is_marked(const struct stat *st);

#endif
