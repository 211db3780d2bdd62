// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/attach/undo.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/log.h"
#include "base/reader.h"
#include "live/attach/guardian.h"
#include "live/attach/undo_int.h"
#include "qemu/monitor.h"
#include "qemu/qmp.h"

/* If the guest does not run after `cont`, repeat it: QEMU may be busy with something else. */
#define CONT_TRIES 3
#define CONT_NAP_NS 100000000l
/* Even a user in a hurry waits this long for the guardian, which usually needs less. */
#define HURRY_MS 2000

/* --- the list, and its other copy ---------------------------------------------------- */

/*
 * One line each: "+N COMMAND" a change was noted, "-N" it was undone, "s" the guest will be
 * stopped, "c" it runs again, "@PID" of QEMU, "e" its trace has ended without our request,
 * "x" QEMU has ended, "!TEXT" why something failed, "." the guardian is no longer needed.
 */
void undo_tell(struct undo *u, const char *fmt, ...)
{
	struct buf line = { 0 };
	size_t done = 0;
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (text)
		buf_adds(&line, text);
	buf_addc(&line, '\n');
	free(text);
	while (u->other >= 0 && done < line.len) {
		ssize_t n = send(u->other, line.data + done, line.len - done, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += (size_t)n;
	}
	u->alone = line.failed || done < line.len;
	buf_deinit(&line);
}

static void drop(struct undo *u, size_t i)
{
	json_object_put(u->steps[i].command);
	memmove(u->steps + i, u->steps + i + 1, (--u->count - i) * sizeof(*u->steps));
}

static void drop_number(struct undo *u, uint64_t number)
{
	for (size_t i = u->count; i--;)
		if (u->steps[i].number == number)
			drop(u, i);
}

static void add(struct undo *u, unsigned int number, struct json_object *command)
{
	u->steps[u->count++] = (struct undo_step){ .number = number, .command = command };
}

static void hear_line(struct undo *u, struct reader *line)
{
	uint64_t n;

	if (reader_lit(line, "+") && reader_dec(line, &n) && reader_lit(line, " ")) {
		struct json_tokener *tok = json_tokener_new();
		struct json_object *o = json_tokener_parse_ex(tok, (const char *)line->p,
							      (int)reader_left(line));
		if (o && u->count < UNDO_MAX)
			add(u, (unsigned int)n, o);
		else
			json_object_put(o);
		json_tokener_free(tok);
	} else if (reader_lit(line, "-") && reader_dec(line, &n)) {
		drop_number(u, n);
	} else if (reader_lit(line, "@") && reader_dec(line, &n)) {
		u->pid = (pid_t)n;
	} else if (reader_lit(line, "!")) {
		free(u->why);
		u->why = strndup((const char *)line->p, reader_left(line));
	} else if (reader_lit(line, "s")) {
		u->holds_guest = true;
	} else if (reader_lit(line, "c")) {
		u->holds_guest = false;
	} else if (reader_lit(line, "e")) {
		u->trace_ended = true;
	} else if (reader_lit(line, "x")) {
		u->ended = true;
	} else if (reader_lit(line, ".")) {
		u->dismissed = true;
	}
}

bool undo_hear(struct undo *u)
{
	uint8_t *room = buf_reserve(&u->heard, 4096), *nl;
	ssize_t n = room ? recv(u->other, room, 4096, 0) : 0;

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	u->heard.len += (size_t)n;
	while (u->heard.len && (nl = memchr(u->heard.data, '\n', u->heard.len))) {
		size_t len = (size_t)(nl - u->heard.data);
		struct reader line = reader_make(u->heard.data, len);

		hear_line(u, &line);
		buf_consume(&u->heard, len + 1);
	}
	return true;
}

struct err *undo_push(struct undo *u, const char *command, struct json_object *args)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "execute", json_object_new_string(command));
	if (args)
		json_object_object_add(o, "arguments", args);
	if (u->count == UNDO_MAX) {
		json_object_put(o);
		return err_new(ERR_FAIL, "more than %d changes in QEMU", UNDO_MAX);
	}
	add(u, ++u->numbers, o);
	undo_tell(u, "+%u %s", u->numbers,
		  json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE));
	return NULL;
}

struct err *undo_push_hmp(struct undo *u, const char *command)
{
	struct json_object *args = json_object_new_object();

	json_object_object_add(args, "command-line", json_object_new_string(command));
	return undo_push(u, "human-monitor-command", args);
}

