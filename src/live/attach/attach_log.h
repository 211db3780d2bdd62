/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of a QEMU that runs already, brought to us: through a pipe that is
 * handed to it (logpipe.h), or where that cannot be, through a FIFO
 * (logfifo.h).
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
 * Has QEMU's log come to us.  @take is given the reading end, which it owns,
 * before anything comes through it; when it is called once more, nothing came
 * and nothing will.  @folder: where the user wants a FIFO; NULL: as is best.
 */
struct err *attach_log_open(struct attach_log *l, const struct monitor *m, const char *folder,
			    const struct qemu_cmdline *c,
			    struct err *(*take)(void *arg, int fd), void *arg);
/* For when the guest runs (again): nothing is left in QEMU but the open log. */
void attach_log_release(struct attach_log *l, const struct monitor *m);

#endif
