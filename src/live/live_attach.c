// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A QEMU that runs already: while the guest stands still for a moment its trace
 * is switched on into a FIFO of ours, or a BPF program begins at what its
 * registers say; and everything is as it was when we go.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/log.h"
#include "live/controller_probe.h"
#include "live/feed_trace.h"
#include "live/live.h"
#include "live/live_int.h"
#include "live/log_before.h"
#include "live/logfifo.h"
#include "live/undo.h"
#include "qemu/guest_memory.h"
#include "qemu/libvirt.h"
#include "qemu/monitor.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"
#include "qemu/qmp.h"
#include "qemu/vfio_user.h"

#define ENDING_TRIES 100
#define ENDING_NAP_NS 20000000

enum phase {
	JOINING,
	WATCHING,
	LOOKING_BACK,	/* the trace is off; the last responses are being looked at */
	GONE,		/* QEMU is as it was, or has ended */
};

struct live_attach {
	struct live live;
	struct monitor monitor;		/* its client is the live's */
	struct undo *undo;
	struct qemu_cmdline cmdline;
	struct logfifo fifo;
	struct log_before before;
	struct trace_feed *trace;	/* the live's feed; NULL: by BPF */
	enum phase phase;
	bool ours;			/* it stands still because of us */
	int64_t paused_ns, still_since;
	struct err *end;		/* what could not be taken back */
	struct sigaction old_stop;
};

/* --- standing still ---------------------------------------------------------------- */

static struct err *is_running(struct qmp *q, bool *running)
{
	struct json_object *ret = NULL;
	struct err *e = qmp_execute(q, "query-status", NULL, &ret);

	*running = json_object_get_boolean(json_member(ret, "running"));
	json_object_put(ret);
	return e;
}

static struct err *stand_still(struct live_attach *a)
{
	struct err *e = is_running(a->live.q, &a->ours);

	if (e || !a->ours)
		return e;
	undo_finally(a->undo, "cont");
	a->still_since = clock_ns();
	return qmp_execute(a->live.q, "stop", NULL, NULL);
}

static struct err *go_on(struct live_attach *a)
{
	struct err *e = undo_end(a->undo, a->live.q);

	if (a->ours)
		a->paused_ns = clock_ns() - a->still_since;
	a->ours = false;
	return e;
}

/* The news of our own stop and cont are no news. */
static void drop_news(struct live *l)
{
	struct json_object *msg = NULL;

	while (l->q && !qmp_event(l->q, &msg) && msg)
		json_object_put(msg);
	l->halted = false;
}

/* --- the trace ------------------------------------------------------------------------- */

static struct json_object *event_state(const char *name, bool on)
{
	struct json_object *args = json_object_new_object();

	json_object_object_add(args, "name", json_object_new_string(name));
	json_object_object_add(args, "enable", json_object_new_boolean(on));
	return args;
}

/* Notes how @name goes back to its state, unless it is on already. */
static struct err *note_event(struct live_attach *a, const char *name, bool *change)
{
	struct json_object *args = json_object_new_object(), *ret = NULL;
	const char *state;
	struct err *e;

	json_object_object_add(args, "name", json_object_new_string(name));
	e = qmp_execute(a->live.q, "trace-event-get-state", args, &ret);
	if (e)
		return err_wrap(e, "this QEMU does not know the trace event %s", name);
	state = json_text(json_count(ret) ? json_object_array_get_idx(ret, 0) : NULL, "state");
	if (state && strcmp(state, "unavailable") == 0)
		e = err_new(ERR_FAIL, "this QEMU was built without the trace event %s", name);
	/* what an hdadump that was killed left on was off before */
	*change = a->before.other == OTHER_DEAD || !state || strcmp(state, "enabled") != 0;
	if (!e && *change)
		e = undo_push(a->undo, "trace-event-set-state", event_state(name, false));
	json_object_put(ret);
	return e;
}

static struct err *note_log(struct live_attach *a)
{
	char cmd[300];

	snprintf(cmd, sizeof(cmd), "logfile %s", a->before.path);
	return undo_push_hmp(a->undo, cmd);
}

static struct err *log_to_fifo(struct live_attach *a)
{
	char cmd[300], *text = NULL, *confined;
	struct err *e;

