// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/qmp.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_access.h"
#include "qemu/peer.h"

/* A longer message is not a QMP message (query-qmp-schema is 0.3 MB). */
#define MESSAGE_MAX (16u << 20)
#define DEPTH_MAX 64
/* Wait this long for the monitor alone before the trace is read beside it. */
#define PATIENCE_MS 2
#define ANSWER_MS 30000
/* The most events that are stored until qmp_event(); then the oldest are dropped. */
#define EVENTS_MAX 1024

struct qmp {
	int fd;
	struct qmp_pump pump, interrupt;
	int patience_ms;
	struct buf in;
	struct json_tokener *tok;
	/* array: events that arrived during the wait for an answer */
	struct json_object *events;
	char *version;
	unsigned int next_id;
	bool heard;
	bool answered;
};

void qmp_set_pump(struct qmp *q, const struct qmp_pump *pump)
{
	q->pump = pump ? *pump : (struct qmp_pump){ .fd = -1 };
}

void qmp_set_interrupt(struct qmp *q, const struct qmp_pump *interrupt)
{
	q->interrupt = interrupt ? *interrupt : (struct qmp_pump){ .fd = -1 };
}

void qmp_set_patience(struct qmp *q, int ms)
{
	q->patience_ms = ms;
}

struct err *qmp_create(int fd, const struct qmp_pump *pump, struct qmp **out)
{
	struct qmp *q = calloc(1, sizeof(*q));

	if (q) {
		q->fd = fd;
		qmp_set_pump(q, pump);
		qmp_set_interrupt(q, NULL);
		q->patience_ms = ANSWER_MS;
		q->tok = json_tokener_new_ex(DEPTH_MAX);
		q->events = json_object_new_array();
	}
	if (!q || !q->tok || !q->events) {
		close(fd);
		if (q)
			q->fd = -1;
		qmp_destroy(q);
		return err_nomem();
	}
	*out = q;
	return NULL;
}

void qmp_destroy(struct qmp *q)
{
	if (!q)
		return;
	if (q->fd >= 0)
		close(q->fd);
	if (q->tok)
		json_tokener_free(q->tok);
	json_object_put(q->events);
	buf_deinit(&q->in);
	free(q->version);
	free(q);
}

int qmp_fd(const struct qmp *q)
{
	return q->fd;
}

bool qmp_is_silent(const struct qmp *q)
{
	return !q->heard;
}

bool qmp_answered(const struct qmp *q)
{
	return q->answered;
}

const char *qmp_version(const struct qmp *q)
{
	return q->version ? q->version : "unknown";
}

/* Takes one message from the received bytes; *msg is NULL if none is complete. */
static struct err *take_message(struct qmp *q, struct json_object **msg)
{
	*msg = NULL;
	for (;;) {
		uint8_t *nl = q->in.len ? memchr(q->in.data, '\n', q->in.len) : NULL;

		if (!nl) {
			if (q->in.len > MESSAGE_MAX)
				return err_new(ERR_FORMAT, "the monitor sent %zu bytes without an "
					       "end of line; this is not a QMP socket", q->in.len);
			return NULL;
		}
		size_t len = (size_t)(nl - q->in.data);
		size_t text = len && nl[-1] == '\r' ? len - 1 : len;

		if (!text) {
			buf_consume(&q->in, len + 1);
			continue;
		}
		json_tokener_reset(q->tok);
		struct json_object *obj = json_tokener_parse_ex(q->tok, (char *)q->in.data,
								(int)text + 1);
		bool good = obj && json_object_is_type(obj, json_type_object);
		struct err *e = NULL;
		if (!good) {
			json_object_put(obj);
			e = err_new(ERR_FORMAT, "the monitor sent something that is not a QMP "
				    "message: %.*s", text < 60 ? (int)text : 60,
				    (char *)q->in.data);
		}
		buf_consume(&q->in, len + 1);
		if (e)
			return e;
		*msg = obj;
		return NULL;
	}
}

static struct err *receive(struct qmp *q)
{
	uint8_t *room = buf_reserve(&q->in, 65536);

	if (!room)
		return err_nomem();
	ssize_t n = recv(q->fd, room, 65536, MSG_DONTWAIT);
	if (n > 0) {
		q->in.len += (size_t)n;
		q->heard = true;
		return NULL;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return NULL;
	if (n < 0 && errno != ECONNRESET)
		return err_sys(errno, "reading from QEMU's monitor");
	return err_new(ERR_FAIL, "QEMU has closed its monitor; it has ended or is ending");
}

static struct err *run_pump(struct qmp_pump *p, short revents)
{
	struct err *e = revents ? p->run(p->arg) : NULL;

