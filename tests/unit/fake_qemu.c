// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_qemu.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "event/source.h"
#include "fake_int.h"
#include "live/live.h"

/* The most times in a row that something may be ready before the play continues. */
#define READY_MAX 20000
/* So many polls of the trace without an event let time pass. */
#define QUIET_POLLS 3
/* Real time that the guardian may need for one step; it usually needs very little. */
#define GUARDIAN_MS 20000

int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout);

struct fake_shared *fake_shared;
struct fake fake;
static char folder[] = "/tmp/hdadump-test-XXXXXX";
static char socket_path[sizeof(folder) + 8];

_Noreturn void fake_broken(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (fake.p)
		printf("the play '%s' (QEMU %s at %u) is broken: ", fake.p->signs,
		       fake.p->lies ? lie_names[fake.p->lie] : "does not lie", fake.p->at);
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	fflush(stdout);
	_exit(1);
}

/* --- the play ------------------------------------------------------------------------------- */

static bool interrupt_waits(void)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, SIGINT);
}

static bool interrupts_are_heard(void)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, SIGINT);
}

/* Signals with the same number are not queued, so wait for the one before it. */
static bool interrupt(void)
{
	if (!fake.interrupts || !interrupts_are_heard() || interrupt_waits())
		return false;
	fake.interrupts--;
	raise(SIGINT);
	return true;
}

static void play_sign(char sign)
{
	struct fake_client *own = &fake.clients[0];

	switch (sign) {
	case '1':
	case '2':
	case '3':
		fake.interrupts++;
		interrupt();
		break;
	case 'F':
		fake_close_log();
		break;
	case 'S':
	case 'R':
		fake_say_event(own, sign == 'S' ? "STOP" : "RESUME");
		break;
	case 'e':
		fake_serve_one(false);
		/* fall through */
	case 'E':
		for (int i = 0; i < FAKE_CLIENTS; i++)
			fake_hang_up(&fake.clients[i]);
		break;
	case 'D':
		fake_die();
		break;
	case 'Q':
		fake.quit = true;
		break;
	default:
		fake_broken("no sign '%c'", sign);
	}
}

/* Plays one event; @patient: the tested code waits for the guardian, which needs real time. */
static bool go_on(bool patient)
{
	char sign = fake.on ? *fake.sign : '\0';

	fake_let_in();
	if (interrupt())
		return true;
	if (sign == '\0') {
		if (fake_serve_one(true)) {
			fake.answers += fake.on;
			fake.quiet = 0;
			return true;
		}
		/* nothing ends it, so send Ctrl-C */
		if (fake.on && !patient && ++fake.quiet >= QUIET_POLLS * 2 && !strchr(fake.p->signs, '1')) {
			fake.quiet = 0;
			fake.interrupts++;
		}
		return false;
	}
	if (sign == 'A') {
		if (fake_serve_one(true) || (!patient && ++fake.quiet > QUIET_POLLS)) {
			fake.sign++;
			fake.quiet = 0;
			return true;
		}
		return false;
	}
	/* the guardian has reached the point that the play says */
	if (patient && !fake_anything_waits() && fake.quiet++ < 2)
		return false;
	fake.quiet = 0;
	fake.sign++;
	play_sign(sign);
	if (fake.p->at_once && *fake.sign)
		go_on(patient);
	return true;
}

/* Waits for the guardian in real time, as the tested code does, and plays meanwhile. */
static int wait_patiently(struct pollfd *fds, nfds_t n, int timeout)
{
	int64_t end = fake_passed() + timeout * 1000000ll;
	int idle = 0;

	while (idle < GUARDIAN_MS) {
		fake_take_in();
		bool more = go_on(true) || fake_let_guardian_pass();
		int ready = __real_poll(fds, n, more ? 0 : 1);

		if (ready > 0)
			return ready;
		if (fake_passed() >= end)
			return 0;
		idle = more ? 0 : idle + 1;
	}
	fake_broken("the guardian does nothing");
}

