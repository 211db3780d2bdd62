// SPDX-License-Identifier: GPL-2.0-or-later
/* Merges the events of the feed, QEMU's monitor and the user into one stream. */
#include "live/live_int.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/log.h"
#include "live/control.h"
#include "live/live.h"
#include "qemu/guest_memory.h"
#include "qemu/qmp.h"

#define QUIET_MS 100
/* Wait this long for a guest to stop when it is halted. */
#define HALT_NS 2000000000ll
#define MOMENT_NS 200000000ll
/*
 * Handle at most so many of the monitor's messages at once, so that an endless stream does
 * not block all others.
 */
#define NEWS_MAX 256
#define NAPS 4
#define NAP_NS 1000

void live_say(struct live *l, const char *fmt, ...)
{
	const struct event ev = { .kind = EV_NOTE, .time = clock_ns() };
	va_list ap;

	va_start(ap, fmt);
	event_queue_say(&l->own_events, ev, fmt, ap);
	va_end(ap);
}

/* --- the user -------------------------------------------------------------- */

struct err *live_take_signals(struct live *l)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &l->old_mask);
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals < 0 ? err_sys(errno, "taking signals (signalfd)") : NULL;
}

/*
 * The words of the lines that are still in the pipe are in the guest's memory, which ends
 * with QEMU, or is written again. So the guest is halted first, and is left when it has
 * stopped and its last lines have been read.
 */
void live_halt(struct live *l)
{
	struct err *e = NULL;

	if (l->way->halt)
		l->way->halt(l);
	if (!l->halted)
		e = l->q ? qmp_post(l->q, "stop") : err_new(ERR_FAIL, "no monitor");
	/* if `stop` failed, do not wait */
	l->end_by = clock_ns() + (e ? 0 : HALT_NS);
	err_free(e);
}

bool live_hear_user(struct live *l, const char **how)
{
	struct signalfd_siginfo si;

	while (read(l->signals, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGCHLD) {
			l->way->child(l);
			continue;
		}
		l->stops++;
		*how = si.ssi_signo == SIGINT ? "interrupted" : "asked to stop";
		return true;
	}
	return false;
}

static void take_signals(struct live *l)
{
	const char *how;

	while (live_hear_user(l, &how)) {
		if (l->feed->ended)
			continue;
		log_note("%s: %s and reading the trace to its end", how,
			 l->stops > 1 ? l->way->insists : l->way->ends);
		if (l->stops > 1)
			l->way->insist(l);
		else
			live_halt(l);
	}
}

static void put_mark(void *arg, const char *text, size_t len)
{
	struct live *l = arg;
	const struct event ev = {
		.kind = EV_MARK, .time = clock_ns(), .data = text, .len = (uint32_t)len,
		.origin = ORIGIN_SELF,
	};

	event_queue_put(&l->own_events, &ev);
}

/*
 * Only after everything read so far has been given out, so that a mark comes after what
 * happened before it.
 */
static void take_marks(struct live *l)
{
	l->looked = clock_ns();
	if (l->control)
		control_take(l->control, put_mark, l);
}

void live_set_control(struct source *s, struct control *c)
{
	((struct live *)s)->control = c;
}

/* --- the monitor ------------------------------------------------------------ */

static struct err *pump(void *arg)
{
	struct feed *f = arg;

	return f->ops->drain(f);
}

void live_set_pump(struct live *l)
{
	const struct qmp_pump p = { .fd = l->feed->fd, .run = pump, .arg = l->feed };

	qmp_set_pump(l->q, &p);
}

void live_lose_monitor(struct live *l)
{
	if (l->mem)
		guestmem_monitor_gone(l->mem);
	qmp_destroy(l->q);
	l->q = l->devices.q = NULL;
}

/* The events of QEMU that are worth a note in the capture. */
static const struct {
	const char *event, *text;
} news[] = {
	{ "RESET", "the machine was reset" },
	{ "STOP", "the guest was paused" },
	{ "RESUME", "the guest runs again" },
	{ "SUSPEND", "the guest went to sleep" },
	{ "WAKEUP", "the guest woke up" },
	{ "POWERDOWN", "the guest was told to power down" },
	{ "SHUTDOWN", "the guest has shut down" },
};

static void take_event(struct live *l, const char *event)
{
	if (!event)
		return;
	if (strcmp(event, "STOP") == 0 || strcmp(event, "RESUME") == 0)
		l->halted = *event == 'S';
	/* our own stop is not worth a note */
	if (!l->devices.controllers || l->end_by)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(news); i++)
		if (strcmp(event, news[i].event) == 0)
			live_say(l, "%s", news[i].text);
}

static void take_news(struct live *l)
{
	struct json_object *msg = NULL;
	struct err *e = NULL;

	for (int i = 0; i < NEWS_MAX; i++) {
		e = qmp_event(l->q, &msg);
		if (e || !msg)
			break;
		take_event(l, member_text(msg, "event"));
		json_object_put(msg);
	}
	if (!e)
		return;
	/* QEMU is ending; the rest of the feed is still read */
	err_free(e);
	live_lose_monitor(l);
}

/* --- the loop ---------------------------------------------------------------- */

/*
 * While the guest is busy, poll(2) would wake us up for each access, which costs the guest's
 * thread more than the access itself. So we sleep a few times, each time shorter than the
 * guest needs to fill the pipe.
 */
