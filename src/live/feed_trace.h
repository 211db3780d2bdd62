/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The feed from QEMU's trace log: a line says that the guest accessed a register, and guest
 * memory is read shortly after. The horizon of each read (see docs/ARCHITECTURE.md, "The
 * arithmetic") is given when all lines that had begun at that moment have been read.
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

/* A read of memory whose horizon is not reached yet. */
struct horizon {
	uint64_t position;
	/* number of EV_MEM events of that controller up to and with this one */
	uint64_t reads;
	uint16_t ctrl;
};

struct trace_feed {
	struct feed base;
	struct tracepipe pipe;
	struct trace_memo memo;
	struct devices *devices;	/* the devices to capture; not owned */
	struct guestmem *mem;		/* not owned; NULL until it is known */
	/* an event that comes after the announcement of its controller */
	struct event pending;
	bool have_pending;
	struct horizon *horizons;
	size_t h_head, h_tail, h_cap;
	uint64_t reads[EVENT_MAX_CTRL];
	bool behind;			/* too much trace waits; memory is not read until it is given */
	char text[256];			/* text of the last event */
	uint8_t data[EVENT_MAX_DATA];
};

/* Creates a pipe, whose @out->pipe.writer a child can inherit; see tracepipe_init() for @strict. */
struct err *trace_feed_create(struct devices *devices, bool strict, struct trace_feed **out);
/* Takes ownership of the reading end of a FIFO that QEMU will open. */
struct err *trace_feed_create_fifo(struct devices *devices, int fd, struct trace_feed **out);

/*
 * Reads everything that is there without making events, and prints lines of QEMU that are not
 * trace lines.
 */
void trace_feed_let_out(struct trace_feed *t);
/*
 * The same for the lines that our own reads of the devices' registers have caused: such a
 * line makes its device known. Returns the number of such lines.
 */
unsigned int trace_feed_own_looks(struct trace_feed *t);

#endif
