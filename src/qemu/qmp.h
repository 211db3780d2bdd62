/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client of QEMU's machine protocol (QMP), on json-c.
 *
 * A deadlock to avoid: a vCPU that blocks while it writes a trace line holds QEMU's big lock,
 * and the monitor needs that lock. So a program that reads the trace and uses the monitor
 * must read the trace while it waits for an answer. The pump does that: it is called when the
 * answer does not come at once.
 *
 * Protocol: docs/interop/qmp-spec of QEMU; one JSON object a line in both directions.
 */
#ifndef HDADUMP_QEMU_QMP_H
#define HDADUMP_QEMU_QMP_H

#include <json-c/json.h>
#include <stdbool.h>

struct err;
struct qmp;

struct qmp_pump {
	int fd;		/* readable if there is something to pump; -1 = none */
	struct err *(*run)(void *arg);
	void *arg;
};

/* Takes ownership of the connected socket @fd. The pump must live longer than the client. */
struct err *qmp_create(int fd, const struct qmp_pump *pump, struct qmp **out);
void qmp_destroy(struct qmp *q);
/* Sets the pump to call from now on; NULL = none. */
void qmp_set_pump(struct qmp *q, const struct qmp_pump *pump);
/*
 * Sets what can end the wait for an answer early (a signal): an error from its function ends
 * the wait and is returned by the command. NULL = nothing.
 */
void qmp_set_interrupt(struct qmp *q, const struct qmp_pump *interrupt);
/* Sets the longest wait for an answer; the default is 30 s. */
void qmp_set_patience(struct qmp *q, int ms);
int qmp_fd(const struct qmp *q);

/* Waits for the greeting and leaves negotiation mode; @timeout_ms for each step. */
struct err *qmp_greet(struct qmp *q, int timeout_ms);
/* True if the other side has not sent anything yet. */
bool qmp_is_silent(const struct qmp *q);
/* "7.2.22 (Debian ...)", known after the greeting. */
const char *qmp_version(const struct qmp *q);

/*
 * Runs a command; consumes @args (may be NULL). *ret (may be NULL) is owned by the caller.
 * ERR_REFUSED: QEMU's answer is an error.
 */
struct err *qmp_execute(struct qmp *q, const char *command, struct json_object *args,
			struct json_object **ret);
/*
 * The same, and passes the descriptor @fd for QEMU to keep ("getfd", "add-fd"); ours stays
 * open. ERR_REFUSED also if the connection cannot pass descriptors.
 */
struct err *qmp_execute_fd(struct qmp *q, const char *command, struct json_object *args, int fd,
			   struct json_object **ret);
/*
 * True if the last command got an answer, also an error. Otherwise the connection was closed
 * or broken, or the wait was given up: it is unknown then whether the command was executed.
 */
bool qmp_answered(const struct qmp *q);
/* Sends a command without arguments; its answer is dropped. */
struct err *qmp_post(struct qmp *q, const char *command);
/* Runs a command of the human monitor; *text is owned by the caller. */
struct err *qmp_hmp(struct qmp *q, const char *command, char **text);

/*
 * Takes one event that has arrived, without waiting: *event is NULL if there is none,
 * otherwise owned by the caller. An error if the connection is closed.
 */
struct err *qmp_event(struct qmp *q, struct json_object **event);

/* Parses the messages in @data one by one, as if they arrived; for tests and the fuzzer. */
struct err *qmp_parse(const char *data, size_t len, unsigned int *messages);

#endif
