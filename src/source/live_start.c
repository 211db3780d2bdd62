// SPDX-License-Identifier: GPL-2.0-or-later
/* The live source's beginning and end: QEMU is started, prepared, and seen out. */
#include "source/live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "source/live_int.h"
#include "source/qemu.h"
#include "source/qmp.h"

#define GREETING_MS 60000

static struct err *pump(void *arg)
{
	return tracepipe_drain(arg);
}

static struct err *take_over_signals(struct live *l)
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

static void wait_for_end(struct live *l)
{
	while (!l->reaped && waitpid(l->child, &l->status, 0) < 0 && errno == EINTR)
		;
	l->reaped = true;
}

/* Takes in and lets out what is there now. */
static void let_out(struct live *l)
{
	const uint8_t *line;
	uint64_t before;
	size_t len;

	do {
		before = l->trace.received + l->trace.held;
		err_free(tracepipe_fill(&l->trace));
		while (tracepipe_line(&l->trace, &line, &len))
			live_pass_through(line, len);
	} while (l->trace.received + l->trace.held != before);
}

/* Lets out what QEMU said before it ended, and replaces our error by its end. */
static struct err *failed_start(struct live *l, const struct qemu_plan *plan, struct err *e)
{
	const struct timespec moment = { .tv_nsec = 20000000 };

	/* a QEMU that closed its monitor is ending by itself; any other has to be ended */
	for (int i = 0; i < 100 && !l->reaped; i++) {
		let_out(l);
		live_reap(l);
		if (!l->reaped)
			nanosleep(&moment, NULL);
	}
	let_out(l);
	if (!l->reaped) {
		kill(l->child, SIGTERM);
		wait_for_end(l);
		return plan->script ? err_wrap(e, "no QEMU has answered; does %s pass $(hdadump "
					       "args) to it", plan->argv[0]) : e;
	}
	err_free(e);
	if (plan->script)
		return err_new(ERR_FAIL, "%s %s, and no QEMU it started has used $(hdadump args)",
			       plan->argv[0], qemu_status_text(l->status));
	return err_new(ERR_FAIL, "QEMU %s before the guest started; its own message stands above",
		       qemu_status_text(l->status));
}

static struct err *trace_on(struct live *l, const char *event)
{
	char cmd[80], *text = NULL;

	snprintf(cmd, sizeof(cmd), "trace-event %s on", event);
	struct err *e = qmp_hmp(l->q, cmd, &text);
	if (!e && *text)
		e = err_new(ERR_FAIL, "QEMU cannot trace %s: %.*s", event,
			    (int)strcspn(text, "\r\n"), text);
	free(text);
	return e;
}

static struct err *prepare_guest(struct live *l, const struct live_options *opt,
				 const struct qemu_plan *plan)
{
	pid_t pid = l->child;
	bool vfio, emulated;
	struct err *e = qmp_greet(l->q, GREETING_MS);

	if (e)
		return e;
	if (plan->script)
		pid = qemu_find_by_socket(l->their_socket);
	e = guestmem_create(l->q, pid, opt->memory, &l->mem);
	if (!e)
		e = devices_start(&l->devices, &vfio, &emulated);
	/* an emulated controller may still be plugged in, unless a real one is what this is about */
	if (!e && (emulated || !vfio)) {
		e = trace_on(l, "memory_region_ops_read");
		if (!e)
			e = trace_on(l, "memory_region_ops_write");
	}
	if (!e && !plan->stays_paused)
		e = qmp_execute(l->q, "cont", NULL, NULL);
	return e;
}

static void live_destroy(struct source *s)
{
	struct live *l = (struct live *)s;

	if (!l)
		return;
	if (l->child && !l->reaped) {
		kill(l->child, SIGTERM);
		tracepipe_deinit(&l->trace);
		wait_for_end(l);
	}
	tracepipe_deinit(&l->trace);
	devices_deinit(&l->devices);
	guestmem_destroy(l->mem);
	qmp_destroy(l->q);
	free(l->horizons);
	if (l->signals >= 0) {
		close(l->signals);
		sigprocmask(SIG_SETMASK, &l->old_mask, NULL);
	}
	free(l);
}

static const struct source_ops live_ops = {
	.next = live_next,
	.read_memory = live_read_memory,
	.destroy = live_destroy,
};

struct err *live_create(const struct live_options *opt, struct source **out)
{
	struct live *l = calloc(1, sizeof(*l));
	struct qemu_plan plan = { 0 };
	int link[2] = { -1, -1 };
	struct stat st;
	/* the monitor is slow: then the guest must wait for it line by line */
	bool strict = opt->strict || opt->memory == MEMORY_MONITOR;
	struct err *e;

	if (!l)
		return err_nomem();
	l->base.ops = &live_ops;
	l->signals = -1;
	l->trace.fd = l->trace.writer = l->trace.aux[0] = l->trace.aux[1] = -1;
	l->devices.only = opt->device;
	e = tracepipe_init(&l->trace, strict);
	if (e)
		goto out;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) < 0) {
		e = err_sys(errno, "making the monitor's socket");
		goto out;
	}
	/*
	 * Packets need the very open file that carries O_DIRECT, so in a strict
	 * capture the pipe is QEMU's standard error; otherwise -D opens it anew.
	 */
	struct qemu_fds fds = { .qmp = link[1], .trace = strict ? -1 : l->trace.writer };
	e = qemu_plan_init(opt->command, &fds, &plan);
	if (!e)
		e = take_over_signals(l);
	if (!e)
		e = qemu_start(&plan, &fds, strict ? l->trace.writer : -1, &l->child);
	if (e)
		goto out;
	/* naps are shorter than the default slack of 50 us; QEMU keeps its own */
	prctl(PR_SET_TIMERSLACK, 1);
	if (fstat(link[1], &st) == 0)
		l->their_socket = st.st_ino;
	close(link[1]);
	link[1] = -1;
	tracepipe_close_writer(&l->trace);
	struct qmp_pump p = { .fd = l->trace.fd, .run = pump, .arg = &l->trace };
	e = qmp_create(link[0], &p, &l->q);
	l->devices.q = l->q;
	link[0] = -1;
	if (!e)
		e = prepare_guest(l, opt, &plan);
	if (e)
		e = failed_start(l, &plan, e);
out:
	for (int i = 0; i < 2; i++)
		if (link[i] >= 0)
			close(link[i]);
	qemu_plan_deinit(&plan);
	if (e) {
		live_destroy(&l->base);
		return e;
	}
	*out = &l->base;
	return NULL;
}

struct err *live_result(struct source *s)
{
	struct live *l = (struct live *)s;

	wait_for_end(l);
	/* a QEMU that we ended on the user's word did what it was told */
	if (l->stops || (WIFEXITED(l->status) && WEXITSTATUS(l->status) == 0))
		return NULL;
	return err_new(ERR_FAIL, "QEMU %s", qemu_status_text(l->status));
}

const char *live_route(struct source *s)
{
	struct live *l = (struct live *)s;

	snprintf(l->text, sizeof(l->text), "%s%s", guestmem_route(l->mem),
		 l->trace.strict ? ", strict: the guest waited for it at each access" : "");
	return l->text;
}

const char *live_version(struct source *s)
{
	struct live *l = (struct live *)s;

	return l->q ? qmp_version(l->q) : "";
}

bool live_was_stopped(struct source *s)
{
	return ((struct live *)s)->stops > 0;
}