void undo_push_stop(struct undo *u)
{
	u->holds_guest = true;
	undo_tell(u, "s");
}

bool undo_holds_guest(const struct undo *u)
{
	return u->holds_guest;
}

void undo_set_pid(struct undo *u, pid_t pid)
{
	u->pid = pid;
	undo_tell(u, "@%d", (int)pid);
}

void undo_trace_ended(struct undo *u)
{
	u->trace_ended = true;
	undo_tell(u, "e");
}

/* --- taking back ---------------------------------------------------------------------- */

static bool is(struct json_object *command, const char *name)
{
	const char *text = member_text(command, "execute");

	return text && strcmp(text, name) == 0;
}

static struct err *ask_status(struct qmp *q, bool *running, char *status, size_t size)
{
	struct json_object *ret = NULL, *run;
	struct err *e = qmp_execute(q, "query-status", NULL, &ret);
	const char *text = member_text(ret, "status");

	run = json_member(ret, "running");
	if (!e && !json_object_is_type(run, json_type_boolean))
		e = err_new(ERR_FORMAT, "QMP: QEMU does not say whether the guest runs");
	*running = !e && json_is_true(run);
	snprintf(status, size, "%s", !e && text ? text : "");
	json_object_put(ret);
	return e;
}

struct err *undo_ask_running(struct qmp *q, bool *running)
{
	char status[40];

	return ask_status(q, running, status, sizeof(status));
}

/*
 * A trace event that we switched off must be off now; if QEMU does not know it, it does not
 * trace it.
 */
static struct err *confirm_off(struct qmp *q, const char *event)
{
	struct json_object *args = json_object_new_object(), *ret = NULL;
	const char *state;

	json_object_object_add(args, "name", json_object_new_string(event));
	struct err *e = qmp_execute(q, "trace-event-get-state", args, &ret);
	if (e)
		return e;
	state = member_text(json_count(ret) ? json_object_array_get_idx(ret, 0) : NULL, "state");
	if (!state || strcmp(state, "enabled") == 0)
		e = err_new(ERR_FAIL, "QEMU has switched the trace event %s off, and says that it is %s",
			    event, state ? "on" : "in no state");
	json_object_put(ret);
	return e;
}

static struct err *take_back(struct qmp *q, struct json_object *command)
{
	struct json_object *args = json_member(command, "arguments"), *ret = NULL;
	struct err *e = qmp_execute(q, member_text(command, "execute"), json_object_get(args), &ret);

	/* commands of the human monitor report errors in their answer */
	if (!e && is(command, "human-monitor-command")) {
		const char *said = json_string(ret) ? json_string(ret) : "no text";

		if (*said)
			e = err_new(ERR_FAIL, "QEMU says to '%s': %.*s", member_text(args, "command-line"),
				    (int)strcspn(said, "\r\n"), said);
	}
	json_object_put(ret);
	if (!e && is(command, "trace-event-set-state"))
		e = confirm_off(q, member_text(args, "name"));
	return e;
}

static struct err *first_of(struct err *first, struct err *next)
{
	if (!first)
		return next;
	err_free(next);
	return first;
}

struct err *undo_changes(struct undo *u, struct qmp *q)
{
	struct err *first = NULL, *e;

	for (size_t i = u->count; i--;) {
		e = take_back(q, u->steps[i].command);
		if (!e) {
			undo_tell(u, "-%u", u->steps[i].number);
			drop(u, i);
			continue;
		}
		first = first_of(first, e);
		if (!qmp_answered(q))
			break;
	}
	return first;
}

/* True for states in which the guest is stopped for another reason than our stop. */
static bool is_of_others(const char *status)
{
	static const char *const others[] = {
		"debug", "inmigrate", "internal-error", "io-error", "postmigrate", "shutdown",
		"suspended", "watchdog", "guest-panicked", "colo",
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(status, others[i]) == 0)
			return true;
	return false;
}

static struct err *let_go_on(struct undo *u, struct qmp *q)
{
	struct err *refused = qmp_execute(q, "cont", NULL, NULL), *e;
	char status[40];
	bool running;

	if (refused && !qmp_answered(q))
		return refused;
	/* whatever QEMU's answer was, check whether the guest runs */
	e = ask_status(q, &running, status, sizeof(status));
	if (e)
		return first_of(refused, e);
	if (!running && !is_of_others(status))
		return refused ? refused : err_new(ERR_FAIL, "QEMU was told to run the guest, and "
						   "says that it is '%s'", status);
	err_free(refused);
	if (!running)
		log_note("the guest does not run, for a reason of its own: QEMU says '%s'", status);
	u->holds_guest = false;
	undo_tell(u, "c");
	return NULL;
}

