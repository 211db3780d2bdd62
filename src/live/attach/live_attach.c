// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attaches to a running QEMU: while the guest is paused for a moment, its trace is switched
 * on into a pipe of ours, or a BPF program starts with the present values of its registers.
 * Everything is restored when we leave.
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
	struct monitor monitor;		/* its client is the live source's */
	struct leave leave;		/* the changes, and how to undo them */
	struct qemu_cmdline cmdline;
	struct attach_log log;
	struct log_before before;
	struct trace_feed *trace;	/* the live source's feed; NULL = BPF is used */
	int64_t paused_ns, still_since;
	struct sigaction old_stop;
};

/* --- pausing the guest ------------------------------------------------------------- */

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

/* Drops the events of our own stop and cont. */
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

/* Finds out whether the trace event @name must be switched on, and off again at the end. */
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
	/* a hdadump that was killed had switched the event on, so it was off before */
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

/* Makes a feed that reads @fd, and drops an earlier one that got nothing. */
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
 * The error if QEMU's log shows nothing of a register read that was just made. The monitor's
 * list of log items shows whether QEMU can trace to its log: then it has a line
 * trace:PATTERN.
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
			    "without the 'log' trace backend (as on RHEL)");
	free(text);
	return e;
}

/* Reads the registers of each controller, which must appear in QEMU's trace. */
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
	/* not earlier: QEMU empties the old log file when it opens it again */
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

/* --- checks before attaching ------------------------------------------------------------- */

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
		log_warn("the registers of %s are mapped into the guest: it cannot be captured",
			 hidden->name);
		return NULL;
	}
	if (vfio_user_is_name(hidden->name, strlen(hidden->name)))
		return vfio_user_hidden(hidden->name);
	if (a->monitor.guest)
		snprintf(change, sizeof(change), "what 'hdadump libvirt %s --prepare' shows",
			 libvirt_name(a->monitor.guest));
	return err_new(ERR_FAIL, "%s was passed through without x-no-mmap=on, so its registers are mapped "
		       "into the guest and QEMU does not see its accesses; start the guest "
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

/* --- attaching ------------------------------------------------------------------------------- */

/* Uses QEMU's trace, redirected to us. */
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
		log_note("an hdadump that was killed has left QEMU's trace on; this is undone too");
	e = trace_on(a, opt->fifo_dir);
	return e ? e : look_around(a);
}

/* Uses BPF: nothing is changed in QEMU; the guest is paused only while its registers are read. */
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

/* Tells root whose process it attaches to, because another user may have made root choose it. */
static void say_whose(const struct monitor *m)
{
	uid_t uid;
	gid_t gid;
	char *who;

	if (!m->pid && m->why_not)
		log_note("QEMU's memory and command line are not used: %s", m->why_not);
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
	/* what was opened and read by the PID is QEMU's only if the process still lives */
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
	/* if Ctrl-Z stopped us, nothing would read the trace and the guest would block */
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
	log_note("attached to %s; it was paused for %lld ms", a->monitor.name,
		 (long long)(a->paused_ns / 1000000));
	*out = &a->live.base;
	return NULL;
}
