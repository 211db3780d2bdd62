/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was changed in a QEMU that is not ours and has still to be taken back:
 * a list of monitor commands, each written down before its change is made, and
 * whether the guest stands still because of us.  Nothing else knows it: a
 * command leaves the list only when QEMU has carried it out and has said so,
 * the guest when QEMU says that it runs.
 *
 * A guardian (guardian.h), a small process of our own, holds the same list.
 * When we die without a word (kill -9), or when our monitor does not answer any
 * more, it connects to the monitor anew and carries the list out.
 */
#ifndef HDADUMP_LIVE_ATTACH_UNDO_H
#define HDADUMP_LIVE_ATTACH_UNDO_H

#include <json-c/json.h>
#include <stdbool.h>
#include <sys/types.h>

struct err;
struct monitor_where;
struct qmp;
struct qmp_pump;
struct undo;

/*
 * Starts the guardian: before there is a thread, or a connection it could
 * inherit.  @where stays the caller's, and must outlive the list.
 */
struct err *undo_create(const struct monitor_where *where, struct undo **out);
/* The QEMU that this is about, 0: unknown; the guardian will touch no other. */
void undo_set_pid(struct undo *u, pid_t pid);

/*
 * QEMU has ended its trace without being told to.  Where its process is not
 * known and its monitor is gone as well, that will do for its end.
 */
void undo_trace_ended(struct undo *u);

/* Notes how a change will be taken back.  Consumes @args (may be NULL). */
struct err *undo_push(struct undo *u, const char *command, struct json_object *args);
/* The same for a command of the human monitor. */
struct err *undo_push_hmp(struct undo *u, const char *command);
/* The guest is about to be stopped: when all else has been taken back it is let go on. */
void undo_push_stop(struct undo *u);
/* Whether the guest stands still because of us. */
bool undo_holds_guest(const struct undo *u);

/* query-status; an error where QEMU's answer does not say it. */
struct err *undo_ask_running(struct qmp *q, bool *running);

/*
 * Takes back all but the stop, from the newest to the oldest.  All is tried
 * while the monitor answers, and the first error returned; what has failed
 * stays in the list.
 */
struct err *undo_changes(struct undo *u, struct qmp *q);
/* Lets the guest go on, and asks QEMU whether it does. */
struct err *undo_stop(struct undo *u, struct qmp *q);
/* Both. */
struct err *undo_all(struct undo *u, struct qmp *q);

/*
 * Has the guardian take back what is left, by a connection of its own: ours
 * must be closed.  Waits @ms for it, and runs @drain meanwhile.  When @interrupt
 * returns an error it waits two seconds more, and not at all when it does so
 * again (both may be NULL).  The error says why the list is not empty; the
 * guardian may go on trying after it.
 */
struct err *undo_hand_over(struct undo *u, int ms, const struct qmp_pump *interrupt,
			   const struct qmp_pump *drain);

/* Nothing is left to be done: all was taken back, or QEMU has ended. */
bool undo_is_empty(const struct undo *u);
/* QEMU has ended before all was taken back. */
bool undo_qemu_ended(const struct undo *u);
/*
 * NULL when nothing is left; otherwise what is, and the commands that take it
 * back, after the text of @why (consumed, may be NULL).
 */
struct err *undo_left(const struct undo *u, struct err *why);

/* Dismisses the guardian, unless it is at work.  What is left stays as it is. */
void undo_destroy(struct undo *u);

#endif
