// SPDX-License-Identifier: GPL-2.0-or-later
/* A QEMU that we start, prepare, and end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "live/feed_trace.h"
#include "live/live.h"
#include "live/live_int.h"
#include "qemu/guest_memory.h"
#include "qemu/process.h"
#include "qemu/qemu.h"
#include "qemu/qmp.h"
#include "qemu/vfio.h"
#include "qemu/vfio_user.h"

#define GREETING_MS 60000

struct live_run {
	struct live live;
	struct trace_feed *trace;	/* the live source's feed or a second one; freed once */
	pid_t child;
	ino_t their_socket;	/* inode of QEMU's end of the monitor's socket */
	int status;
	bool answered;		/* it is a QEMU, and it has sent its greeting */
	bool reaped;
};

/* --- QEMU's end ------------------------------------------------------------ */

static void reap(struct live_run *r)
{
	if (!r->reaped && waitpid(r->child, &r->status, WNOHANG) == r->child)
		r->reaped = true;
}

static void wait_for_end(struct live_run *r)
{
	while (!r->reaped && waitpid(r->child, &r->status, 0) < 0 && errno == EINTR)
		;
	r->reaped = true;
}

static void run_child(struct live *l)
{
	reap((struct live_run *)l);
}

static void run_silence(struct live *l)
{
	struct live_run *r = (struct live_run *)l;

	reap(r);
	/* in a strict capture QEMU's children may keep the pipe open after its end */
	if (r->reaped)
		l->feed->ended = true;
}

static bool run_leave(struct live *l)
{
	kill(((struct live_run *)l)->child, SIGTERM);
	return true;
}

static void run_insist(struct live *l)
{
	kill(((struct live_run *)l)->child, SIGKILL);
}

static struct err *run_result(struct live *l)
{
	struct live_run *r = (struct live_run *)l;

	wait_for_end(r);
	/* if the user ended QEMU, its exit status is not an error */
	if (l->stops || (WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0))
		return NULL;
	return err_new(ERR_FAIL, "QEMU %s", qemu_status_text(r->status));
}

static void run_destroy(struct live *l)
{
	struct live_run *r = (struct live_run *)l;

	if (!r->child || r->reaped)
		return;
	kill(r->child, SIGTERM);
	/* it may block because its trace is not read */
	feed_destroy(l->feed);
	l->feed = NULL;
	wait_for_end(r);
}

static const struct qemu_attachment run_way = {
	.ends = "ending QEMU",
	.insists = "killing QEMU",
	.leave = run_leave,
	.insist = run_insist,
	.child = run_child,
	.silence = run_silence,
	.result = run_result,
	.destroy = run_destroy,
};

/* --- the start ---------------------------------------------------------------- */

/* Prints QEMU's output before its end, and replaces our error by QEMU's exit status. */
static struct err *failed_start(struct live_run *r, const struct qemu_plan *plan, struct err *e)
{
	const struct timespec moment = { .tv_nsec = 20000000 };

	/* a QEMU that closed its monitor is ending; any other must be ended */
	for (int i = 0; i < 100 && !r->reaped; i++) {
		trace_feed_let_out(r->trace);
		reap(r);
		if (!r->reaped)
			nanosleep(&moment, NULL);
	}
	trace_feed_let_out(r->trace);
	if (!r->reaped) {
		kill(r->child, SIGTERM);
		wait_for_end(r);
		if (!plan->script || r->answered)
			return e;
		return err_wrap(e, "no QEMU has answered; does %s pass $(hdadump args) to it",
				plan->argv[0]);
	}
	err_free(e);
	if (plan->script)
		return err_new(ERR_FAIL, "%s %s, and no QEMU it started has used $(hdadump args)",
			       plan->argv[0], qemu_status_text(r->status));
	return err_new(ERR_FAIL, "QEMU %s before the guest started; see its own message above",
		       qemu_status_text(r->status));
}

static struct err *trace_turn(struct live *l, const char *event, const char *how)
{
	char cmd[80], *text = NULL;

	snprintf(cmd, sizeof(cmd), "trace-event %s %s", event, how);
	struct err *e = qmp_hmp(l->q, cmd, &text);
	if (!e && *text)
		e = err_new(ERR_FAIL, "QEMU cannot trace %s: %.*s", event,
			    (int)strcspn(text, "\r\n"), text);
	free(text);
	return e;
}

