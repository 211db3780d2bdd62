// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/reader.h"
#include "qemu/monitor.h"
#include "qemu/process.h"
#include "qemu/qmp.h"

/* A monitor is free a moment after its client died; libvirtd may have to be waited for. */
#define GUARDIAN_TRIES 50
#define GUARDIAN_FD 3		/* all that it has beside standard input, output and error */
#define GUARDIAN_NAP_NS 100000000l

struct undo {
	struct json_object *list;	/* of commands, oldest first */
	const char *finally;
	int tell;			/* to the guardian; -1: there is none */
	pid_t guardian;
};

/* --- the list ---------------------------------------------------------------- */

static struct err *run(struct qmp *q, struct json_object *command)
{
	struct json_object *execute, *args = NULL, *ret = NULL;
	struct err *e;

	json_object_object_get_ex(command, "execute", &execute);
	if (json_object_object_get_ex(command, "arguments", &args))
		json_object_get(args);
	e = qmp_execute(q, json_object_get_string(execute), args, &ret);
	/* the human monitor's commands say what went wrong in their answer */
	if (!e && json_object_is_type(ret, json_type_string) && *json_object_get_string(ret))
		e = err_new(ERR_FAIL, "QEMU says: %.*s",
			    (int)strcspn(json_object_get_string(ret), "\r\n"),
			    json_object_get_string(ret));
	json_object_put(ret);
	return e;
}

static struct err *run_last(struct json_object *list, struct qmp *q)
{
	size_t n = json_object_array_length(list);
	struct err *e = run(q, json_object_array_get_idx(list, n - 1));

	json_object_array_del_idx(list, n - 1, 1);
	return e;
}

static struct err *run_all(struct json_object *list, struct qmp *q)
{
	struct err *first = NULL, *e;

	while (json_object_array_length(list)) {
		e = run_last(list, q);
		if (first)
			err_free(e);
		else
			first = e;
	}
	return first;
}

/* --- the guardian -------------------------------------------------------------- */

/*
 * The list as it was told: "+COMMAND" noted, "-" taken back, "=COMMAND" comes
 * finally, "@PID", "." all is well.
 */
static bool listen(struct buf *told, struct json_object *list, char **finally, pid_t *pid)
{
	struct reader r = reader_make(told->data, told->len), line;
	bool dismissed = false;
	uint64_t n;

	while (reader_line(&r, &line)) {
		size_t last = json_object_array_length(list);

		if (reader_lit(&line, "+")) {
			struct json_tokener *tok = json_tokener_new();
			struct json_object *o = json_tokener_parse_ex(tok, (const char *)line.p,
								      (int)reader_left(&line));
			if (o)
				json_object_array_add(list, o);
			json_tokener_free(tok);
		} else if (reader_lit(&line, "-") && last) {
			json_object_array_del_idx(list, last - 1, 1);
		} else if (reader_lit(&line, "=")) {
			free(*finally);
			*finally = reader_left(&line) ?
				   strndup((const char *)line.p, reader_left(&line)) : NULL;
		} else if (reader_lit(&line, "@") && reader_dec(&line, &n)) {
			*pid = (pid_t)n;
		} else if (reader_lit(&line, ".")) {
			dismissed = true;
		}
	}
	return dismissed;
}

static struct err *take_back(const struct monitor_where *where, pid_t pid,
			     struct json_object *list, const char *finally)
{
	const struct timespec moment = { .tv_nsec = GUARDIAN_NAP_NS };
	struct monitor m = { 0 };
	struct err *e = NULL;

	for (int i = 0; i < GUARDIAN_TRIES; i++) {
		err_free(e);
		/* a guest that has ended has nothing to be taken back */
		if (pid && !process_alive(pid))
			return NULL;
		nanosleep(&moment, NULL);
		e = monitor_open(where, &m);
		if (!e)
			break;
	}
	if (!e && pid && m.pid && m.pid != pid)
		e = err_new(ERR_FAIL, "another QEMU answers there now");
	if (!e) {
		e = run_all(list, m.q);
		struct err *end = finally ? qmp_execute(m.q, finally, NULL, NULL) : NULL;
		if (e)
			err_free(end);
		else
			e = end;
	}
	monitor_close(&m);
	return e;
}

