// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"
#include "qemu/vfio.h"

static void add(struct buf *args, const char *arg)
{
	buf_add(args, arg, strlen(arg) + 1);
}

void qemu_additions(const struct qemu_fds *fds, bool paused, struct buf *args)
{
	char text[64];

	add(args, "-global");
	add(args, "vfio-pci.x-no-mmap=on");
	add(args, "-trace");
	add(args, "vfio_region_read");
	add(args, "-trace");
	add(args, "vfio_region_write");
	if (fds->qmp >= 0) {
		snprintf(text, sizeof(text), "socket,id=hdadump-qmp,fd=%d", fds->qmp);
		add(args, "-chardev");
		add(args, text);
		/*
		 * not -mon, which QEMU 11 calls deprecated: QEMU 7.2 does not have its
		 * replacement
		 */
		add(args, "-qmp");
		add(args, "chardev:hdadump-qmp");
	}
	if (fds->trace >= 0) {
		snprintf(text, sizeof(text), "/dev/fd/%d", fds->trace);
		add(args, "-D");
		add(args, text);
	}
	if (paused)
		add(args, "-S");
}

bool qemu_uses_terminal(char *const *command)
{
	if (!qemu_is_program(command[0]))
		return true;
	for (char *const *a = command + 1; *a; a++) {
		if (qemu_option_is(*a, "nographic") || qemu_option_is(*a, "curses"))
			return true;
		/* -serial mon:stdio, -chardev stdio,id=x, -display curses; but not a file's name */
		if (strncmp(*a, "stdio", 5) == 0 || strncmp(*a, "mon:stdio", 9) == 0 ||
		    strncmp(*a, "chardev:stdio", 13) == 0 || strncmp(*a, "curses", 6) == 0)
			return true;
	}
	return false;
}

static struct err *check_option(const char *arg, struct qemu_plan *plan)
{
	if (qemu_option_is(arg, "D"))
		return err_new(ERR_USAGE, "QEMU is given -D, which takes the trace away from "
			       "hdadump; leave it out (other log lines come on standard error)");
	if (qemu_option_is(arg, "daemonize"))
		return err_new(ERR_USAGE, "QEMU is given -daemonize, but hdadump run stays with "
			       "it; leave it out, and put '&' after the command if you want");
	if (qemu_option_is(arg, "S") || qemu_option_is(arg, "incoming"))
		plan->stays_paused = true;
	return NULL;
}

struct err *qemu_plan_init(char *const *command, const struct qemu_fds *fds,
			   struct qemu_plan *plan)
{
	struct buf args = { 0 };
	size_t n = 0, extra = 0;
	struct err *e = NULL;

	*plan = (struct qemu_plan){ .script = !qemu_is_program(command[0]) };
	while (command[n])
		n++;
	if (!plan->script)
		for (size_t i = 1; i < n && !e; i++)
			e = check_option(command[i], plan);
	if (e)
		return e;
	qemu_additions(fds, !plan->stays_paused, &args);
	e = buf_err(&args);
	if (e)
		goto out;
	for (size_t i = 0; i < args.len; i++)
		extra += args.data[i] == '\0';
	plan->argv = calloc(n + extra + 1, sizeof(char *));
	if (!plan->argv) {
		e = err_nomem();
		goto out;
	}
	size_t k = 0;
	for (; k < n; k++) {
		if (!plan->script && k && qemu_option_is(command[k - 1], "device"))
			e = vfio_argument(VFIO_SYSFS, command[k], &plan->argv[k]);
		else if (!(plan->argv[k] = strdup(command[k])))
			e = err_nomem();
		if (e)
			goto out;
	}
	const char *p = (const char *)args.data;
	for (size_t i = 0; i < extra && !plan->script; i++, p += strlen(p) + 1) {
		plan->argv[k] = strdup(p);
		if (!plan->argv[k++]) {
			e = err_nomem();
			goto out;
		}
	}
out:
	buf_deinit(&args);
	if (e)
		qemu_plan_deinit(plan);
	return e;
}

void qemu_plan_deinit(struct qemu_plan *plan)
{
	for (size_t i = 0; plan->argv && plan->argv[i]; i++)
		free(plan->argv[i]);
	free(plan->argv);
	plan->argv = NULL;
}

/* A script passes the additions on word by word, so none of them contains a space. */
static void set_environment(const struct qemu_fds *fds)
{
	struct buf args = { 0 };

	qemu_additions(fds, true, &args);
	for (size_t i = 0; i < args.len; i++)
		if (!args.data[i])
			args.data[i] = i + 1 < args.len ? ' ' : '\0';
	if (!args.failed && args.len)
		setenv(QEMU_CAPTURE_ENV, (char *)args.data, 1);
	buf_deinit(&args);
}

static void inherit(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
}

struct err *qemu_start(const struct qemu_plan *plan, const struct qemu_fds *fds, int stderr_fd,
		       pid_t *pid)
{
	int report[2], failure = 0;

	if (pipe2(report, O_CLOEXEC) < 0)
		return err_sys(errno, "starting %s", plan->argv[0]);
	pid_t child = fork();
	if (child < 0) {
		int errnum = errno;

		close(report[0]);
		close(report[1]);
		return err_sys(errnum, "starting %s", plan->argv[0]);
	}
	if (child == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		inherit(fds->qmp);
		inherit(fds->trace);
		if (plan->script)
			set_environment(fds);
		if (stderr_fd >= 0)
			dup2(stderr_fd, STDERR_FILENO);
		execvp(plan->argv[0], plan->argv);
		failure = errno;
		if (write(report[1], &failure, sizeof(failure)) < 0)
			_exit(126);
		_exit(127);
	}
	close(report[1]);
	ssize_t n;
	while ((n = read(report[0], &failure, sizeof(failure))) < 0 && errno == EINTR)
		;
	close(report[0]);
	if (n > 0) {
		waitpid(child, NULL, 0);
		return err_sys(failure, "starting %s", plan->argv[0]);
	}
	*pid = child;
	return NULL;
}

const char *qemu_status_text(int status)
{
	static char text[80];

	if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "was ended by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(text, sizeof(text), "ended with status %d", WEXITSTATUS(status));
	return text;
}
