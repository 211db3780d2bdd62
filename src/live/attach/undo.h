/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The changes in a QEMU that we attached to and that must be undone: a list of monitor
 * commands, each stored before its change is made, and whether the guest is paused because of
 * us. This list is the only record: a command is removed only after QEMU has confirmed it,
 * the pause only when QEMU says that the guest runs.
 *
 * A guardian (guardian.h), a small process, has a copy of the list. If we are killed (kill
 * -9), or our monitor does not answer any more, it connects to the monitor itself and
 * executes the list.
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
 * Starts the guardian; call it before there is a thread, or a connection that it could
 * inherit. @where belongs to the caller and must live longer than the list.
 */
struct err *undo_create(const struct monitor_where *where, struct undo **out);
/* Sets QEMU's process; 0 = unknown. The guardian will not change another QEMU. */
void undo_set_pid(struct undo *u, pid_t pid);

/*
 * QEMU has ended its trace without our request. If its process is unknown and its monitor is
 * closed too, QEMU counts as ended.
 */
void undo_trace_ended(struct undo *u);

/* Stores how a change is undone. Consumes @args (may be NULL). */
struct err *undo_push(struct undo *u, const char *command, struct json_object *args);
/* The same for a command of the human monitor. */
struct err *undo_push_hmp(struct undo *u, const char *command);
/* Call it before the guest is stopped: when everything else is undone, the guest is continued. */
void undo_push_stop(struct undo *u);
/* True if the guest is paused because of us. */
bool undo_holds_guest(const struct undo *u);

/* Uses query-status; an error if QEMU's answer does not contain it. */
struct err *undo_ask_running(struct qmp *q, bool *running);

/*
 * Undoes all changes but the pause, from the newest to the oldest. Tries all of them while
 * the monitor answers, and returns the first error; changes that could not be undone stay in
 * the list.
 */
struct err *undo_changes(struct undo *u, struct qmp *q);
/* Continues the guest, and checks that it runs. */
struct err *undo_stop(struct undo *u, struct qmp *q);
/* Does both. */
struct err *undo_all(struct undo *u, struct qmp *q);

/*
 * Lets the guardian undo what is left, with its own connection: ours must be closed. Waits
 * @ms for it, and runs @drain meanwhile. If @interrupt returns an error it waits two more
 * seconds, and returns at once if that happens again (both may be NULL). The error says why
 * the list is not empty; the guardian may still be trying.
 */
struct err *undo_hand_over(struct undo *u, int ms, const struct qmp_pump *interrupt,
			   const struct qmp_pump *drain);

/* True if nothing is left to do: all changes are undone, or QEMU has ended. */
bool undo_is_empty(const struct undo *u);
/* True if QEMU has ended before all changes were undone. */
bool undo_qemu_ended(const struct undo *u);
/*
 * NULL if nothing is left; otherwise what is left, and the commands that undo it, after the
 * text of @why (consumed, may be NULL).
 */
struct err *undo_left(const struct undo *u, struct err *why);

/* Dismisses the guardian, unless it is working. What is left is not undone. */
void undo_destroy(struct undo *u);

#endif