struct err *undo_stop(struct undo *u, struct qmp *q)
{
	const struct timespec moment = { .tv_nsec = CONT_NAP_NS };
	struct err *e = NULL;

	for (int i = 0; u->holds_guest && i < CONT_TRIES; i++) {
		if (i)
			nanosleep(&moment, NULL);
		err_free(e);
		e = let_go_on(u, q);
		if (e && !qmp_answered(q))
			break;
	}
	return e;
}

struct err *undo_all(struct undo *u, struct qmp *q)
{
	struct err *e = undo_changes(u, q);

	if (e && !qmp_answered(q))
		return e;
	return first_of(e, undo_stop(u, q));
}

bool undo_is_empty(const struct undo *u)
{
	return u->ended || (!u->count && !u->holds_guest);
}

bool undo_qemu_ended(const struct undo *u)
{
	return u->ended;
}

/* --- commands for the user ----------------------------------------------------------- */

static void add_hmp(struct buf *b, struct json_object *command)
{
	struct json_object *args = json_member(command, "arguments");

	if (is(command, "human-monitor-command"))
		buf_adds(b, member_text(args, "command-line"));
	else if (is(command, "trace-event-set-state"))
		buf_addf(b, "trace-event %s %s", member_text(args, "name"),
			 json_is_true(json_member(args, "enable")) ? "on" : "off");
	else
		buf_adds(b, member_text(command, "execute"));
}

static void add_virsh(const struct undo *u, struct buf *b, struct json_object *command)
{
	buf_adds(b, "virsh ");
	if (u->where->uri)
		buf_addf(b, "-c %s ", u->where->uri);
	buf_addf(b, "qemu-monitor-command %s --hmp '", u->where->libvirt);
	add_hmp(b, command);
	buf_adds(b, "'");
}

/* Adds the commands in the order in which they must be typed. */
static void add_commands(const struct undo *u, struct buf *b)
{
	struct json_object *cont = json_object_new_object();
	bool virsh = u->where->libvirt;

	json_object_object_add(cont, "execute", json_object_new_string("cont"));
	if (!virsh) {
		buf_adds(b, "in QEMU's monitor");
		if (u->where->qmp || u->pid)
			buf_adds(b, " (");
		if (u->where->qmp)
			buf_adds(b, u->where->qmp);
		else if (u->pid)
			buf_addf(b, "process %d", (int)u->pid);
		buf_adds(b, u->where->qmp || u->pid ? ") type " : " type ");
	}
	for (size_t i = u->count + 1; i--;) {
		struct json_object *c = i ? u->steps[i - 1].command : u->holds_guest ? cont : NULL;

		if (!c)
			break;
		if (virsh)
			add_virsh(u, b, c);
		else
			buf_addc(b, '\'');
		if (!virsh)
			add_hmp(b, c);
		buf_adds(b, virsh ? "" : "'");
		buf_adds(b, i > 1 || (i && u->holds_guest) ? virsh ? "; " : ", " : "");
	}
	if (!virsh) {
		buf_adds(b, ", or by QMP {\"execute\":\"qmp_capabilities\"}");
		for (size_t i = u->count; i--;)
			buf_addf(b, " %s", json_object_to_json_string_ext(u->steps[i].command,
									  JSON_C_TO_STRING_NOSLASHESCAPE));
		if (u->holds_guest)
			buf_addf(b, " %s", json_object_to_json_string_ext(cont, JSON_C_TO_STRING_NOSLASHESCAPE));
	}
	json_object_put(cont);
}

struct err *undo_left(const struct undo *u, struct err *why)
{
	struct buf text = { 0 };
	bool traced = false;
	struct err *e;

	if (undo_is_empty(u)) {
		err_free(why);
		return NULL;
	}
	for (size_t i = 0; i < u->count; i++)
		traced |= is(u->steps[i].command, "trace-event-set-state");
	buf_addf(&text, "%s: ", why ? err_text(why) : "not everything was undone");
	if (u->holds_guest)
		buf_addf(&text, "the guest is paused%s", u->count ? ", and " : "; ");
	if (u->count)
		buf_addf(&text, "QEMU's %s; ", traced ? "trace is on" : "log goes to /dev/null");
	if (u->trying)
		buf_addf(&text, "hdadump's guardian (process %d) goes on trying for %d minutes; if it does "
			 "not come to an end, ", (int)u->guardian, GUARDIAN_S / 60);
	add_commands(u, &text);
	e = buf_err(&text);
	if (!e)
		e = err_new(ERR_FAIL, "%s", buf_str(&text));
	buf_deinit(&text);
	err_free(why);
	return e;
}