static void guardian(const struct monitor_where *where, int listen_fd)
{
	struct json_object *list = json_object_new_array();
	struct buf told = { 0 };
	char *finally = NULL;
	pid_t pid = 0;
	ssize_t n;

	/* what ends our parent must not end us: a closed terminal, Ctrl-C */
	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_NAME, "hdadump-guard");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	/* and nothing of his stays open because of us: his file, his sockets */
	if (listen_fd != GUARDIAN_FD)
		listen_fd = dup2(listen_fd, GUARDIAN_FD);
	close_range(GUARDIAN_FD + 1, ~0u, 0);
	for (;;) {
		uint8_t *room = buf_reserve(&told, 4096);

		n = room ? read(listen_fd, room, 4096) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		told.len += (size_t)n;
	}
	if (listen(&told, list, &finally, &pid) || (!json_object_array_length(list) && !finally))
		_exit(0);
	struct err *e = take_back(where, pid, list, finally);
	if (e)
		log_err(err_wrap(e, "hdadump is gone, and what it changed in QEMU could not be "
				 "taken back"));
	else
		log_note("hdadump is gone; what it changed in QEMU has been taken back");
	_exit(e ? 1 : 0);
}

static void tell(struct undo *u, const char *text, size_t len)
{
	/* a line is shorter than PIPE_BUF: told whole or not at all */
	while (u->tell >= 0 && write(u->tell, text, len) < 0 && errno == EINTR)
		;
}

/* --- ours -------------------------------------------------------------------------- */

struct err *undo_create(const struct monitor_where *where, struct undo **out)
{
	struct undo *u = calloc(1, sizeof(*u));
	int fds[2];

	if (!u)
		return err_nomem();
	u->tell = -1;
	u->list = json_object_new_array();
	if (!u->list || pipe2(fds, O_CLOEXEC) < 0) {
		struct err *e = u->list ? err_sys(errno, "making a pipe") : err_nomem();

		undo_destroy(u);
		return e;
	}
	u->guardian = fork();
	if (u->guardian == 0) {
		close(fds[1]);
		guardian(where, fds[0]);
	}
	close(fds[0]);
	u->tell = fds[1];
	if (u->guardian < 0) {
		struct err *e = err_sys(errno, "starting the guardian");

		u->guardian = 0;
		undo_destroy(u);
		return e;
	}
	*out = u;
	return NULL;
}

void undo_set_pid(struct undo *u, pid_t pid)
{
	char line[32];
	int n = snprintf(line, sizeof(line), "@%d\n", (int)pid);

	tell(u, line, (size_t)n);
}

struct err *undo_push(struct undo *u, const char *command, struct json_object *args)
{
	struct json_object *o = json_object_new_object();
	struct buf line = { 0 };
	struct err *e;

	json_object_object_add(o, "execute", json_object_new_string(command));
	if (args)
		json_object_object_add(o, "arguments", args);
	buf_adds(&line, "+");
	buf_adds(&line, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	buf_adds(&line, "\n");
	e = buf_err(&line);
	if (e)
		json_object_put(o);
	else
		json_object_array_add(u->list, o);
	if (!e)
		tell(u, (const char *)line.data, line.len);
	buf_deinit(&line);
	return e;
}

struct err *undo_push_hmp(struct undo *u, const char *command)
{
	struct json_object *args = json_object_new_object();

	json_object_object_add(args, "command-line", json_object_new_string(command));
	return undo_push(u, "human-monitor-command", args);
}

void undo_finally(struct undo *u, const char *command)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "=%s\n", command ? command : "");

	u->finally = command;
	tell(u, line, (size_t)n);
}

struct err *undo_all(struct undo *u, struct qmp *q)
{
	struct err *first = NULL, *e;

	while (json_object_array_length(u->list)) {
		e = run_last(u->list, q);
		tell(u, "-\n", 2);
		if (first)
			err_free(e);
		else
			first = e;
	}
	return first;
}

struct err *undo_end(struct undo *u, struct qmp *q)
{
	struct err *e = u->finally ? qmp_execute(q, u->finally, NULL, NULL) : NULL;

	undo_finally(u, NULL);
	return e;
}

bool undo_is_empty(const struct undo *u)
{
	return !json_object_array_length(u->list) && !u->finally;
}

void undo_by_guardian(struct undo *u)
{
	close(u->tell);
	u->tell = -1;
	while (u->guardian && waitpid(u->guardian, NULL, 0) < 0 && errno == EINTR)
		;
	u->guardian = 0;
}

void undo_destroy(struct undo *u)
{
	if (!u)
		return;
	tell(u, ".\n", 2);
	if (u->tell >= 0)
		undo_by_guardian(u);
	json_object_put(u->list);
	free(u);
}
