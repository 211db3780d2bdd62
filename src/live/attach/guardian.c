// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/attach/guardian.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "live/attach/undo.h"
#include "live/attach/undo_int.h"
#include "qemu/monitor.h"
#include "qemu/process.h"
#include "qemu/qmp.h"

#define GUARDIAN_FD 3		/* its only descriptor beside standard input, output and error */
/* A monitor is free shortly after its client has closed it; libvirtd may take longer. */
#define NAPS 10
#define NAP_MS 100
#define LONG_NAP_MS 1000
#define ANSWER_MS 15000
/* If QEMU's trace has ended and so many connections failed, QEMU has ended too. */
#define SILENCES 12
/* A QEMU that answers and refuses gets so many attempts. */
#define REFUSALS 3

static void nap(int ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l }, NULL);
}

/* Calls may hang (libvirtd, a name server), but the guardian must end some time. */
static void on_alarm(int sig)
{
	static const char text[] = "hdadump: what was changed in QEMU could not be undone: it does "
				   "not answer\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)sig;
	(void)n;
	_exit(1);
}

static struct err *connect_to(const struct undo *u, struct monitor *m)
{
	struct err *e = monitor_open(u->where, m);

	if (!e && u->pid && m->pid && m->pid != u->pid) {
		monitor_close(m);
		e = err_new(ERR_FAIL, "another QEMU answers there now");
	}
	if (!e)
		qmp_set_patience(m->q, ANSWER_MS);
	return e;
}

struct tries {
	int silences;	/* number of failed connections */
	int refusals;	/* QEMU answered every time, but not everything could be undone */
};

/* One attempt with one connection. */
static struct err *attempt(struct undo *u, struct tries *tries)
{
	struct monitor m = { 0 };
	struct err *e = connect_to(u, &m);

	if (e) {
		tries->silences++;
		/* if QEMU's process is unknown */
		u->ended = !u->pid && (err_kind(e) == ERR_ABSENT ||
				       (u->trace_ended && tries->silences >= SILENCES));
		return e;
	}
	e = undo_all(u, m.q);
	tries->refusals += e && qmp_answered(m.q);
	monitor_close(&m);
	return e;
}

static struct err *take_back(struct undo *u)
{
	int64_t end = clock_ms() + GUARDIAN_S * 1000ll;
	struct tries tries = { 0 };
	struct err *e = NULL;

	for (int n = 0;; n++) {
		u->ended |= u->pid && !process_alive(u->pid);
		if (undo_is_empty(u)) {
			err_free(e);
			return NULL;
		}
		if (e && (tries.refusals == REFUSALS || clock_ms() >= end))
			return e;
		if (e)
			nap(n < NAPS ? NAP_MS : LONG_NAP_MS);
		err_free(e);
		e = attempt(u, &tries);
	}
}

/* Closes what the parent had open: its file, its sockets. */
static int move_in(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	if (fd != GUARDIAN_FD)
		fd = dup2(fd, GUARDIAN_FD);
	close_range(GUARDIAN_FD + 1, ~0u, 0);
	return fd;
}

_Noreturn void guardian_run(const struct monitor_where *where, int fd)
{
	struct undo u = { .where = where };

	/* signals that end the parent must not end the guardian: a closed terminal, Ctrl-C */
	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGALRM, on_alarm);
	prctl(PR_SET_NAME, "hdadump-guard");
	u.other = move_in(fd);
	while (undo_hear(&u))
		;
	if (u.dismissed || undo_is_empty(&u))
		_exit(0);
	alarm(GUARDIAN_S + 60);
	struct err *e = take_back(&u);
	if (e)
		undo_tell(&u, "!%.*s", (int)strcspn(err_text(e), "\r\n"), err_text(e));
	else if (u.ended)
		undo_tell(&u, "x");
	else
		undo_tell(&u, "c");
	if (!u.alone)
		_exit(e ? 1 : 0);
	if (e)
		log_err(err_wrap(undo_left(&u, e), "hdadump has ended; its changes in QEMU could "
				 "not be undone"));
	else if (!u.ended)
		log_note("hdadump has ended; what it changed in QEMU has been undone");
	_exit(e ? 1 : 0);
}
