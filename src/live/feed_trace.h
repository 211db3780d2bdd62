/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The feed from QEMU's trace log: lines say that the guest touched a register,
 * and guest memory is read a moment later.  The horizon of each read (see
 * docs/ARCHITECTURE.md, "The arithmetic") is given when the lines that were
 * under way at that moment have been read.
 */
#ifndef HDADUMP_LIVE_FEED_TRACE_H
#define HDADUMP_LIVE_FEED_TRACE_H

#include <stddef.h>
#include <sys/types.h>

#include "input/trace/trace_line.h"
#include "live/feed.h"
#include "live/tracepipe.h"

struct devices;
struct err;
struct guestmem;

/* A read of memory whose horizon the trace has not reached yet. */
struct horizon {
	uint64_t position;
	uint64_t reads;		/* EV_MEM events of that controller up to and with this one */
	uint16_t ctrl;
};

struct trace_feed {
	struct feed base;
	struct tracepipe pipe;
	struct trace_memo memo;
	struct devices *devices;	/* whose lines are ours; not owned */
	struct guestmem *mem;		/* not owned; NULL until it is known */
	struct event pending;		/* stands behind the announcement of its controller */
	bool have_pending;
	struct horizon *horizons;
	size_t h_head, h_tail, h_cap;
	uint64_t reads[EVENT_MAX_CTRL];
	char text[256];			/* of the event given last */
	uint8_t data[EVENT_MAX_DATA];
};

/* A pipe for a child to inherit, @out->pipe.writer; see tracepipe_init() for @strict. */
struct err *trace_feed_create(struct devices *devices, bool strict, struct trace_feed **out);
/* The reading end of a FIFO that QEMU is about to open, taken over. */
struct err *trace_feed_create_fifo(struct devices *devices, int fd, struct trace_feed **out);

/* Everything that is here now is no event: what QEMU says beside its trace is passed on. */
void trace_feed_let_out(struct trace_feed *t);
/*
 * The same for what our own looks at the devices' registers have left: a line
 * that tells of one makes its device known.  Returns how many did.
 */
unsigned int trace_feed_own_looks(struct trace_feed *t);

#endif
