/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redirects the log of a running QEMU to us: through a pipe that is passed to it (logpipe.h)
 * or, if that is impossible, through a FIFO (logfifo.h).
 */
#ifndef HDADUMP_LIVE_ATTACH_ATTACH_LOG_H
#define HDADUMP_LIVE_ATTACH_ATTACH_LOG_H

#include "live/attach/logfifo.h"
#include "live/attach/logpipe.h"

struct err;
struct monitor;
struct qemu_cmdline;

struct attach_log {
	struct logpipe pipe;
	struct logfifo fifo;
};

void attach_log_init(struct attach_log *l);
void attach_log_deinit(struct attach_log *l);

/*
 * Redirects QEMU's log. @take gets the reading end, and owns it, before anything comes
 * through it; if it is called again, nothing came or will come through the first one.
 * @folder: the user's folder for a FIFO; NULL = choose the best way.
 */
struct err *attach_log_open(struct attach_log *l, const struct monitor *m, const char *folder,
			    const struct qemu_cmdline *c,
			    struct err *(*take)(void *arg, int fd), void *arg);
/* Call it when the guest runs (again): then QEMU keeps nothing of ours but the open log. */
void attach_log_release(struct attach_log *l, const struct monitor *m);

#endif