static bool nap(struct live *l)
{
	const struct timespec moment = { .tv_nsec = NAP_NS };

	if (!l->naps || !l->feed->gathers)
		return false;
	l->naps--;
	nanosleep(&moment, NULL);
	return true;
}

/* With @wait, polls the feed too. */
static struct err *look_for_news(struct live *l, bool wait, struct event *ev, bool *have)
{
	struct pollfd fds[] = {
		{ .fd = wait ? l->feed->fd : -1, .events = POLLIN },
		{ .fd = l->signals, .events = POLLIN },
		{ .fd = l->q ? qmp_fd(l->q) : -1, .events = POLLIN },
		{ .fd = l->control ? control_fd(l->control) : -1, .events = POLLIN },
	};
	int n = poll(fds, ARRAY_SIZE(fds), wait ? QUIET_MS : 0);

	*have = false;
	if (n < 0 && errno != EINTR)
		return err_sys(errno, "waiting for QEMU's trace");
	if (n > 0 && fds[1].revents)
		take_signals(l);
	/* handling the user's signal may have closed the monitor */
	if (n > 0 && fds[2].revents && l->q)
		take_news(l);
	if (n > 0 && fds[3].revents)
		take_marks(l);
	if (n == 0 && wait) {
		l->way->silence(l);
		if (l->end_by)
			l->halted = true;	/* treated as halted: it cannot be asked */
		*ev = (struct event){ .kind = EV_NONE, .time = clock_ns() };
		*have = true;
	}
	return NULL;
}

/* Everything was given out. True if the guest, which is being left, has more events. */
static bool leaving(struct live *l)
{
	if (!l->end_by || (!l->halted && clock_ns() < l->end_by))
		return false;
	if (l->way->leave(l))
		l->end_by = 0;
	return true;
}

/* The feed has ended and was given out. True if nothing comes after it. */
static bool is_over(struct live *l)
{
	return !l->way->settle || l->way->settle(l);
}

/* The next event; *more is false if the guest has ended. */
static struct err *next_event(struct live *l, struct event *ev, bool *more)
{
	struct feed *f = l->feed;
	struct err *e;
	bool have, got;

	*more = true;
	for (;;) {
		if (!event_queue_empty(&l->own_events) && event_queue_get(&l->own_events, ev))
			return NULL;
		e = f->ops->next(f, ev, &have);
		if (e || have)
			return e;
		if (f->ended) {
			if (!is_over(l))
				continue;
			*more = false;
			return NULL;
		}
		/* take marks even if the guest never pauses */
		if (l->control && f->now - l->looked >= MOMENT_NS) {
			take_marks(l);
			continue;
		}
		e = f->ops->fill(f, &got);
		if (e)
			return e;
		if (got) {
			l->naps = NAPS;
			/*
			 * let the caller show its output even if the guest never pauses
			 * (while a stream plays)
			 */
			if (f->now - l->quiet < MOMENT_NS)
				continue;
			l->quiet = f->now;
			/* signals (Ctrl-C) are handled meanwhile */
			e = look_for_news(l, false, ev, &have);
			*ev = (struct event){ .kind = EV_NONE, .time = f->now };
			return e;
		}
		if (f->ended || nap(l) || leaving(l))
			continue;
		e = look_for_news(l, true, ev, &have);
		if (e || have)
			return e;
	}
}

/*
 * One event at a time: guest memory that the model needs after it must be read before
 * anything else is done, and the guest may wait for that (--strict).
 */
static struct err *live_next(struct source *s, struct event_run *run)
{
	struct live *l = (struct live *)s;
	bool more;
	struct err *e = next_event(l, &l->event, &more);

	*run = (struct event_run){ &l->event, !e && more };
	return e;
}

static struct err *live_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				    struct event *ev)
{
	struct live *l = (struct live *)s;

	return l->feed->ops->read_memory(l->feed, ctrl, addr, len, ev);
}

/* --- beginning and end --------------------------------------------------------- */

static void live_destroy(struct source *s)
{
	struct live *l = (struct live *)s;

	l->way->destroy(l);
	live_deinit(l);
	free(l);
}

static const struct source_ops live_ops = {
	.next = live_next,
	.read_memory = live_read_memory,
	.destroy = live_destroy,
};

void live_init(struct live *l, const struct qemu_attachment *way, const char *device)
{
	l->base.ops = &live_ops;
	l->way = way;
	l->signals = -1;
	l->devices.only = device;
}

void live_deinit(struct live *l)
{
	feed_destroy(l->feed);
	devices_deinit(&l->devices);
	guestmem_destroy(l->mem);
	qmp_destroy(l->q);
	event_queue_deinit(&l->own_events);
	if (l->signals >= 0) {
		const char *how;

		/* drop further stop signals: the capture has stopped already */
		while (live_hear_user(l, &how))
			;
		close(l->signals);
		sigprocmask(SIG_SETMASK, &l->old_mask, NULL);
	}
}

struct err *live_result(struct source *s)
{
	struct live *l = (struct live *)s;

	return l->way->result(l);
}

const char *live_route(struct source *s)
{
	struct live *l = (struct live *)s;

	return l->feed->ops->route(l->feed);
}
