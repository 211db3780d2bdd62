// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/attach/live_leave.h"

#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "live/controller_probe.h"
#include "live/live_int.h"
#include "live/attach/undo.h"
#include "qemu/process.h"
#include "qemu/qmp.h"

/* Longest wait for an answer of the monitor. */
#define ANSWER_MS 15000
/* Longest wait for the guardian, which may go on after that. */
#define GUARDIAN_MS 30000
/* The same if the user does not want to wait. */
#define HURRIED_MS 2000
/* A QEMU that is ending closes its monitor some time before its process ends. */
#define ENDING_TRIES 100
#define ENDING_NAP_NS 20000000

/* --- waiting for QEMU ------------------------------------------------------------ */

/* Ends the wait if the user sends a signal. */
static struct err *hear_user(void *arg)
{
	struct leave *lv = arg;
	const char *how;

	while (live_hear_user(lv->live, &how)) {
		if (lv->live->stops > lv->may_wait) {
			lv->hurried = true;
			return err_new(ERR_FAIL, "%s while QEMU was waited for", how);
		}
		log_note("%s: leaving QEMU as it was; once more: not waiting for it", how);
	}
	return NULL;
}

/* Reads and drops the rest of the trace, so that QEMU is not blocked. */
static struct err *let_out(void *arg)
{
	struct leave *lv = arg;
	char page[4096];
	ssize_t n = read(lv->live->feed->fd, page, sizeof(page));

	(void)n;
	return NULL;
}

static struct qmp_pump user_pump(struct leave *lv)
{
	return (struct qmp_pump){ .fd = lv->live->signals, .run = hear_user, .arg = lv };
}

static struct qmp_pump trace_pump(struct leave *lv)
{
	struct live *l = lv->live;

	return (struct qmp_pump){
		.fd = lv->traced && l->feed ? l->feed->fd : -1, .run = let_out, .arg = lv,
	};
}

void leave_while_joining(struct leave *lv)
{
	const struct qmp_pump user = user_pump(lv);

	lv->may_wait = 0;
	qmp_set_interrupt(lv->live->q, &user);
}

void leave_when_joined(struct leave *lv)
{
	qmp_set_interrupt(lv->live->q, NULL);
}

/* Keeps the first failure; a monitor that does not answer is not used again. */
static void note_failure(struct leave *lv, struct err *e)
{
	struct live *l = lv->live;

	if (!e)
		return;
	if (l->q && !qmp_answered(l->q))
		live_lose_monitor(l);
	if (lv->why)
		err_free(e);
	else
		lv->why = e;
}

static void begin(struct leave *lv)
{
	struct live *l = lv->live;
	const struct qmp_pump user = user_pump(lv);

	if (!lv->begun) {
		/* a command whose wait was given up while attaching, and not because of the user */
		if (l->q && !qmp_answered(l->q) && !lv->hurried)
			live_lose_monitor(l);
		lv->begun = true;
		lv->hurried = false;
		lv->may_wait = 1;
	}
	if (!l->q)
		return;
	qmp_set_patience(l->q, ANSWER_MS);
	qmp_set_interrupt(l->q, &user);
}

/* --- the steps --------------------------------------------------------------------- */

void leave_halt(struct leave *lv)
{
	struct live *l = lv->live;
	bool running = false;

	begin(lv);
	if (!l->q)
		return;
	note_failure(lv, undo_ask_running(l->q, &running));
	if (running)
		undo_push_stop(lv->undo);
	else
		l->halted = true;
}

/*
 * Switches the trace off; while the guest is still paused, reads the position of the last
 * responses. If the trace had ended before, the guest has run on since.
 */
static void look_back(struct leave *lv)
{
	struct live *l = lv->live;
	struct err *e;

	if (l->q)
		note_failure(lv, undo_changes(lv->undo, l->q));
	if (l->q && lv->trace_ended)
		live_say(l, "QEMU has closed its trace: nothing more can be captured");
	if (!l->q || lv->trace_ended)
		return;
	e = devices_locate(&l->devices);
	for (size_t i = 0; i < l->devices.count && qmp_answered(l->q); i++) {
		err_free(e);
		e = l->devices.list[i].ctrl < 0 ? NULL :
		    probe_responses(l->q, &l->devices.list[i], &l->own_events);
	}
	/* if only that read was refused, leaving has not failed */
	if (!qmp_answered(l->q))
		note_failure(lv, e);
	else
		err_free(e);
}