	snprintf(cmd, sizeof(cmd), "logfile %s", a->fifo.path);
	e = qmp_hmp(a->live.q, cmd, &text);
	if (!e && *text) {
		confined = a->monitor.pid ? process_confinement(a->monitor.pid) : NULL;
		e = err_new(ERR_FAIL, "QEMU cannot write to a FIFO in %.*s (%.*s)%s%s: name a folder that "
			    "QEMU's user may write to with --fifo-dir",
			    (int)(strrchr(a->fifo.path, '/') - a->fifo.path), a->fifo.path,
			    (int)strcspn(text, "\r\n"), text, confined ? "; it is confined by " : "",
			    confined ? confined : "");
		free(confined);
	}
	logfifo_unlink(&a->fifo);
	free(text);
	return e;
}

/*
 * Why QEMU's log shows nothing of registers that were just read.  Whether QEMU
 * can trace into it is in what its monitor says the log takes: with the backend
 * there is a line of trace:PATTERN.
 */
static struct err *no_trace(struct live_attach *a, const struct device *dev)
{
	char *text = NULL;
	struct err *e = qmp_hmp(a->live.q, "help log", &text);

	if (!e && strstr(text, "trace:"))
		e = err_new(ERR_FAIL, "%s's registers were read and no line of it came out in QEMU's log, "
			    "though this QEMU can trace into it: capture a guest under KVM with "
			    "--via bpf, or start the guest by hdadump run",
			    dev->name);
	else if (!e)
		e = err_new(ERR_FAIL, "QEMU's trace does not come out in its log: this QEMU was built "
			    "without the 'log' trace backend (RHEL and its kin build so)");
	free(text);
	return e;
}

/* The registers of each controller are looked at, which QEMU's trace has to show. */
static struct err *look_around(struct live_attach *a)
{
	struct live *l = &a->live;
	const struct device *there = NULL;
	struct err *e = NULL;

	for (size_t i = 0; i < l->devices.count && !e; i++) {
		const struct device *dev = &l->devices.list[i];
		struct event ev;

		if (dev->ctrl < 0)
			continue;
		ev = devices_announce(dev);
		ev.time = clock_ns();
		ev.origin = ORIGIN_MONITOR;
		event_queue_put(&l->own_events, &ev);
		e = probe_rings(l->q, dev, &l->own_events);
		if (dev->bar != BAR_UNKNOWN && !dev->hidden)
			there = dev;
	}
	if (!e && a->trace && !trace_feed_own_looks(a->trace) && there)
		e = no_trace(a, there);
	return e;
}

static struct err *trace_on(struct live_attach *a)
{
	static const char *const names[][2] = {
		{ "memory_region_ops_read", "memory_region_ops_write" },
		{ "vfio_region_read", "vfio_region_write" },
	};
	bool wanted[2] = { false, false }, change[2][2] = { { false } };
	struct err *e = note_log(a);

	for (size_t i = 0; i < a->live.devices.count; i++)
		if (a->live.devices.list[i].ctrl >= 0)
			wanted[a->live.devices.list[i].key != NULL] = true;
	for (int i = 0; i < 4 && !e; i++)
		if (wanted[i / 2])
			e = note_event(a, names[i / 2][i % 2], &change[i / 2][i % 2]);
	if (!e)
		e = log_before_keep(a->monitor.pid, a->monitor.pin, &a->before);
	if (!e)
		e = stand_still(a);
	if (!e)
		e = log_to_fifo(a);
	for (int i = 0; i < 4 && !e; i++)
		if (change[i / 2][i % 2])
			e = qmp_execute(a->live.q, "trace-event-set-state",
					event_state(names[i / 2][i % 2], true), NULL);
	return e;
}

/* --- whether it makes sense -------------------------------------------------------------- */

static struct err *check_devices(struct live_attach *a, const char *only)
{
	const struct devices *d = &a->live.devices;
	char change[256] = "-global vfio-pci.x-no-mmap=on";
	const struct device *hidden = NULL;
	const char *other = NULL;
	int seen = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (!other)
			other = d->list[i].name;
		if (d->list[i].ctrl < 0)
			continue;
		if (!d->list[i].hidden)
			seen++;
		else
			hidden = &d->list[i];
	}
	if (!d->controllers && only && other)
		return err_new(ERR_FAIL, "--controller %s: the guest has no audio controller of that name; it "
			       "has %s", only, other);
	if (!d->controllers)
		return err_new(ERR_FAIL, "the guest of %s has no HD Audio controller: pass one through "
			       "(-device vfio-pci,host=...) or give it -device ich9-intel-hda",
			       a->monitor.name);
	if (!hidden)
		return NULL;
	if (seen) {
		log_warn("the registers of %s are mapped into the guest: nothing will be seen of it",
			 hidden->name);
		return NULL;
	}
	if (vfio_user_is_name(hidden->name, strlen(hidden->name)))
		return vfio_user_hidden(hidden->name);
	if (a->monitor.guest)
		snprintf(change, sizeof(change), "what 'hdadump libvirt %s --prepare' shows",
			 libvirt_name(a->monitor.guest));
	return err_new(ERR_FAIL, "%s was passed through without x-no-mmap=on, so its registers are mapped "
		       "into the guest and QEMU sees nothing of what the driver does; start the guest "
		       "again with %s", hidden->name, change);
}

