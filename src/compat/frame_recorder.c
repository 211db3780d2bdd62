// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/frame_recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "compat/frame_monitor.h"
#include "compat/frame_store.h"
#include "compat/output_folder.h"
#include "compat/save_schedule.h"
#include "event/event.h"
#include "input/trace/log_device.h"
#include "input/trace/trace_line.h"
#include "live/tracepipe.h"

#define PAGE 4096
/* The guest is quiet if it announced nothing for this time; the second value is for fast saves. */
#define QUIET_MS 100
#define QUICK_MS 5
/* So many damaged lines are reported one by one. */
#define TOLD_MAX 4

struct frame_recorder {
	const struct frame_recorder_options *o;
	struct tracepipe in;
	struct trace_memo memo;
	struct log_devices devices;
	struct save_schedule *schedule[EVENT_MAX_CTRL];
	int ctrl;		/* the controller whose rings are saved; -1 = none yet */
	bool told_other;
	struct frame_monitor *mon;
	struct frame_store keep;
	bool no_more;		/* the monitor cannot be used any more */
	bool failed;		/* because of an error, which was reported */
	bool ending;		/* the guest has shut down, and QEMU is held */
	struct out out;
	bool mute;		/* the reader of our output has closed it */
	long long busy;		/* time of the last announcement */
	uint64_t verbs, damaged;
};

static volatile sig_atomic_t asked_to_stop;

static void on_signal(int sig)
{
	asked_to_stop = sig;
}

/* Prints lines of QEMU that are not trace lines to standard error. */
static void pass_through(const uint8_t *line, size_t len)
{
	struct buf b = { 0 };

	buf_add(&b, line, len);
	buf_addc(&b, '\n');
	if (!b.failed && write(STDERR_FILENO, b.data, b.len) < 0) {
		/* an error while writing an error cannot be reported */
	}
	buf_deinit(&b);
}

/* --- the terminal ----------------------------------------------------------- */

static char *put_address(char *p, uint64_t at)
{
	p = put_lit(p, "0x");
	return text_hex(p, at * 4, at * 4 > UINT32_MAX ? 16 : 8);
}

/*
 *	0x00000004             frame00, slot 01
 *	0x00000008-0x00000014  frame00, slots 02-05: 4 verbs
 */
static void show(struct frame_recorder *g, const struct announced *a)
{
	struct err *e;
	char *p;

	if (g->mute)
		return;
	e = out_room(&g->out, &p);
	if (!e) {
		p = put_address(p, a->at);
		if (a->count > 1) {
			*p++ = '-';
			p = put_address(p, a->at + a->count - 1);
			p = put_lit(p, "  frame");
		} else {
			p = put_lit(p, "             frame");
		}
		if (a->frame < 10)
			*p++ = '0';
		p = text_dec(p, a->frame);
		p = a->count > 1 ? put_lit(p, ", slots ") : put_lit(p, ", slot ");
		p = text_hex(p, a->slot, 2);
		if (a->count > 1) {
			*p++ = '-';
			p = text_hex(p, (a->slot + a->count - 1u) % a->size, 2);
			p = put_lit(p, ": ");
			p = text_dec(p, a->count);
			p = put_lit(p, " verbs");
		}
		*p++ = '\n';
		out_took(&g->out, p);
		return;
	}
	g->mute = true;
	err_free(e);
}

static void flush(struct frame_recorder *g)
{
	struct err *e = g->mute ? NULL : out_flush(&g->out);

	if (!e)
		return;
	g->mute = true;
	err_free(e);
}

/* --- saving ------------------------------------------------------------------- */

static struct save_schedule *current(struct frame_recorder *g)
{
	return g->ctrl < 0 ? NULL : g->schedule[g->ctrl];
}

/*
 * Stops saving because the monitor cannot be used: reports that once, and still prints
 * addresses. If the monitor was closed because QEMU is ending, that is not an error.
 */
static void give_up(struct frame_recorder *g, struct err *e)
{
	bool gone = err_kind(e) == ERR_PIPE;

	if (gone)
		err_free(e);
	else
		log_err(err_wrap(e, "no more frames are saved"));
	g->failed = !gone;
	g->no_more = true;
}

static void take_verdicts(struct frame_recorder *g)
{
	struct lap_verdict v;

	while (save_schedule_verdict(current(g), &v))
		frame_store_verdict(&g->keep, &v);
}

static void make_saves(struct frame_recorder *g)
{
	struct save_schedule *l = current(g);
	struct save s;

	take_verdicts(g);
	while (save_schedule_wants(l, &s)) {
		struct err *e = NULL;

		if (g->mon && !g->no_more)
			e = frame_store_save(&g->keep, g->mon, &s, l->reads);
		if (e)
			give_up(g, e);
		if (g->mon && !g->no_more)
			save_schedule_saved(l, &s, tracepipe_horizon(&g->in));
		take_verdicts(g);
	}
}