bool leave_step(struct leave *lv)
{
	if (!lv->looked) {
		lv->looked = true;
		lv->trace_ended = lv->live->feed->ended && lv->traced;
		if (lv->trace_ended)
			undo_trace_ended(lv->undo);
		begin(lv);
		look_back(lv);
		return false;
	}
	leave_now(lv);
	lv->live->feed->ended = true;
	return true;
}

static void hand_over(struct leave *lv)
{
	struct live *l = lv->live;
	const struct qmp_pump user = user_pump(lv), trace = trace_pump(lv);
	struct err *e;

	/* QEMU accepts one client at a time */
	live_lose_monitor(l);
	e = undo_hand_over(lv->undo, lv->hurried ? HURRIED_MS : GUARDIAN_MS, &user, &trace);
	if (!undo_is_empty(lv->undo))
		note_failure(lv, e);
	else
		err_free(e);
	lv->alive = undo_is_empty(lv->undo) && !undo_qemu_ended(lv->undo);
	if (lv->alive)
		log_warn("QEMU's monitor did not answer (%s); the changes were undone by another "
			 "connection", lv->why ? err_text(lv->why) : "it was closed");
}

void leave_now(struct leave *lv)
{
	struct live *l = lv->live;
	const struct qmp_pump trace = trace_pump(lv);

	if (lv->done || !lv->undo)
		return;
	lv->done = true;
	begin(lv);
	if (l->q) {
		qmp_set_pump(l->q, &trace);
		note_failure(lv, undo_all(lv->undo, l->q));
	}
	lv->alive = l->q;
	if (!undo_is_empty(lv->undo))
		hand_over(lv);
}

/* True if QEMU has closed the monitor and there was nothing to undo. */
static bool has_ended(struct leave *lv)
{
	bool alive = lv->pid && process_alive(lv->pid);

	for (int i = 0; alive && i < ENDING_TRIES; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = ENDING_NAP_NS }, NULL);
		alive = process_alive(lv->pid);
	}
	return !alive;
}

/* Returns, once, the first failure with the changes that are left. */
static struct err *what_is_left(struct leave *lv)
{
	struct err *why = lv->why;

	lv->why = NULL;
	if (!lv->undo) {
		err_free(why);
		return NULL;
	}
	return err_wrap(undo_left(lv->undo, why), "leaving QEMU as it was");
}

struct err *leave_result(struct leave *lv)
{
	leave_now(lv);
	if (undo_is_empty(lv->undo) && (undo_qemu_ended(lv->undo) ||
					(!lv->alive && has_ended(lv))))
		log_note("the guest has ended");
	else if (lv->alive && lv->trace_ended)
		log_warn("the guest runs on, but QEMU has closed its trace: was its log sent "
			 "elsewhere (logfile)? later accesses are not in the capture");
	return what_is_left(lv);
}

struct err *leave_after(struct leave *lv, struct err *e)
{
	struct err *left, *both;

	leave_now(lv);
	left = what_is_left(lv);
	if (!left)
		return e;
	both = err_new(err_kind(e), "%s; and %s", err_text(e), err_text(left));
	err_free(e);
	err_free(left);
	return both;
}

/* --- beginning and end ------------------------------------------------------------ */

struct err *leave_init(struct leave *lv, struct live *l, const struct monitor_where *where)
{
	lv->live = l;
	return undo_create(where, &lv->undo);
}

void leave_set_pid(struct leave *lv, pid_t pid)
{
	lv->pid = pid;
	undo_set_pid(lv->undo, pid);
}

void leave_deinit(struct leave *lv)
{
	undo_destroy(lv->undo);
	err_free(lv->why);
}
