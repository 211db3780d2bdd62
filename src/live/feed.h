/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A feed: the source of a running guest's register accesses, and of the guest memory that
 * belongs to them. The live source (live.h) adds the events of QEMU's monitor, the user and
 * the clock.
 *
 * Nothing here blocks: the live source polls @fd together with its other descriptors.
 */
#ifndef HDADUMP_LIVE_FEED_H
#define HDADUMP_LIVE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"

struct err;
struct feed;

struct feed_ops {
	/* The next event that was read; *have is false if there is none. */
	struct err *(*next)(struct feed *f, struct event *ev, bool *have);
	/* Reads what has arrived; *got is false if nothing has. Sets @ended. */
	struct err *(*fill)(struct feed *f, bool *got);
	/*
	 * Reads everything that may block the guest, without moving the data of the last
	 * event: for the time while we wait for the monitor.
	 */
	struct err *(*drain)(struct feed *f);
	/* As source_ops.read_memory. */
	struct err *(*read_memory)(struct feed *f, uint16_t ctrl, uint64_t addr, uint32_t len,
				   struct event *ev);
	/* The method of reading memory, for the summary; valid until the next call. */
	const char *(*route)(struct feed *f);
	void (*destroy)(struct feed *f);
};

/* First member of every feed's own struct. */
struct feed {
	const struct feed_ops *ops;
	int fd;		/* readable if something has arrived */
	bool gathers;	/* reading many accesses at once is cheaper than each alone */
	bool ended;	/* no more will arrive */
	int64_t now;	/* time of the last read, ns since 1970 */
};

static inline void feed_destroy(struct feed *f)
{
	if (f)
		f->ops->destroy(f);
}

#endif
