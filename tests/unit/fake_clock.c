// SPDX-License-Identifier: GPL-2.0-or-later
/* The simulated clock, and the checks of QEMU's process. */
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fake_int.h"

/* --- the clock ------------------------------------------------------------------------ */

int __real_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_nanosleep(const struct timespec *t, struct timespec *left);

void fake_pass(int64_t ns)
{
	__atomic_add_fetch(&fake_shared->passed_ns, ns, __ATOMIC_SEQ_CST);
}

int64_t fake_passed(void)
{
	return __atomic_load_n(&fake_shared->passed_ns, __ATOMIC_SEQ_CST);
}

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	int status = __real_clock_gettime(id, ts);
	int64_t ns = fake_shared ? ts->tv_nsec + fake_passed() : ts->tv_nsec;

	ts->tv_sec += ns / 1000000000;
	ts->tv_nsec = ns % 1000000000;
	return status;
}

static void futex(int what, uint32_t value)
{
	const struct timespec patience = { .tv_sec = 1 };

	syscall(SYS_futex, &fake_shared->asked_ms, what, value, &patience, NULL, 0);
}

void fake_pass_in_guardian(uint32_t ms)
{
	__atomic_store_n(&fake_shared->asked_ms, ms, __ATOMIC_SEQ_CST);
	kill(fake_shared->test, SIGUSR2);
	while (__atomic_load_n(&fake_shared->asked_ms, __ATOMIC_SEQ_CST)) {
		if (getppid() != fake_shared->test)
			_exit(1);	/* the test has ended, so end too */
		futex(FUTEX_WAIT, ms);
	}
}

bool fake_let_guardian_pass(void)
{
	uint32_t ms = __atomic_load_n(&fake_shared->asked_ms, __ATOMIC_SEQ_CST);

	if (!ms)
		return false;
	fake_pass(ms * 1000000ll);
	__atomic_store_n(&fake_shared->asked_ms, 0, __ATOMIC_SEQ_CST);
	futex(FUTEX_WAKE, 1);
	return true;
}

static void wake_up(int sig)
{
	(void)sig;	/* only to end poll(2) */
}

int __wrap_nanosleep(const struct timespec *t, struct timespec *left)
{
	int64_t ns = t->tv_sec * 1000000000ll + t->tv_nsec;

	(void)left;
	if (getpid() != fake_shared->test)
		fake_pass_in_guardian((uint32_t)(ns / 1000000));
	else
		fake_pass(ns);
	return 0;
}

void fake_clock_start(void)
{
	signal(SIGUSR2, wake_up);
}

/* --- QEMU's process ------------------------------------------------------------------- */

bool __wrap_process_alive(pid_t pid);
bool __wrap_process_may_be_qemu(pid_t pid, const char *cmdline, size_t len);

bool __wrap_process_alive(pid_t pid)
{
	return pid == fake_shared->test && !fake_shared->dead;
}

bool __wrap_process_may_be_qemu(pid_t pid, const char *cmdline, size_t len)
{
	(void)cmdline;
	(void)len;
	return pid == fake_shared->test && !fake.p->pid_unknown;
}
