/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was changed in a QEMU that is not ours, and how it is taken back: a
 * list of monitor commands, written down before each change is made, carried
 * out from the newest to the oldest.
 *
 * A guardian, a small process of our own, holds the same list.  When we die
 * without a word (kill -9), it connects to the monitor anew and carries it out.
 */
#ifndef HDADUMP_LIVE_UNDO_H
#define HDADUMP_LIVE_UNDO_H

#include <json-c/json.h>
#include <stdbool.h>
#include <sys/types.h>

struct err;
struct monitor_where;
struct qmp;
struct undo;

/* Starts the guardian: before there is a thread, or a connection it could inherit. */
struct err *undo_create(const struct monitor_where *where, struct undo **out);
/* The QEMU that this is about; the guardian will touch no other. */
void undo_set_pid(struct undo *u, pid_t pid);

/* Notes how a change will be taken back.  Consumes @args (may be NULL). */
struct err *undo_push(struct undo *u, const char *command, struct json_object *args);
/* The same for a command of the human monitor. */
struct err *undo_push_hmp(struct undo *u, const char *command);
/* @command is carried out when all else has been taken back ("cont"); NULL: nothing is. */
void undo_finally(struct undo *u, const char *command);
/* Takes back all, but for what comes finally.  The first error is returned, all is tried. */
struct err *undo_all(struct undo *u, struct qmp *q);
/* What comes finally, if anything does. */
struct err *undo_end(struct undo *u, struct qmp *q);
/* Whether there is anything left to be done. */
bool undo_is_empty(const struct undo *u);

/* Has the guardian take back all, and waits for it: for when our monitor is lost. */
void undo_by_guardian(struct undo *u);
/* Dismisses the guardian.  What has not been taken back stays as it is. */
void undo_destroy(struct undo *u);

#endif
