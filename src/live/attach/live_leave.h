/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leaving a QEMU that is not ours, whatever ends first: the user's patience,
 * the trace, the monitor, QEMU itself, or we, through an error.
 *
 * What has still to be taken back stands in the undo list (undo.h) and nowhere
 * else.  Here is only in what order it is done, and by which connection: ours
 * while the monitor answers, the guardian's otherwise.
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
	pid_t pid;		/* QEMU's; 0: unknown */
	bool traced;		/* the feed is QEMU's trace, which is read while the monitor is asked */
	int may_wait;		/* so many Ctrl-C do not end the waiting for QEMU */
	bool hurried;		/* one did */
	bool begun;
	bool looked;		/* the trace is off, and the last answers were looked at */
	bool done;		/* nothing more is tried */
	bool trace_ended;	/* QEMU has closed its trace unasked */
	bool alive;		/* QEMU answered to the last */
	struct err *why;	/* the first failure */
};

/* Starts the guardian: before there is a connection or a thread. */
struct err *leave_init(struct leave *lv, struct live *l, const struct monitor_where *where);
/* Frees the list; what is left in it stays as it is, so leave_now() comes first. */
void leave_deinit(struct leave *lv);
void leave_set_pid(struct leave *lv, pid_t pid);

/* While the guest is joined: the first Ctrl-C ends the waiting for an answer.  The monitor is there. */
void leave_while_joining(struct leave *lv);
/* It was joined: the monitor is asked as ever, and Ctrl-C is the loop's. */
void leave_when_joined(struct leave *lv);

/* qemu_attachment.halt: if the guest is stopped, it is let go on in the end. */
void leave_halt(struct leave *lv);
/* qemu_attachment.leave and settle: what was changed is taken back, in two steps. */
bool leave_step(struct leave *lv);
/* All that is left is taken back, now, by whatever way there is. */
void leave_now(struct leave *lv);
/*
 * What became of it, after leave_now(): NULL when the guest runs and nothing is
 * left of us, or QEMU has ended; otherwise what is left, and how it is put right.
 */
struct err *leave_result(struct leave *lv);
/* Joining failed with @e: the same; @e comes back, with what is left if anything is. */
struct err *leave_after(struct leave *lv, struct err *e);

#endif
