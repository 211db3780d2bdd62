/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of undo.h from inside: hdadump and its guardian hold the same. */
#ifndef HDADUMP_LIVE_ATTACH_UNDO_INT_H
#define HDADUMP_LIVE_ATTACH_UNDO_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

struct json_object;
struct monitor_where;

/* Two trace events of each kind of controller, the log: five at most. */
#define UNDO_MAX 16

struct undo_step {
	unsigned int number;
	struct json_object *command;	/* {"execute": ..., "arguments": ...} */
};

struct undo {
	const struct monitor_where *where;
	struct undo_step steps[UNDO_MAX];	/* oldest first */
	size_t count;
	unsigned int numbers;		/* given to steps so far */
	bool holds_guest;		/* the guest stands still because of us */
	bool ended;			/* QEMU has: nothing is left to be taken back */
	bool trace_ended;		/* QEMU has closed its trace unasked */
	pid_t pid;			/* QEMU's; 0: unknown */
	int other;			/* socket to the other holder of the list; -1: there is none */
	bool alone;			/* the other holder did not hear what was told last */
	bool dismissed;			/* the guardian's: it is not needed any more */
	struct buf heard;		/* of the other holder, not read yet */
	char *why;			/* the other holder's last word about a failure; or NULL */
	pid_t guardian;			/* ours; 0: it was waited for */
	bool trying;			/* the guardian was not waited for to its end */
};

/* What the other holder is told; lines are below, in undo.c. */
void undo_tell(struct undo *u, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Takes in what the other holder tells, waiting for some; false when he is gone. */
bool undo_hear(struct undo *u);
/* Frees the list; the other holder is told nothing. */
void undo_deinit(struct undo *u);

#endif
