/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the list of undo.h: hdadump and its guardian have one each. */
#ifndef HDADUMP_LIVE_ATTACH_UNDO_INT_H
#define HDADUMP_LIVE_ATTACH_UNDO_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

struct json_object;
struct monitor_where;

/* Two trace events for each kind of controller, and the log: five at most. */
#define UNDO_MAX 16

struct undo_step {
	unsigned int number;
	struct json_object *command;	/* {"execute": ..., "arguments": ...} */
};

struct undo {
	const struct monitor_where *where;
	struct undo_step steps[UNDO_MAX];	/* oldest first */
	size_t count;
	unsigned int numbers;		/* last number given to a step */
	bool holds_guest;		/* the guest is paused because of us */
	bool ended;			/* QEMU has ended: nothing is left to undo */
	bool trace_ended;		/* QEMU has closed its trace without our request */
	pid_t pid;			/* QEMU's process; 0 = unknown */
	/* socket to the process with the other copy of the list; -1 = none */
	int other;
	bool alone;			/* the other process did not get the last message */
	bool dismissed;			/* guardian: it is no longer needed */
	struct buf heard;		/* bytes from the other process, not handled yet */
	char *why;			/* reason of the other process's last failure, or NULL */
	pid_t guardian;			/* hdadump: the guardian's PID; 0 = it was waited for */
	bool trying;			/* hdadump did not wait until the guardian had ended */
};

/* Sends a line to the other process; the lines are described in undo.c. */
void undo_tell(struct undo *u, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Reads lines of the other process, and waits for some; false if it has ended. */
bool undo_hear(struct undo *u);
/* Frees the list; nothing is sent to the other process. */
void undo_deinit(struct undo *u);

#endif