/* The guardian's poll(2): there is an answer, unless the play says that there is none. */
static int poll_of_guardian(struct pollfd *fds, nfds_t n, int timeout)
{
	int ready = __real_poll(fds, n, 0);

	for (int i = 0; !ready && timeout && i < GUARDIAN_MS && !fake_shared->silent &&
	     getppid() == fake_shared->test; i++)
		ready = __real_poll(fds, n, 1);
	if (!ready && timeout)
		fake_pass_in_guardian((uint32_t)timeout);
	return ready;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int ready;

	if (!fake_shared)
		return __real_poll(fds, n, timeout);
	if (getpid() != fake_shared->test)
		return poll_of_guardian(fds, n, timeout);
	ready = __real_poll(fds, n, 0);
	if (ready || !timeout) {
		if (ready && fake.ready++ > READY_MAX)
			fake_broken("something is ready for ever, and is not taken");
		return ready;
	}
	fake.ready = 0;
	/* only the wait for the guardian has such a long timeout */
	if (timeout > 100)
		return wait_patiently(fds, n, timeout);
	fake_take_in();
	go_on(false);
	ready = __real_poll(fds, n, 0);
	if (!ready)
		fake_pass(timeout * 1000000ll);
	return ready;
}

/* --- beginning and end -------------------------------------------------------------------- */

void fake_qemu_start(void)
{
	if (!mkdtemp(folder))
		fake_broken("mkdtemp: %s", strerror(errno));
	snprintf(socket_path, sizeof(socket_path), "%s/qmp", folder);
	fake_shared = mmap(NULL, sizeof(*fake_shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fake_shared == MAP_FAILED)
		fake_broken("mmap: %s", strerror(errno));
	fake_shared->test = getpid();
	signal(SIGPIPE, SIG_IGN);
	fake_clock_start();
}

void fake_qemu_end(void)
{
	unlink(socket_path);
	rmdir(folder);
}

static void open_socket(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	unlink(socket_path);
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", socket_path);
	fake.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fake.listener < 0 || bind(fake.listener, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
	    listen(fake.listener, 128) < 0)
		fake_broken("the socket: %s", strerror(errno));
}

/* Waits until the guardian, if it still runs, has ended. */
static void see_guardian_out(void)
{
	int idle = 0;
	pid_t pid;

	/* no process waits any more; if QEMU never answers, end it */
	if (fake_shared->hung || fake_shared->silent)
		fake_die();
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 && idle < GUARDIAN_MS) {
		if (pid)
			continue;
		fake_take_in();
		if (go_on(true) || fake_let_guardian_pass()) {
			idle = 0;
			continue;
		}
		__real_poll(NULL, 0, 1);
		idle++;
	}
	if (pid >= 0)
		fake_broken("the guardian does not end");
}

static void look(bool *dead, bool *running, bool *traced)
{
	*dead = fake_shared->dead;
	*running = fake.running;
	*traced = fake.event_on[0] || fake.event_on[1];
}

void fake_qemu_play(const struct play *p, struct outcome *out)
{
	const struct live_attach_options opt = {
		.where = { .qmp = socket_path }, .via = VIA_TRACE, .fifo_dir = folder,
	};
	int64_t begin, joined;
	struct source *src = NULL;
	struct event_run run = { 0 };
	bool more = true;
	struct err *e;

	memset(&fake, 0, sizeof(fake));
	fake.p = p;
	fake.sign = p->signs;
	fake.log = -1;
	fake.running = true;
	for (int i = 0; i < FAKE_CLIENTS; i++)
		fake.clients[i].fd = -1;
	fake_shared->dead = fake_shared->hung = fake_shared->silent = false;
	fake_shared->asked_ms = 0;
	open_socket();
	*out = (struct outcome){ 0 };
	begin = fake_passed();
	e = live_attach_create(&opt, &src);
	joined = fake_passed();
	out->joined = !e;
	fake.on = !e;
	while (!e && more && !fake.quit) {
		e = src->ops->next(src, &run);
		more = !e && run.n;
	}
	look(&out->captured.dead, &out->captured.running, &out->captured.traced);
	out->captured.dead |= more;	/* it had not ended, so nothing is expected */
	if (src) {
		struct err *end = live_result(src);

		out->joined = true;
		if (e)
			err_free(end);
		else
			e = end;
	}
	out->was_left = !*fake.sign;
	source_destroy(src);
	look(&out->then.dead, &out->then.running, &out->then.traced);
	out->status = e ? 1 : 0;
	snprintf(out->text, sizeof(out->text), "%s", e ? err_text(e) : "");
	err_free(e);
	out->answers = fake.answers;
	out->commands = fake.commands;
	out->seconds = (double)(fake_passed() - begin) / 1e9;
	out->left_in = (double)(fake_passed() - joined) / 1e9;
	/* ignore a Ctrl-C that came too late */
	signal(SIGINT, SIG_IGN);
	signal(SIGINT, SIG_DFL);
	fake.interrupts = 0;
	fake.on = false;
	see_guardian_out();
	look(&out->later.dead, &out->later.running, &out->later.traced);
	fake_die();
}