static struct err *read_cmdline(struct live_attach *a)
{
	struct buf text = { 0 };
	struct err *e = NULL;

	if (!a->monitor.pid)
		return NULL;
	e = process_read(a->monitor.pid, "cmdline", &text);
	if (!e)
		e = qemu_cmdline_parse((const char *)text.data, text.len, &a->cmdline);
	buf_deinit(&text);
	return e;
}

/* --- leaving ------------------------------------------------------------------------------ */

static void keep_error(struct live_attach *a, struct err *e)
{
	if (!a->end)
		a->end = e;
	else
		err_free(e);
}

/* Step by step, each when what the one before it brought has been given out. */
static bool attach_leave(struct live *l)
{
	struct live_attach *a = (struct live_attach *)l;

	if (!l->q) {
		l->feed->ended = true;
		return true;
	}
	if (a->phase == WATCHING) {
		a->phase = LOOKING_BACK;
		keep_error(a, undo_all(a->undo, l->q));
		err_free(devices_locate(&l->devices));
		for (size_t i = 0; i < l->devices.count; i++)
			if (l->devices.list[i].ctrl >= 0)
				err_free(probe_responses(l->q, &l->devices.list[i], &l->own_events));
		return false;
	}
	keep_error(a, go_on(a));
	a->phase = GONE;
	l->feed->ended = true;
	return true;
}

/* What makes the guest stand still at the end has to be taken back too. */
static void attach_halt(struct live *l)
{
	struct live_attach *a = (struct live_attach *)l;
	bool running = false;

	if (!l->q)
		return;
	err_free(is_running(l->q, &running));
	if (!running) {
		l->halted = true;
		return;
	}
	undo_finally(a->undo, "cont");
	a->ours = true;
	a->still_since = clock_ns();
}

static void attach_insist(struct live *l)
{
	l->halted = true;
}

static void attach_child(struct live *l)
{
	(void)l;
}

static void attach_silence(struct live *l)
{
	struct live_attach *a = (struct live_attach *)l;

	if (a->monitor.pid && !process_alive(a->monitor.pid))
		l->feed->ended = true;
}

static struct err *attach_result(struct live *l)
{
	struct live_attach *a = (struct live_attach *)l;
	struct err *e = a->end;
	bool alive = a->monitor.pid && process_alive(a->monitor.pid);

	/* a QEMU that ends closes its monitor some time before it is gone */
	for (int i = 0; alive && !l->q && a->phase != GONE && i < ENDING_TRIES; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = ENDING_NAP_NS }, NULL);
		alive = process_alive(a->monitor.pid);
	}
	a->end = NULL;
	if (a->phase != GONE && alive && !l->q) {
		log_warn("QEMU's monitor was lost; what was changed is taken back by another connection");
		undo_by_guardian(a->undo);
	} else if (a->phase != GONE && !alive) {
		log_note("the guest has ended");
	}
	a->phase = GONE;
	return err_wrap(e, "leaving QEMU as it was");
}

static void attach_destroy(struct live *l)
{
	struct live_attach *a = (struct live_attach *)l;

	if (a->undo && l->q && a->phase != GONE) {
		struct err *e = undo_all(a->undo, l->q), *end = undo_end(a->undo, l->q);

		err_free(e);
		err_free(end);
	}
	undo_destroy(a->undo);
	logfifo_deinit(&a->fifo);
	qemu_cmdline_deinit(&a->cmdline);
	live_lose_monitor(l);
	a->monitor.q = NULL;
	monitor_close(&a->monitor);
	err_free(a->end);
	sigaction(SIGTSTP, &a->old_stop, NULL);
}

static const struct qemu_attachment attach_way = {
	.ends = "leaving QEMU as it was",
	.insists = "not waiting any more",
	.halt = attach_halt,
	.leave = attach_leave,
	.insist = attach_insist,
	.child = attach_child,
	.silence = attach_silence,
	.result = attach_result,
	.destroy = attach_destroy,
};

