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
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/log.h"
#include "base/procfs.h"
#include "live/attach/attach_log.h"
#include "live/controller_probe.h"
#include "live/feed_trace.h"
#include "live/live.h"
#include "live/live_int.h"
#include "live/attach/live_leave.h"
#include "live/attach/log_before.h"
#include "live/attach/undo.h"
#include "qemu/guest_memory.h"
#include "qemu/libvirt/libvirt.h"
#include "qemu/monitor.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"
#include "qemu/qmp.h"
#include "qemu/vfio_user.h"

struct live_attach {
	struct live live;
	struct monitor monitor;		/* its client is the live's */
	struct leave leave;		/* what was changed, and the way back */
	struct qemu_cmdline cmdline;
	struct attach_log log;
	struct log_before before;
	struct trace_feed *trace;	/* the live's feed; NULL: by BPF */
	int64_t paused_ns, still_since;
	struct sigaction old_stop;
};

/* --- standing still ---------------------------------------------------------------- */

static struct err *stand_still(struct live_attach *a)
{
	bool running = false;
	struct err *e = undo_ask_running(a->live.q, &running);

	if (e || !running)
		return e;
	undo_push_stop(a->leave.undo);
	a->still_since = clock_ns();
	return qmp_execute(a->live.q, "stop", NULL, NULL);
}

static struct err *go_on(struct live_attach *a)
{
	bool ours = undo_holds_guest(a->leave.undo);
	struct err *e = undo_stop(a->leave.undo, a->live.q);

	if (ours)
		a->paused_ns = clock_ns() - a->still_since;
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

/* Whether @name has to be switched on, and off again in the end. */
static struct err *ask_event(struct live_attach *a, const char *name, bool *change)
{
	struct json_object *args = json_object_new_object(), *ret = NULL;
	const char *state;
	struct err *e;

	json_object_object_add(args, "name", json_object_new_string(name));
	e = qmp_execute(a->live.q, "trace-event-get-state", args, &ret);
	if (e && err_kind(e) != ERR_REFUSED)
		return e;
	if (e)
		return err_wrap(e, "this QEMU does not know the trace event %s", name);
	state = member_text(json_count(ret) ? json_object_array_get_idx(ret, 0) : NULL, "state");
	if (state && strcmp(state, "unavailable") == 0)
		e = err_new(ERR_FAIL, "this QEMU was built without the trace event %s", name);
	/* what an hdadump that was killed left on was off before */
	*change = a->before.other == OTHER_DEAD || !state || strcmp(state, "enabled") != 0;
	json_object_put(ret);
	return e;
}

static struct err *note_log(struct live_attach *a)
{
	char cmd[300];

	snprintf(cmd, sizeof(cmd), "logfile %s", a->before.path);
	return undo_push_hmp(a->leave.undo, cmd);
}

/* A feed for what comes through @fd; one that nothing came through is over. */
static struct err *take_trace(void *arg, int fd)
{
	struct live_attach *a = arg;
	struct live *l = &a->live;
	struct err *e;

	qmp_set_pump(l->q, NULL);
	feed_destroy(l->feed);
	l->feed = NULL;
	e = trace_feed_create_fifo(&l->devices, fd, &a->trace);
	if (e) {
		a->trace = NULL;
		return e;
	}
	l->feed = &a->trace->base;
	a->leave.traced = true;
	a->trace->mem = l->mem;
	live_set_pump(l);
	return NULL;
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

static struct err *trace_on(struct live_attach *a, const char *fifo_dir)
{
	static const char *const names[][2] = {
		{ "memory_region_ops_read", "memory_region_ops_write" },
		{ "vfio_region_read", "vfio_region_write" },
	};
	bool wanted[2] = { false, false }, change[2][2] = { { false } };
	struct err *e = NULL;

