// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes events from a running QEMU's trace, line by line. */
#include "live/feed_trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "base/vec.h"
#include "live/devices.h"
#include "qemu/guest_memory.h"

/* Bytes of the trace that may wait while memory is read by the monitor. */
#define BACKLOG_MAX (256 * 1024)

/* Prints lines of QEMU that are not trace lines to standard error. */
static void pass_on(const uint8_t *line, size_t len)
{
	struct buf safe = { 0 };
	size_t done = 0;

	for (const uint8_t *tab; (tab = memchr(line, '\t', len)); line = tab + 1) {
		text_add_safe(&safe, line, (size_t)(tab - line));
		buf_addc(&safe, '\t');
		len -= (size_t)(tab + 1 - line);
	}
	text_add_safe(&safe, line, len);
	buf_addc(&safe, '\n');
	while (!safe.failed && done < safe.len) {
		ssize_t n = write(STDERR_FILENO, safe.data + done, safe.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	buf_deinit(&safe);
}

/* --- the horizon ---------------------------------------------------------- */

static struct err *horizon_push(struct trace_feed *t, uint16_t ctrl)
{
	if (t->h_head == t->h_tail)
		t->h_head = t->h_tail = 0;
	if (!vec_room(t->horizons, t->h_tail, t->h_cap))
		return err_nomem();
	t->horizons[t->h_tail++] = (struct horizon){
		.position = tracepipe_horizon(&t->pipe), .reads = ++t->reads[ctrl], .ctrl = ctrl,
	};
	return NULL;
}

/*
 * Gives the horizon event of each controller when the trace has passed the place it had when
 * memory was read.
 */
static bool horizon_reached(struct trace_feed *t, struct event *ev)
{
	struct horizon *h = &t->horizons[t->h_head];

	if (t->h_head == t->h_tail || h->position > t->pipe.consumed)
		return false;
	while (t->h_head + 1 < t->h_tail && h[1].ctrl == h->ctrl &&
	       h[1].position <= t->pipe.consumed) {
		h++;
		t->h_head++;
	}
	t->h_head++;
	*ev = (struct event){
		.kind = EV_HORIZON, .time = t->base.now, .ctrl = h->ctrl,
		.value = t->reads[h->ctrl] - h->reads,
		.origin = ORIGIN_SELF,
	};
	return true;
}

/* --- lines ---------------------------------------------------------------- */

/* Makes an event from a line; false if the line is not about our controllers. */
static struct err *take_line(struct trace_feed *t, const uint8_t *line, size_t len,
			     struct event *ev, bool *have)
{
	struct event announce = { .kind = EV_NONE };
	struct trace_line tl;
	int ctrl;

	*have = false;
	switch (trace_line_parse(&t->memo, line, len, &tl)) {
	case TRACE_LINE_OTHER:
		pass_on(line, len);
		return NULL;
	case TRACE_LINE_DAMAGED: {
		int n = snprintf(t->text, sizeof(t->text), "a line of QEMU's trace is damaged: %s",
				 tl.why);
		*ev = (struct event){
			.kind = EV_GAP, .time = t->base.now, .data = t->text,
			.len = n < (int)sizeof(t->text) ? (uint32_t)n : sizeof(t->text) - 1,
			.value = 1, .origin = ORIGIN_SELF,
		};
		*have = t->devices->controllers > 0;
		if (!*have)
			log_warn("%s", t->text);
		return NULL;
	}
	case TRACE_LINE_EVENT:
		break;
	}
	struct err *e = devices_find(t->devices, &tl, &ctrl, &announce);
	if (e || ctrl < 0)
		return e;
	struct event access = {
		.kind = tl.write ? EV_MMIO_WRITE : EV_MMIO_READ,
		.time = tl.time != EVENT_TIME_NONE ? tl.time : t->base.now,
		.ctrl = (uint16_t)ctrl, .bar = tl.region, .addr = tl.addr, .value = tl.value,
		.width = tl.width, .origin = ORIGIN_TRACE,
	};
	if (tl.access == TRACE_MEMORY) {
		access.bar = 0;
		access.addr = tl.addr & 0x3fff;	/* BARs are aligned to their size */
	}
	*have = true;
	if (announce.kind == EV_NONE) {
		*ev = access;
		return NULL;
	}
	announce.time = access.time;
	*ev = announce;
	t->pending = access;
	t->have_pending = true;
	return NULL;
}

static struct err *trace_next(struct feed *f, struct event *ev, bool *have)
{
	struct trace_feed *t = (struct trace_feed *)f;
	struct err *e = NULL;
	const uint8_t *line;
	size_t len;

	t->pipe.eof |= f->ended;
	*have = true;
	if (t->have_pending) {
		*ev = t->pending;
		t->have_pending = false;
		return NULL;
	}
	if (horizon_reached(t, ev))
		return NULL;
	*have = false;
	while (!e && !*have && tracepipe_line(&t->pipe, &line, &len)) {
		e = take_line(t, line, len, ev, have);
		if (!e && !*have && horizon_reached(t, ev))
			*have = true;
	}
	return e;
}

static struct err *trace_fill(struct feed *f, bool *got)
{
	struct trace_feed *t = (struct trace_feed *)f;
	uint64_t before = t->pipe.received + t->pipe.held;
	struct err *e = tracepipe_fill(&t->pipe);

	t->behind = false;	/* all that waited was given */
	*got = t->pipe.received + t->pipe.held != before;
	if (*got)
		f->now = clock_ns();
	f->ended |= t->pipe.eof;
	return e;
}

static struct err *trace_drain(struct feed *f)
{
	return tracepipe_drain(&((struct trace_feed *)f)->pipe);
}

/*
 * While the monitor is asked the trace must be read on (qmp.h), so a busy guest gets ahead by
 * more than its answer was worth: the trace would fill our memory, and the user's Ctrl-C,
 * which is heard when nothing waits, would come too late. Then words are lost instead.
 */
static bool is_behind(struct trace_feed *t)
{
	if (!t->pipe.strict && t->pipe.in.len - t->pipe.pos > BACKLOG_MAX)
		t->behind = guestmem_by_monitor(t->mem);
	return t->behind;
}

static struct err *trace_read_memory(struct feed *f, uint16_t ctrl, uint64_t addr, uint32_t len,
				     struct event *ev)
{
	struct trace_feed *t = (struct trace_feed *)f;
	enum event_origin origin = ORIGIN_PROCESS;
	struct err *e;

	if (len > sizeof(t->data))
		e = err_new(ERR_FAIL, "%u bytes at once", len);
	else if (is_behind(t))
		e = err_new(ERR_FAIL, "the guest is faster than QEMU's monitor, through which its memory "
			    "is read");
	else
		e = guestmem_read(t->mem, addr, t->data, len, &origin);
	*ev = (struct event){
		.kind = e ? EV_NOMEM : EV_MEM, .time = f->now, .ctrl = ctrl, .addr = addr,
		.value = e ? len : 0, .origin = (uint8_t)origin, .data = t->data, .len = len,
	};
	if (e) {
		int n = snprintf((char *)t->data, sizeof(t->data), "%s", err_text(e));

		ev->len = n < 512 ? (uint32_t)n : 512;
		err_free(e);
		return NULL;
	}
	return horizon_push(t, ctrl);
}

static const char *trace_route(struct feed *f)
{
	struct trace_feed *t = (struct trace_feed *)f;

	snprintf(t->text, sizeof(t->text), "%s%s", t->mem ? guestmem_route(t->mem) : "nobody",
		 t->pipe.strict ? ", strict: the guest waited for it at each access" : "");
	return t->text;
}

void trace_feed_let_out(struct trace_feed *t)
{
	const uint8_t *line;
	size_t len;
	bool got;

	do {
		err_free(trace_fill(&t->base, &got));
		while (tracepipe_line(&t->pipe, &line, &len))
			pass_on(line, len);
	} while (got);
}

unsigned int trace_feed_own_looks(struct trace_feed *t)
{
	unsigned int looks = 0;
	const uint8_t *line;
	size_t len;
	bool got;

	do {
		err_free(trace_fill(&t->base, &got));
		while (tracepipe_line(&t->pipe, &line, &len)) {
			struct event announce;
			struct trace_line tl;
			int ctrl = -1;

			if (trace_line_parse(&t->memo, line, len, &tl) != TRACE_LINE_EVENT)
				continue;
			err_free(devices_find(t->devices, &tl, &ctrl, &announce));
			looks += ctrl >= 0;
		}
	} while (got);
	return looks;
}

/* --- beginning and end ------------------------------------------------------ */

static void trace_destroy(struct feed *f)
{
	struct trace_feed *t = (struct trace_feed *)f;

	tracepipe_deinit(&t->pipe);
	free(t->horizons);
	free(t);
}

static const struct feed_ops trace_ops = {
	.next = trace_next,
	.fill = trace_fill,
	.drain = trace_drain,
	.read_memory = trace_read_memory,
	.route = trace_route,
	.destroy = trace_destroy,
};

static struct trace_feed *make(struct devices *devices)
{
	struct trace_feed *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->base.ops = &trace_ops;
	t->devices = devices;
	return t;
}

static struct err *finish(struct trace_feed *t, struct err *e, struct trace_feed **out)
{
	if (e) {
		trace_destroy(&t->base);
		return e;
	}
	t->base.fd = t->pipe.fd;
	t->base.gathers = !t->pipe.strict;
	*out = t;
	return NULL;
}

struct err *trace_feed_create(struct devices *devices, bool strict, struct trace_feed **out)
{
	struct trace_feed *t = make(devices);

	return t ? finish(t, tracepipe_init(&t->pipe, strict), out) : err_nomem();
}

struct err *trace_feed_create_fifo(struct devices *devices, int fd, struct trace_feed **out)
{
	struct trace_feed *t = make(devices);

	if (!t) {
		close(fd);
		return err_nomem();
	}
	return finish(t, tracepipe_init_fifo(&t->pipe, fd), out);
}