/* QEMU runs now, so its folder can be found; the folder must hold no frames. */
static struct err *settle_place(struct frame_recorder *g)
{
	struct err *e;

	if (!g->mon || g->keep.ready)
		return NULL;
	e = output_folder_find(&g->keep.place, g->o->folder, g->mon->ops->pid(g->mon));
	if (!e)
		e = output_folder_clear(&g->keep.place, g->o->overwrite);
	g->keep.ready = !e;
	if (e || g->o->no_hold || !g->mon->ops->hold)
		return e;
	return g->mon->ops->hold(g->mon, &g->keep.held);
}

/* --- the trace ---------------------------------------------------------------- */

static struct err *take_access(struct frame_recorder *g, const struct event *ev)
{
	struct announced a;
	struct save_schedule *l;
	struct err *e;

	if (!g->schedule[ev->ctrl]) {
		g->schedule[ev->ctrl] = malloc(sizeof(**g->schedule));
		if (!g->schedule[ev->ctrl])
			return err_nomem();
		save_schedule_init(g->schedule[ev->ctrl]);
		e = settle_place(g);
		if (e)
			return e;
	}
	l = g->schedule[ev->ctrl];
	save_schedule_feed(l, ev, g->in.consumed);
	if (!save_schedule_said(l, &a))
		goto saves;
	if (g->ctrl < 0)
		g->ctrl = ev->ctrl;
	if (g->ctrl != ev->ctrl && !g->told_other) {
		g->told_other = true;
		log_warn("a second HD Audio controller sends verbs, too: %s; the frames are of the "
			 "first, --controller chooses", frame_store_device(&g->devices, ev->ctrl));
	}
	if (g->ctrl == ev->ctrl) {
		g->keep.device = frame_store_device(&g->devices, ev->ctrl);
		g->verbs += a.count;
		g->busy = clock_ms();
		show(g, &a);
	}
saves:
	if (g->ctrl == ev->ctrl)
		make_saves(g);
	return NULL;
}

static struct err *take_event(struct frame_recorder *g, const struct trace_line *tl)
{
	struct log_device *d;
	struct event ev;
	struct err *e = log_devices_find(&g->devices, tl, &d);

	if (e || !d)
		return e;
	ev = (struct event){
		.kind = tl->write ? EV_MMIO_WRITE : EV_MMIO_READ, .time = tl->time,
		.ctrl = d->ctrl, .bar = tl->region, .addr = log_device_offset(d, tl),
		.value = tl->value, .width = tl->width, .origin = ORIGIN_TRACE,
	};
	if (d->verdict == VERDICT_HDA && !d->n_held)
		return take_access(g, &ev);
	if (d->verdict == VERDICT_OPEN)
		log_devices_judge(&g->devices, d, &ev);
	if (d->verdict == VERDICT_OTHER)
		return NULL;
	e = log_device_hold(&g->devices, d, &ev);
	/* first the held accesses, from before the device was known to be a controller */
	while (!e && d->verdict == VERDICT_HDA && log_device_release(&g->devices, d, &ev))
		e = take_access(g, &ev);
	return e;
}

static struct err *take_line(struct frame_recorder *g, const uint8_t *line, size_t len)
{
	struct trace_line tl;
	bool cut = g->in.eof && g->in.pos == g->in.in.len && line[len - 1] != '\n' &&
		   g->in.in.data[g->in.pos - 1] != '\n';
	enum trace_line_kind kind;

	if (len && line[len - 1] == '\r')
		len--;
	kind = trace_line_parse(&g->memo, line, len, &tl);
	if (kind == TRACE_LINE_EVENT && cut && tl.open_end) {
		kind = TRACE_LINE_DAMAGED;
		tl.why = "the trace ends inside it";
	}
	switch (kind) {
	case TRACE_LINE_OTHER:
		pass_through(line, len);
		return NULL;
	case TRACE_LINE_DAMAGED:
		if (g->damaged++ < TOLD_MAX)
			log_warn("a line of QEMU's trace is damaged: %s: %.*s", tl.why,
				 len < 80 ? (int)len : 80, (const char *)line);
		return NULL;
	case TRACE_LINE_EVENT:
		break;
	}
	return take_event(g, &tl);
}

static struct err *take_lines(struct frame_recorder *g)
{
	struct err *e = NULL;
	const uint8_t *line;
	size_t len;

	while (!e && tracepipe_line(&g->in, &line, &len))
		if (len)
			e = take_line(g, line, len);
	return e;
}

/* --- the loop ------------------------------------------------------------------ */

static void quiet(struct frame_recorder *g)
{
	if (!current(g))
		return;
	save_schedule_quiet(current(g));
	make_saves(g);
}

