// SPDX-License-Identifier: GPL-2.0-or-later
/* What a running QEMU says, line by line, made events of. */
#include "source/live_int.h"

#include <errno.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "source/guestmem.h"
#include "source/qmp.h"

#define QUIET_MS 100
/* A guest that is being halted is given this long to fall silent. */
#define HALT_NS 2000000000ll
#define MOMENT_NS 200000000ll
#define NAPS 4
#define NAP_NS 1000

static int64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

void live_pass_through(const uint8_t *line, size_t len)
{
	struct { const void *p; size_t n; } parts[] = { { line, len }, { "\n", 1 } };

	for (int i = 0; i < 2; i++) {
		const char *p = parts[i].p;
		size_t n = parts[i].n;

		while (n) {
			ssize_t w = write(STDERR_FILENO, p, n);
			if (w < 0 && errno == EINTR)
				continue;
			if (w <= 0)
				return;
			p += w;
			n -= (size_t)w;
		}
	}
}

/* --- the horizon ---------------------------------------------------------- */

static struct err *horizon_push(struct live *l, uint16_t ctrl)
{
	if (l->h_head == l->h_tail)
		l->h_head = l->h_tail = 0;
	if (l->h_tail == l->h_cap) {
		size_t cap = l->h_cap ? l->h_cap * 2 : 64;
		struct horizon *list = realloc(l->horizons, cap * sizeof(*list));

		if (!list)
			return err_nomem();
		l->horizons = list;
		l->h_cap = cap;
	}
	l->horizons[l->h_tail++] = (struct horizon){
		.position = tracepipe_horizon(&l->trace), .reads = ++l->reads[ctrl], .ctrl = ctrl,
	};
	return NULL;
}

/* Says so, once per controller, when the trace has got as far as it was when memory was read. */
static bool horizon_reached(struct live *l, struct event *ev)
{
	struct horizon *h = &l->horizons[l->h_head];

	if (l->h_head == l->h_tail || h->position > l->trace.consumed)
		return false;
	while (l->h_head + 1 < l->h_tail && h[1].ctrl == h->ctrl &&
	       h[1].position <= l->trace.consumed) {
		h++;
		l->h_head++;
	}
	l->h_head++;
	*ev = (struct event){
		.kind = EV_HORIZON, .time = l->now, .ctrl = h->ctrl,
		.value = l->reads[h->ctrl] - h->reads,
		.origin = ORIGIN_SELF,
	};
	return true;
}

/* --- lines and other happenings -------------------------------------------- */

void live_reap(struct live *l)
{
	if (!l->reaped && waitpid(l->child, &l->status, WNOHANG) == l->child)
		l->reaped = true;
}

/*
 * QEMU's memory goes with QEMU, and with it the words of the lines that are
 * still in the pipe.  So the guest is halted first, its last lines are read,
 * and in the silence that follows QEMU is told to end.
 */
static void halt_guest(struct live *l)
{
	struct err *e = l->q ? qmp_post(l->q, "stop") : err_new(ERR_FAIL, "no monitor");

	if (e)
		kill(l->child, SIGTERM);
	else
		l->end_by = clock_ns() + HALT_NS;
	err_free(e);
}

static void take_signals(struct live *l)
{
	struct signalfd_siginfo si;

	while (read(l->signals, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGCHLD) {
			live_reap(l);
			continue;
		}
		l->stops++;
		if (l->reaped)
			continue;
		log_note("%s: %s QEMU and reading the trace to its end",
			 si.ssi_signo == SIGINT ? "interrupted" : "asked to stop",
			 l->stops > 1 ? "killing" : "ending");
		if (l->stops > 1)
			kill(l->child, SIGKILL);
		else
			halt_guest(l);
	}
}

/* A machine reset is worth a word in the capture; the rest of QEMU's news is not ours. */
static bool take_news(struct live *l, struct event *ev)
{
	struct json_object *msg = NULL, *name;
	struct err *e = qmp_event(l->q, &msg);
	bool reset = false;

	if (e) {
		/* QEMU is ending; what its trace pipe still holds is read all the same */
		err_free(e);
		guestmem_monitor_gone(l->mem);
		qmp_destroy(l->q);
		l->q = l->devices.q = NULL;
		return false;
	}
	if (msg && json_object_object_get_ex(msg, "event", &name))
		reset = strcmp(json_object_get_string(name), "RESET") == 0;
	json_object_put(msg);
	if (!reset || !l->devices.controllers)
		return false;
	static const char text[] = "the machine was reset";
	*ev = (struct event){
		.kind = EV_NOTE, .time = clock_ns(), .data = text, .len = sizeof(text) - 1,
		.origin = ORIGIN_SELF,
	};
	return true;
}