/* --- the guardian ---------------------------------------------------------------------- */

struct err *undo_create(const struct monitor_where *where, struct undo **out)
{
	struct undo *u = calloc(1, sizeof(*u));
	int fds[2];

	if (!u)
		return err_nomem();
	u->where = where;
	u->other = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		free(u);
		return err_sys(errno, "making a socket for the guardian");
	}
	u->guardian = fork();
	if (u->guardian == 0) {
		close(fds[0]);
		guardian_run(where, fds[1]);
	}
	close(fds[1]);
	u->other = fds[0];
	if (u->guardian < 0) {
		struct err *e = err_sys(errno, "starting the guardian");

		u->guardian = 0;
		undo_destroy(u);
		return e;
	}
	*out = u;
	return NULL;
}

static void wait_for_guardian(struct undo *u, int options)
{
	pid_t pid = 0;

	while (u->guardian && (pid = waitpid(u->guardian, NULL, options)) < 0 && errno == EINTR)
		;
	if (pid)
		u->guardian = 0;
}

static struct err *run_pump(struct qmp_pump *p, short revents)
{
	struct err *e = revents ? p->run(p->arg) : NULL;

	if (revents & POLLNVAL || (revents & POLLHUP && !(revents & POLLIN)))
		p->fd = -1;
	return e;
}

/* Reads what it has sent already; false at its end. */
static bool hear_the_rest(struct undo *u)
{
	struct pollfd fd = { .fd = u->other, .events = POLLIN };

	while (poll(&fd, 1, 0) > 0)
		if (!undo_hear(u))
			return false;
	return true;
}

/* Reads until the guardian has ended. */
static struct err *listen_to_guardian(struct undo *u, int ms, struct qmp_pump *interrupt,
				      struct qmp_pump *drain)
{
	int64_t begin = clock_ms(), end = begin + ms, left;
	struct err *e = NULL;

	while (!e) {
		struct pollfd fds[] = {
			{ .fd = u->other, .events = POLLIN },
			{ .fd = interrupt->fd, .events = POLLIN },
			{ .fd = drain->fd, .events = POLLIN },
		};

		if (!hear_the_rest(u))
			return NULL;
		left = end - clock_ms();
		if (left < 0)
			return err_new(ERR_FAIL, "another connection to the monitor has not got through in "
				       "%d s", (int)(end - begin) / 1000);
		if (poll(fds, ARRAY_SIZE(fds), (int)left + 1) < 0 && errno != EINTR)
			return err_sys(errno, "waiting for the guardian");
		err_free(run_pump(drain, fds[2].revents));
		e = run_pump(interrupt, fds[1].revents);
		if (e && end - clock_ms() > HURRY_MS) {
			end = clock_ms() + HURRY_MS;
			err_free(e);
			e = NULL;
		}
	}
	return e;
}

struct err *undo_hand_over(struct undo *u, int ms, const struct qmp_pump *interrupt,
			   const struct qmp_pump *drain)
{
	struct qmp_pump none = { .fd = -1 }, i = interrupt ? *interrupt : none,
			d = drain ? *drain : none;
	struct err *e;

	if (u->other < 0)
		return err_new(ERR_FAIL, "the guardian has ended");
	shutdown(u->other, SHUT_WR);
	e = listen_to_guardian(u, ms, &i, &d);
	close(u->other);
	u->other = -1;
	wait_for_guardian(u, e ? WNOHANG : 0);
	u->trying = e && u->guardian;
	if (!e && !undo_is_empty(u))
		e = err_new(ERR_FAIL, "%s", u->why ? u->why : "the guardian has died");
	return e;
}

void undo_deinit(struct undo *u)
{
	for (size_t i = 0; i < u->count; i++)
		json_object_put(u->steps[i].command);
	if (u->other >= 0)
		close(u->other);
	buf_deinit(&u->heard);
	free(u->why);
}

void undo_destroy(struct undo *u)
{
	if (!u)
		return;
	if (u->other >= 0) {
		undo_tell(u, ".");
		close(u->other);
		u->other = -1;
		wait_for_guardian(u, 0);
	}
	undo_deinit(u);
	free(u);
}
