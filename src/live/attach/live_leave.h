/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leaves a QEMU that we attached to, whatever ends first: the user stops, the trace ends, the
 * monitor closes, QEMU ends, or an error occurs.
 *
 * The changes that must still be undone are only in the undo list (undo.h). The code here
 * decides the order of the steps and the connection used: ours while the monitor answers,
 * otherwise the guardian's.
 */
#ifndef HDADUMP_LIVE_ATTACH_LIVE_LEAVE_H
#define HDADUMP_LIVE_ATTACH_LIVE_LEAVE_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct live;
struct monitor_where;
struct undo;

struct leave {
	struct live *live;
	struct undo *undo;
	pid_t pid;		/* QEMU's process; 0 = unknown */
	/* the feed is QEMU's trace, which must be read while we wait for the monitor */
	bool traced;
	int may_wait;		/* so many Ctrl-C do not end the wait for QEMU */
	bool hurried;		/* one of them did */
	bool begun;
	bool looked;		/* the trace is off, and the last responses were read */
	bool done;		/* nothing more is tried */
	bool trace_ended;	/* QEMU has closed its trace without our request */
	bool alive;		/* QEMU answered until the end */
	struct err *why;	/* the first failure, or NULL */
};

/* Starts the guardian; call it before there is a connection or a thread. */
struct err *leave_init(struct leave *lv, struct live *l, const struct monitor_where *where);
/* Frees the list; what is left in it is not undone, so call leave_now() first. */
void leave_deinit(struct leave *lv);
void leave_set_pid(struct leave *lv, pid_t pid);

/* While attaching: the first Ctrl-C ends the wait for an answer. The monitor is connected. */
void leave_while_joining(struct leave *lv);
/* After attaching: normal waits for the monitor again, and the loop handles Ctrl-C. */
void leave_when_joined(struct leave *lv);

/* qemu_attachment.halt: if the guest is paused, it must run again at the end. */
void leave_halt(struct leave *lv);
/* qemu_attachment.leave and settle: undoes the changes, in two steps. */
bool leave_step(struct leave *lv);
/* Undoes everything that is left, now, by our connection or the guardian. */
void leave_now(struct leave *lv);
/*
 * The result, after leave_now(): NULL if the guest runs and all changes are undone, or QEMU
 * has ended; otherwise what is left, and how the user can undo it.
 */
struct err *leave_result(struct leave *lv);
/*
 * Attaching failed with @e: undoes everything, and returns @e, with what is left if there is
 * something.
 */
struct err *leave_after(struct leave *lv, struct err *e);

#endif