/* Uses BPF if possible: QEMU need not trace then. The rest of its log is printed as usual. */
static struct err *choose_feed(struct live_run *r, const struct live_run_options *opt, pid_t pid,
			       bool *bpf)
{
	struct live *l = &r->live;
	const struct kvm_feed_options o = {
		.pid = pid, .devices = &l->devices, .mem = l->mem, .buffer = opt->bpf_buffer,
		.beside = r->trace,
	};
	struct feed *f;
	struct err *e = kvm_feed_choose(&o, opt->via, opt->strict, opt->memory, &f);

	*bpf = f;
	if (!f)
		return e;
	l->feed = f;
	e = trace_turn(l, "vfio_region_read", "off");
	return e ? e : trace_turn(l, "vfio_region_write", "off");
}

static struct err *prepare_guest(struct live_run *r, const struct live_run_options *opt,
				 const struct qemu_plan *plan)
{
	struct live *l = &r->live;
	pid_t pid = r->child;
	bool vfio, emulated, bpf;
	struct err *e = qmp_greet(l->q, GREETING_MS);

	if (e)
		return e;
	r->answered = true;
	if (plan->script)
		pid = process_find_qemu(r->their_socket);
	e = guestmem_create(l->q, pid, opt->memory, &l->mem);
	r->trace->mem = l->mem;
	if (!e)
		e = devices_start(&l->devices, &vfio, &emulated);
	if (!e && vfio)
		e = vfio_check(l->q, opt->device);
	if (!e && devices_hidden(&l->devices))
		e = vfio_user_hidden(devices_hidden(&l->devices)->name);
	if (!e)
		e = choose_feed(r, opt, pid, &bpf);
	/* an emulated controller may be plugged in later, unless the user captures a real one */
	if (!e && !bpf && (emulated || !vfio)) {
		e = trace_turn(l, "memory_region_ops_read", "on");
		if (!e)
			e = trace_turn(l, "memory_region_ops_write", "on");
	}
	if (!e && !plan->stays_paused)
		e = qmp_execute(l->q, "cont", NULL, NULL);
	return e;
}

struct err *live_run_create(const struct live_run_options *opt, struct source **out)
{
	struct live_run *r = calloc(1, sizeof(*r));
	struct qemu_plan plan = { 0 };
	int link[2] = { -1, -1 };
	struct stat st;
	/* the monitor is slow, so the guest must wait at each line */
	bool strict = opt->strict || opt->memory == MEMORY_MONITOR;
	struct live *l;
	struct err *e;

	if (!r)
		return err_nomem();
	l = &r->live;
	live_init(l, &run_way, opt->device);
	e = trace_feed_create(&l->devices, strict, &r->trace);
	if (e)
		goto out;
	l->feed = &r->trace->base;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) < 0) {
		e = err_sys(errno, "making the monitor's socket");
		goto out;
	}
	/*
	 * Packets need the very open file that has O_DIRECT, so in a strict capture the pipe
	 * is QEMU's standard error; otherwise -D opens it again.
	 */
	int writer = r->trace->pipe.writer;
	struct qemu_fds fds = { .qmp = link[1], .trace = strict ? -1 : writer };
	e = qemu_plan_init(opt->command, &fds, &plan);
	if (!e)
		e = live_take_signals(l);
	if (!e)
		e = qemu_start(&plan, &fds, strict ? writer : -1, &r->child);
	if (e)
		goto out;
	/* our naps are shorter than the default slack of 50 us; QEMU keeps the default */
	prctl(PR_SET_TIMERSLACK, 1);
	if (fstat(link[1], &st) == 0)
		r->their_socket = st.st_ino;
	close(link[1]);
	link[1] = -1;
	tracepipe_close_writer(&r->trace->pipe);
	e = qmp_create(link[0], NULL, &l->q);
	link[0] = -1;
	if (!e) {
		l->devices.q = l->q;
		live_set_pump(l);
		e = prepare_guest(r, opt, &plan);
	}
	if (e)
		e = failed_start(r, &plan, e);
out:
	for (int i = 0; i < 2; i++)
		if (link[i] >= 0)
			close(link[i]);
	qemu_plan_deinit(&plan);
	if (e)
		source_destroy(&l->base);
	else
		*out = &l->base;
	return e;
}