/* --- joining --------------------------------------------------------------------------------- */

/* By QEMU's trace, into a FIFO of ours. */
static struct err *join_trace(struct live_attach *a, const struct live_attach_options *opt)
{
	struct live *l = &a->live;
	struct err *e;

	log_before_find(a->monitor.pid, &a->cmdline, &a->before);
	e = monitor_check(&a->monitor);
	if (e)
		return e;
	if (a->before.other == OTHER_LIVING)
		return err_new(ERR_FAIL, "another hdadump is attached to %s: end it first",
			       a->monitor.name);
	if (a->before.other == OTHER_DEAD)
		log_note("an hdadump that was killed has left QEMU's trace on; this is cleaned up too");
	e = logfifo_create(a->monitor.pid, a->monitor.pin, opt->fifo_dir, &a->cmdline, &a->fifo);
	if (e)
		return e;
	e = trace_feed_create_fifo(&l->devices, a->fifo.fd, &a->trace);
	a->fifo.fd = -1;
	if (e)
		return e;
	l->feed = &a->trace->base;
	a->trace->mem = l->mem;
	live_set_pump(l);
	e = trace_on(a);
	return e ? e : look_around(a);
}

/* By BPF: in QEMU nothing is changed, but that it stands still for the look. */
static struct err *join_bpf(struct live_attach *a)
{
	struct live *l = &a->live;
	struct err *e = stand_still(a);

	if (!e)
		e = look_around(a);
	if (!e)
		kvm_feed_begin(l->feed, &l->own_events);
	return e;
}

/* Root may be led to a process that is not his: he is told whose it is. */
static void say_whose(const struct monitor *m)
{
	uid_t uid;
	gid_t gid;
	char *who;

	if (!m->pid && m->why_not)
		log_note("QEMU's memory and command line are not looked at: %s", m->why_not);
	if (!m->pid || geteuid() != 0 || !process_owner(m->pid, &uid, &gid) || !uid)
		return;
	who = user_text(uid);
	log_note("QEMU is process %d, of user %s", (int)m->pid, who ? who : "?");
	free(who);
}

static struct err *join(struct live_attach *a, const struct live_attach_options *opt)
{
	struct live *l = &a->live;
	struct err *e;

	e = monitor_open(&opt->where, &a->monitor);
	if (e)
		return e;
	l->q = l->devices.q = a->monitor.q;
	undo_set_pid(a->undo, a->monitor.pid);
	say_whose(&a->monitor);
	e = read_cmdline(a);
	if (!e)
		e = devices_join(&l->devices);
	if (!e)
		e = check_devices(a, opt->device);
	if (!e)
		e = guestmem_create(l->q, a->monitor.pid, opt->memory, &l->mem);
	/* all that was opened and read by the process's number is QEMU's, if it lives still */
	if (!e)
		e = monitor_check(&a->monitor);
	if (e)
		return e;
	const struct kvm_feed_options o = {
		.pid = a->monitor.pid, .devices = &l->devices, .mem = l->mem,
		.buffer = opt->bpf_buffer,
	};
	e = kvm_feed_choose(&o, opt->via, false, opt->memory, &l->feed);
	if (!e)
		e = monitor_check(&a->monitor);
	if (e)
		return e;
	e = l->feed ? join_bpf(a) : join_trace(a, opt);
	struct err *end = go_on(a);
	if (e)
		err_free(end);
	else
		e = end;
	drop_news(l);
	a->phase = WATCHING;
	return e;
}

struct err *live_attach_create(const struct live_attach_options *opt, struct source **out)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct live_attach *a = calloc(1, sizeof(*a));
	struct err *e;

	if (!a)
		return err_nomem();
	a->fifo = (struct logfifo){ .fd = -1, .maker.link = -1 };
	a->monitor.pin = -1;
	live_init(&a->live, &attach_way, opt->device);
	/* a reader that is stopped (Ctrl-Z) would stop the guest */
	sigaction(SIGTSTP, &ignore, &a->old_stop);
	e = undo_create(&opt->where, &a->undo);
	if (!e)
		e = live_take_signals(&a->live);
	if (!e)
		e = join(a, opt);
	prctl(PR_SET_TIMERSLACK, 1);
	if (e) {
		source_destroy(&a->live.base);
		return e;
	}
	log_note("attached to %s; it stood still for %lld ms", a->monitor.name,
		 (long long)(a->paused_ns / 1000000));
	*out = &a->live.base;
	return NULL;
}