	for (size_t i = 0; i < a->live.devices.count; i++)
		if (a->live.devices.list[i].ctrl >= 0)
			wanted[a->live.devices.list[i].key != NULL] = true;
	for (int i = 0; i < 4 && !e; i++)
		if (wanted[i / 2])
			e = ask_event(a, names[i / 2][i % 2], &change[i / 2][i % 2]);
	if (!e)
		e = log_before_keep(a->monitor.pid, a->monitor.pin, &a->before);
	/* not before: what the way back opens is emptied by QEMU */
	if (!e)
		e = note_log(a);
	for (int i = 0; i < 4 && !e; i++)
		if (change[i / 2][i % 2])
			e = undo_push(a->leave.undo, "trace-event-set-state",
				      event_state(names[i / 2][i % 2], false));
	if (!e)
		e = stand_still(a);
	if (!e)
		e = attach_log_open(&a->log, &a->monitor, fifo_dir, &a->cmdline, take_trace, a);
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
	e = procfs_read(a->monitor.pid, "cmdline", &text);
	if (!e)
		e = qemu_cmdline_parse((const char *)text.data, text.len, &a->cmdline);
	buf_deinit(&text);
	return e;
}

/* --- leaving ------------------------------------------------------------------------------ */

static void attach_halt(struct live *l)
{
	leave_halt(&((struct live_attach *)l)->leave);
}

static bool attach_leave(struct live *l)
{
	return leave_step(&((struct live_attach *)l)->leave);
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
	return leave_result(&((struct live_attach *)l)->leave);
}

static void attach_destroy(struct live *l)
{
	struct live_attach *a = (struct live_attach *)l;

	leave_now(&a->leave);
	leave_deinit(&a->leave);
	attach_log_deinit(&a->log);
	qemu_cmdline_deinit(&a->cmdline);
	live_lose_monitor(l);
	a->monitor.q = NULL;
	monitor_close(&a->monitor);
	sigaction(SIGTSTP, &a->old_stop, NULL);
}

static const struct qemu_attachment attach_way = {
	.ends = "leaving QEMU as it was",
	.insists = "not waiting any more",
	.halt = attach_halt,
	.leave = attach_leave,
	.settle = attach_leave,
	.insist = attach_insist,
	.child = attach_child,
	.silence = attach_silence,
	.result = attach_result,
	.destroy = attach_destroy,
};

/* --- joining --------------------------------------------------------------------------------- */

/* By QEMU's trace, which is brought to us. */
static struct err *join_trace(struct live_attach *a, const struct live_attach_options *opt)
{
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
	e = trace_on(a, opt->fifo_dir);
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
	leave_set_pid(&a->leave, a->monitor.pid);
	say_whose(&a->monitor);
	e = live_take_signals(l);
	if (e)
		return e;
	leave_while_joining(&a->leave);
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
	if (!e)
		e = go_on(a);
	if (e)
		return e;
	attach_log_release(&a->log, &a->monitor);
	drop_news(l);
	leave_when_joined(&a->leave);
	return NULL;
}

struct err *live_attach_create(const struct live_attach_options *opt, struct source **out)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct live_attach *a = calloc(1, sizeof(*a));
	struct err *e;

	if (!a)
		return err_nomem();
	attach_log_init(&a->log);
	a->monitor.pin = -1;
	live_init(&a->live, &attach_way, opt->device);
	/* a reader that is stopped (Ctrl-Z) would stop the guest */
	sigaction(SIGTSTP, &ignore, &a->old_stop);
	e = leave_init(&a->leave, &a->live, &opt->where);
	if (!e)
		e = join(a, opt);
	prctl(PR_SET_TIMERSLACK, 1);
	if (e) {
		e = leave_after(&a->leave, e);
		source_destroy(&a->live.base);
		return e;
	}
	log_note("attached to %s; it stood still for %lld ms", a->monitor.name,
		 (long long)(a->paused_ns / 1000000));
	*out = &a->live.base;
	return NULL;
}
