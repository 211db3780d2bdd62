/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live source from inside: live_start.c starts QEMU and sees to its end,
 * live.c makes events of what it says meanwhile.
 */
#ifndef HDADUMP_SOURCE_LIVE_INT_H
#define HDADUMP_SOURCE_LIVE_INT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "source/devices.h"
#include "source/source.h"
#include "source/trace_line.h"
#include "source/tracepipe.h"

struct err;
struct guestmem;
struct qmp;

/* A read of memory whose horizon the trace has not reached yet. */
struct horizon {
	uint64_t position;
	uint64_t reads;		/* EV_MEM events of that controller up to and with this one */
	uint16_t ctrl;
};

struct live {
	struct source base;
	struct tracepipe trace;
	struct trace_memo memo;
	struct devices devices;
	struct qmp *q;
	struct guestmem *mem;
	int signals;
	sigset_t old_mask;
	pid_t child;
	ino_t their_socket;	/* QEMU's end of the monitor's socket */
	int status;
	bool reaped;
	unsigned int naps;	/* left before the trace counts as quiet */
	int stops;		/* how often the user asked to stop */
	int64_t end_by;		/* the guest is being halted; QEMU is ended then at the latest; 0: no */
	int64_t now;		/* when the trace was last read */
	int64_t quiet;		/* when the caller last had a moment for itself */
	struct event pending;	/* stands behind the announcement of its controller */
	bool have_pending;
	struct horizon *horizons;
	size_t h_head, h_tail, h_cap;
	uint64_t reads[EVENT_MAX_CTRL];
	char text[256];		/* of the event given last */
	uint8_t data[EVENT_MAX_DATA];
};

/* live.c */
struct err *live_next(struct source *s, struct event *ev, bool *more);
struct err *live_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
			     struct event *ev);
/* What QEMU says beside its trace goes where it would have gone without us. */
void live_pass_through(const uint8_t *line, size_t len);
/* Notes QEMU's end, if it has come. */
void live_reap(struct live *l);

#endif