	/* the other end is closed: it would be readable for ever */
	if (revents & POLLNVAL || (revents & POLLHUP && !(revents & POLLIN)))
		p->fd = -1;
	return e;
}

static struct err *late(int timeout_ms)
{
	return err_new(ERR_FAIL, "QEMU's monitor did not answer in %d s", timeout_ms / 1000);
}

/*
 * Waits for the next message until @end. Every other poll is for the monitor alone (@alone,
 * which is kept from message to message), because an unread trace blocks the guest.
 */
static struct err *wait_message(struct qmp *q, long long end, int timeout_ms, bool *alone,
				struct json_object **msg)
{
	struct err *e;

	for (;;) {
		e = take_message(q, msg);
		if (e || *msg)
			return e;
		struct pollfd fds[3] = {
			{ .fd = q->fd, .events = POLLIN },
			{ .fd = q->pump.fd, .events = POLLIN },
			{ .fd = q->interrupt.fd, .events = POLLIN },
		};
		int n = poll(fds, *alone ? 1 : 3, *alone ? PATIENCE_MS : 100);
		if (n < 0 && errno != EINTR)
			return err_sys(errno, "waiting for QEMU's monitor");
		*alone = !*alone;
		if (n > 0) {
			if (fds[0].revents)
				e = receive(q);
			if (!e)
				e = run_pump(&q->pump, fds[1].revents);
			if (!e)
				e = run_pump(&q->interrupt, fds[2].revents);
			if (e)
				return e;
		}
		if ((n <= 0 || !fds[0].revents) && clock_ms() > end)
			return late(timeout_ms);
	}
}

/* Sends @fd with the first bytes; -1 = none. */
static struct err *send_all(struct qmp *q, const char *text, size_t len, int fd)
{
	while (len) {
		ssize_t n = peer_send(q->fd, text, len, fd);

		if (n < 0)
			return err_sys(errno, "writing to QEMU's monitor");
		fd = -1;
		text += n;
		len -= (size_t)n;
	}
	return NULL;
}

static bool has(struct json_object *msg, const char *key, struct json_object **value)
{
	return json_object_object_get_ex(msg, key, value);
}

static void keep_event(struct qmp *q, struct json_object *msg)
{
	if (json_object_array_length(q->events) >= EVENTS_MAX)
		json_object_array_del_idx(q->events, 0, 1);
	json_object_array_add(q->events, msg);
}

/* False for the answer to an earlier command, whose wait was given up, and for a second answer. */
static bool is_answer(struct json_object *msg, unsigned int id)
{
	struct json_object *v;

	return has(msg, "id", &v) && json_object_is_type(v, json_type_int) &&
	       json_object_get_int64(v) == (int64_t)id;
}

static struct err *take_answer(struct json_object *msg, const char *command,
			       struct json_object **ret)
{
	struct json_object *v;

	if (has(msg, "error", &v)) {
		const char *why = member_text(v, "desc");

		return err_new(ERR_REFUSED, "QEMU refused %s: %s", command, why ? why : "no reason given");
	}
	if (!has(msg, "return", &v))
		return err_new(ERR_FORMAT, "QEMU's answer to %s has neither return nor error", command);
	if (ret)
		*ret = json_object_get(v);
	return NULL;
}

static struct err *send_command(struct qmp *q, const char *command, struct json_object *args,
				unsigned int id, int fd)
{
	struct json_object *cmd = json_object_new_object();
	struct buf line = { 0 };
	struct err *e;

	if (!cmd) {
		json_object_put(args);
		return err_nomem();
	}
	json_object_object_add(cmd, "execute", json_object_new_string(command));
	if (args)
		json_object_object_add(cmd, "arguments", args);
	json_object_object_add(cmd, "id", json_object_new_int64(id));
	const char *text = json_object_to_json_string_ext(cmd, JSON_C_TO_STRING_PLAIN);
	buf_adds(&line, text ? text : "");
	buf_addc(&line, '\n');
	e = buf_err(&line);
	if (!e)
		e = send_all(q, (char *)line.data, line.len, fd);
	buf_deinit(&line);
	json_object_put(cmd);
	return e;
}

static struct err *execute(struct qmp *q, const char *command, struct json_object *args, int fd,
			   struct json_object **ret)
{
	long long end = clock_ms() + q->patience_ms;
	unsigned int id = ++q->next_id;
	bool alone = true;
	struct json_object *msg = NULL, *v;
	struct err *e = send_command(q, command, args, id, fd);