static void take_news(struct frame_recorder *g)
{
	struct err *e = g->mon->ops->news(g->mon, &g->ending);

	if (e) {
		/* QEMU is ending, but the rest of its trace is still read */
		err_free(e);
		g->no_more = true;
	}
}

static struct err *wait_for_more(struct frame_recorder *g)
{
	bool due = current(g) && current(g)->quiet_due && !g->no_more;
	bool news = g->mon && g->mon->fd >= 0 && !g->no_more;
	struct pollfd fds[2] = { { .fd = g->in.fd, .events = POLLIN },
				 { .fd = news ? g->mon->fd : -1, .events = POLLIN } };
	int quiet_ms = g->mon && g->mon->quick ? QUICK_MS : QUIET_MS;
	int n = poll(fds, 2, due ? quiet_ms : -1);

	if (n < 0)
		return errno == EINTR ? NULL : err_sys(errno, "waiting for QEMU's trace");
	if (n == 0 && clock_ms() - g->busy >= quiet_ms)
		quiet(g);
	if (news && fds[1].revents)
		take_news(g);
	return NULL;
}

/* The guest has shut down and QEMU is held, so nothing changes any more. */
static struct err *finish_held(struct frame_recorder *g)
{
	quiet(g);
	g->ending = false;
	return g->mon->ops->release(g->mon);
}

static struct err *loop(struct frame_recorder *g)
{
	struct err *e;

	for (;;) {
		e = take_lines(g);
		if (e || asked_to_stop)
			return e;
		if (g->in.eof)
			return NULL;
		uint64_t before = g->in.received;
		e = tracepipe_fill(&g->in);
		if (e)
			return e;
		if (g->in.received != before || g->in.eof)
			continue;
		flush(g);
		e = g->ending ? finish_held(g) : wait_for_more(g);
		if (e)
			return e;
	}
}

/* --- beginning and end ----------------------------------------------------------- */

static struct err *take_over_input(struct frame_recorder *g)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct stat st;

	g->in = (struct tracepipe){ .writer = -1, .aux = { -1, -1 } };
	g->in.fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (g->in.fd < 0 || fstat(g->in.fd, &st) < 0)
		return err_sys(errno, "standard input");
	if (S_ISDIR(st.st_mode))
		return err_sys(EISDIR, "standard input");
	/* one page: when the pipe is full the guest waits, so that it cannot get far ahead of us */
	if (S_ISFIFO(st.st_mode))
		fcntl(g->in.fd, F_SETPIPE_SZ, PAGE);
	fcntl(g->in.fd, F_SETFL, fcntl(g->in.fd, F_GETFL) | O_NONBLOCK);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	return NULL;
}

static void tell_end(struct frame_recorder *g)
{
	if (g->damaged > TOLD_MAX)
		log_warn("%llu lines of QEMU's trace are damaged", (unsigned long long)g->damaged);
	if (g->ctrl < 0)
		log_warn("no HD Audio verb was seen in the trace; QEMU needs "
			 "-trace vfio_region_write -trace vfio_region_read and "
			 "-global vfio-pci.x-no-mmap=on, with its standard error coming here");
}

static void finish(struct frame_recorder *g, struct frame_recorder_result *r)
{
	struct save_schedule *l = current(g);

	if (l && asked_to_stop && !g->in.eof)
		quiet(g);
	if (g->mon && g->keep.held && !g->in.eof && !g->no_more) {
		struct err *e = g->mon->ops->release(g->mon);

		err_free(e);
	}
	if (l) {
		save_schedule_finish(l, g->in.received);
		take_verdicts(g);
		frame_store_finish(&g->keep, !l->have_last);
	}
	flush(g);
	tell_end(g);
	r->verbs = g->verbs;
	r->failed = g->failed;
	if (g->keep.ready && l)
		r->checked = frame_store_check(&g->keep, g->mon->route, g->verbs, &r->good);
}

struct err *frame_recorder_run(const struct frame_recorder_options *o, struct frame_recorder_result *r)
{
	struct frame_recorder g = { .o = o, .ctrl = -1, .keep = { .place.dir = -1, .index = -1 } };
	struct err *e;

	*r = (struct frame_recorder_result){ 0 };
	e = out_init(&g.out, STDOUT_FILENO);
	if (!e && o->device)
		e = log_devices_choose(&g.devices, o->device, true);
	if (!e)
		e = take_over_input(&g);
	if (!e && o->where)
		e = frame_monitor_open(o->where, o->pmemsave, &g.in, &g.mon);
	if (!e) {
		e = loop(&g);
		finish(&g, r);
	}
	frame_monitor_destroy(g.mon);
	frame_store_deinit(&g.keep);
	for (int i = 0; i < EVENT_MAX_CTRL; i++)
		free(g.schedule[i]);
	log_devices_deinit(&g.devices);
	tracepipe_deinit(&g.in);
	out_deinit(&g.out);
	return e;
}
