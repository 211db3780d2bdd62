/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client of QEMU's machine protocol (QMP), on json-c.
 *
 * The trap it is built around: a vCPU that waits in its own trace line holds
 * QEMU's big lock, and the monitor needs that lock.  So whoever reads the
 * trace and asks the monitor must go on reading while it waits.  That is the
 * pump: called when the answer does not come at once, it takes what waits.
 *
 * Protocol: docs/interop/qmp-spec of QEMU; one JSON object a line each way.
 */
#ifndef HDADUMP_QEMU_QMP_H
#define HDADUMP_QEMU_QMP_H

#include <json-c/json.h>
#include <stdbool.h>

struct err;
struct qmp;

struct qmp_pump {
	int fd;		/* readable when something waits; -1: none */
	struct err *(*run)(void *arg);
	void *arg;
};

/* Takes over the connected socket @fd.  The pump's memory must outlive the client. */
struct err *qmp_create(int fd, const struct qmp_pump *pump, struct qmp **out);
void qmp_destroy(struct qmp *q);
/* From now on @pump is run; NULL: none. */
void qmp_set_pump(struct qmp *q, const struct qmp_pump *pump);
/*
 * What may cut the wait for an answer short (a signal): an error that its run
 * returns ends the wait, and is the command's.  NULL: nothing may.
 */
void qmp_set_interrupt(struct qmp *q, const struct qmp_pump *interrupt);
/* How long an answer is waited for; 30 s when nothing is said. */
void qmp_set_patience(struct qmp *q, int ms);
int qmp_fd(const struct qmp *q);

/* Waits for the greeting and leaves negotiation mode; @timeout_ms for each step. */
struct err *qmp_greet(struct qmp *q, int timeout_ms);
/* Nothing at all has come from the other side yet. */
bool qmp_is_silent(const struct qmp *q);
/* "7.2.22 (Debian ...)", known after the greeting. */
const char *qmp_version(const struct qmp *q);

/*
 * Runs a command; consumes @args (may be NULL). *ret (may be NULL) is owned by
 * the caller.  ERR_REFUSED: QEMU answered that it will not.
 */
struct err *qmp_execute(struct qmp *q, const char *command, struct json_object *args,
			struct json_object **ret);
/*
 * The same, with the descriptor @fd beside it for QEMU to keep ("getfd",
 * "add-fd"); ours stays ours.  ERR_REFUSED also where the way to QEMU carries
 * no descriptors.
 */
struct err *qmp_execute_fd(struct qmp *q, const char *command, struct json_object *args, int fd,
			   struct json_object **ret);
/*
 * Whether the last command got its answer, be it a refusal.  Otherwise the
 * connection was closed or broken, or the wait was given up: of what was asked
 * nobody knows then whether it was done.
 */
bool qmp_answered(const struct qmp *q);
/* Sends a command without arguments and does not wait for its answer, which is dropped. */
struct err *qmp_post(struct qmp *q, const char *command);
/* A command of the human monitor; *text is owned by the caller. */
struct err *qmp_hmp(struct qmp *q, const char *command, char **text);

/*
 * Takes one event that has arrived, without waiting: *event is NULL when there
 * is none, otherwise owned by the caller.  An error when the peer is gone.
 */
struct err *qmp_event(struct qmp *q, struct json_object **event);

/* Parses the messages in @data one by one, as they would arrive; for tests and the fuzzer. */
struct err *qmp_parse(const char *data, size_t len, unsigned int *messages);

#endif