	q->answered = false;
	while (!e && !q->answered) {
		e = wait_message(q, end, q->patience_ms, &alone, &msg);
		if (e)
			break;
		if (has(msg, "event", &v)) {
			keep_event(q, msg);
		} else {
			q->answered = is_answer(msg, id);
			if (q->answered)
				e = take_answer(msg, command, ret);
			json_object_put(msg);
		}
		/* a monitor that sends other messages without end has not answered either */
		if (!q->answered && clock_ms() > end)
			e = late(q->patience_ms);
	}
	return err_wrap(e, "QMP");
}

struct err *qmp_execute(struct qmp *q, const char *command, struct json_object *args,
			struct json_object **ret)
{
	return execute(q, command, args, -1, ret);
}

struct err *qmp_execute_fd(struct qmp *q, const char *command, struct json_object *args, int fd,
			   struct json_object **ret)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	if (getsockopt(q->fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 || domain != AF_UNIX) {
		json_object_put(args);
		return err_new(ERR_REFUSED, "QMP: only a UNIX socket carries descriptors");
	}
	return execute(q, command, args, fd, ret);
}

struct err *qmp_post(struct qmp *q, const char *command)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "{\"execute\":\"%s\"}\n", command);

	return err_wrap(send_all(q, line, (size_t)n, -1), "QMP");
}

struct err *qmp_greet(struct qmp *q, int timeout_ms)
{
	struct json_object *msg = NULL, *qmp, *version, *numbers;
	bool alone = true;
	struct err *e = wait_message(q, clock_ms() + timeout_ms, timeout_ms, &alone, &msg);
	const char *package;

	if (e)
		return err_wrap(e, "QMP");
	if (!has(msg, "QMP", &qmp)) {
		json_object_put(msg);
		return err_new(ERR_FORMAT, "QMP: the socket does not greet as QEMU's monitor does");
	}
	version = json_member(qmp, "version");
	numbers = json_member(version, "qemu");
	package = member_text(version, "package");
	if (numbers && asprintf(&q->version, "%" PRIu64 ".%" PRIu64 ".%" PRIu64 "%s%s%s",
				member_number(numbers, "major"), member_number(numbers, "minor"),
				member_number(numbers, "micro"), package && *package ? " (" : "",
				package ? package : "", package && *package ? ")" : "") < 0)
		q->version = NULL;
	json_object_put(msg);
	return qmp_execute(q, "qmp_capabilities", NULL, NULL);
}

struct err *qmp_hmp(struct qmp *q, const char *command, char **text)
{
	struct json_object *args = json_object_new_object(), *ret = NULL;
	struct err *e;

	json_object_object_add(args, "command-line", json_object_new_string(command));
	e = qmp_execute(q, "human-monitor-command", args, &ret);
	if (e)
		return e;
	if (!json_object_is_type(ret, json_type_string))
		e = err_new(ERR_FORMAT, "QMP: the answer to '%s' is not text", command);
	else if (!(*text = strdup(json_object_get_string(ret))))
		e = err_nomem();
	json_object_put(ret);
	return e;
}

struct err *qmp_event(struct qmp *q, struct json_object **event)
{
	struct json_object *v;
	struct err *e;

	*event = NULL;
	if (json_object_array_length(q->events)) {
		*event = json_object_get(json_object_array_get_idx(q->events, 0));
		json_object_array_del_idx(q->events, 0, 1);
		return NULL;
	}
	struct pollfd fd = { .fd = q->fd, .events = POLLIN };
	if (poll(&fd, 1, 0) > 0) {
		e = receive(q);
		if (e)
			return e;
	}
	/* drop answers for which no command waits */
	for (;;) {
		e = take_message(q, event);
		if (e || !*event || has(*event, "event", &v))
			return e;
		json_object_put(*event);
	}
}

struct err *qmp_parse(const char *data, size_t len, unsigned int *messages)
{
	struct qmp q = { .fd = -1, .tok = json_tokener_new_ex(DEPTH_MAX) };
	struct json_object *msg = NULL;
	struct err *e = NULL;

	*messages = 0;
	if (!q.tok)
		return err_nomem();
	buf_add(&q.in, data, len);
	while (!(e = take_message(&q, &msg)) && msg) {
		json_object_put(msg);
		++*messages;
	}
	json_tokener_free(q.tok);
	buf_deinit(&q.in);
	return e;
}
