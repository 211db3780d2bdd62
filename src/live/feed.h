/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A feed: the way on which the register accesses of a live guest come to us,
 * with the guest memory that belongs to them.  The live source (live.h) puts
 * beside it what QEMU's monitor, the user and the clock have to say.
 *
 * Nothing here waits: the live source polls @fd, beside everything else.
 */
#ifndef HDADUMP_LIVE_FEED_H
#define HDADUMP_LIVE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"

struct err;
struct feed;

struct feed_ops {
	/* The next event of what has been taken in; *have is false when there is none. */
	struct err *(*next)(struct feed *f, struct event *ev, bool *have);
	/* Takes in what has arrived; *got is false when nothing has.  Sets @ended. */
	struct err *(*fill)(struct feed *f, bool *got);
	/*
	 * Takes in what keeps the guest waiting, and leaves the data of the
	 * event given last where it is: for while the monitor is asked.
	 */
	struct err *(*drain)(struct feed *f);
	/* As source_ops.read_memory. */
	struct err *(*read_memory)(struct feed *f, uint16_t ctrl, uint64_t addr, uint32_t len,
				   struct event *ev);
	/* How memory is read, for the summary; valid until the next call. */
	const char *(*route)(struct feed *f);
	void (*destroy)(struct feed *f);
};

/* First member of every feed's own struct. */
struct feed {
	const struct feed_ops *ops;
	int fd;		/* readable when something has arrived */
	bool gathers;	/* one look at many accesses is cheaper than a look at each */
	bool ended;	/* nothing more will arrive */
	int64_t now;	/* when something was last taken in, ns since 1970 */
};

static inline void feed_destroy(struct feed *f)
{
	if (f)
		f->ops->destroy(f);
}

#endif