/* Makes an event of a line; false when it is none of ours. */
static struct err *take_line(struct live *l, const uint8_t *line, size_t len, struct event *ev,
			     bool *have)
{
	struct event announce = { .kind = EV_NONE };
	struct trace_line tl;
	int ctrl;

	*have = false;
	switch (trace_line_parse(&l->memo, line, len, &tl)) {
	case TRACE_LINE_OTHER:
		live_pass_through(line, len);
		return NULL;
	case TRACE_LINE_DAMAGED: {
		int n = snprintf(l->text, sizeof(l->text), "a line of QEMU's trace is damaged: %s",
				 tl.why);
		*ev = (struct event){
			.kind = EV_GAP, .time = l->now, .data = l->text,
			.len = n < (int)sizeof(l->text) ? (uint32_t)n : sizeof(l->text) - 1,
			.value = 1, .origin = ORIGIN_SELF,
		};
		*have = l->devices.controllers > 0;
		if (!*have)
			log_warn("%s", l->text);
		return NULL;
	}
	case TRACE_LINE_EVENT:
		break;
	}
	struct err *e = devices_find(&l->devices, &tl, &ctrl, &announce);
	if (e || ctrl < 0)
		return e;
	struct event access = {
		.kind = tl.write ? EV_MMIO_WRITE : EV_MMIO_READ,
		.time = tl.time != EVENT_TIME_NONE ? tl.time : l->now,
		.ctrl = (uint16_t)ctrl, .bar = tl.region, .addr = tl.addr, .value = tl.value,
		.width = tl.width, .origin = ORIGIN_TRACE,
	};
	if (tl.access == TRACE_MEMORY) {
		access.bar = 0;
		access.addr = tl.addr & 0x3fff;	/* BARs lie on multiples of their size */
	}
	*have = true;
	if (announce.kind == EV_NONE) {
		*ev = access;
		return NULL;
	}
	announce.time = access.time;
	*ev = announce;
	l->pending = access;
	l->have_pending = true;
	return NULL;
}

/*
 * While the guest is busy, poll(2) would have each of its lines wake us up,
 * which costs the guest's thread more than the line itself.  A few naps, each
 * shorter than the guest needs to fill the pipe, let the lines gather.
 */
static bool nap(struct live *l)
{
	const struct timespec moment = { .tv_nsec = NAP_NS };

	if (!l->naps || l->trace.strict)
		return false;
	l->naps--;
	nanosleep(&moment, NULL);
	return true;
}

static struct err *wait_for_news(struct live *l, struct event *ev, bool *have)
{
	struct pollfd fds[] = {
		{ .fd = l->trace.fd, .events = POLLIN },
		{ .fd = l->signals, .events = POLLIN },
		{ .fd = l->q ? qmp_fd(l->q) : -1, .events = POLLIN },
	};
	int n = poll(fds, 3, QUIET_MS);

	*have = false;
	if (n < 0 && errno != EINTR)
		return err_sys(errno, "waiting for QEMU's trace");
	if (n > 0 && fds[1].revents)
		take_signals(l);
	if (l->end_by && (n == 0 || clock_ns() > l->end_by)) {
		l->end_by = 0;
		kill(l->child, SIGTERM);
	}
	if (n > 0 && fds[2].revents)
		*have = take_news(l, ev);
	if (n == 0) {
		live_reap(l);
		/* in a strict capture QEMU's children may hold the pipe open behind it */
		if (l->reaped)
			l->trace.eof = true;
		*ev = (struct event){ .kind = EV_NONE, .time = clock_ns() };
		*have = true;
	}
	return NULL;
}

struct err *live_next(struct source *s, struct event *ev, bool *more)
{
	struct live *l = (struct live *)s;
	const uint8_t *line;
	size_t len;
	bool have;

	*more = true;
	if (l->have_pending) {
		*ev = l->pending;
		l->have_pending = false;
		return NULL;
	}
	for (;;) {
		struct err *e;

		if (horizon_reached(l, ev))
			return NULL;
		if (tracepipe_line(&l->trace, &line, &len)) {
			e = take_line(l, line, len, ev, &have);
			if (e || have)
				return e;
			continue;
		}
		if (l->trace.eof) {
			*more = false;
			return NULL;
		}
		uint64_t before = l->trace.received + l->trace.held;
		e = tracepipe_fill(&l->trace);
		if (e)
			return e;
		if (l->trace.received + l->trace.held != before) {
			l->now = clock_ns();
			l->naps = NAPS;
			/* a guest that never pauses (a stream plays) must not hold back what is shown */
			if (l->now - l->quiet < MOMENT_NS)
				continue;
			l->quiet = l->now;
			*ev = (struct event){ .kind = EV_NONE, .time = l->now };
			return NULL;
		}
		if (l->trace.eof || nap(l))
			continue;
		e = wait_for_news(l, ev, &have);
		if (e || have)
			return e;
	}
}

struct err *live_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
			     struct event *ev)
{
	struct live *l = (struct live *)s;
	enum event_origin origin = ORIGIN_PROCESS;
	struct err *e;

	if (len > sizeof(l->data))
		e = err_new(ERR_FAIL, "%u bytes at once", len);
	else
		e = guestmem_read(l->mem, addr, l->data, len, &origin);
	*ev = (struct event){
		.kind = e ? EV_NOMEM : EV_MEM, .time = l->now, .ctrl = ctrl, .addr = addr,
		.value = e ? len : 0, .origin = (uint8_t)origin, .data = l->data, .len = len,
	};
	if (e) {
		int n = snprintf((char *)l->data, sizeof(l->data), "%s", err_text(e));

		ev->len = n < 512 ? (uint32_t)n : 512;
		err_free(e);
		return NULL;
	}
	return horizon_push(l, ctrl);
}
