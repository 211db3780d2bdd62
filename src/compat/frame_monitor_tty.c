// SPDX-License-Identifier: GPL-2.0-or-later
/* A monitor on a terminal: the command is put into the terminal's input as if it were typed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/clock.h"
#include "base/log.h"
#include "compat/frame_monitor.h"
#include "compat/terminal.h"
#include "live/tracepipe.h"

/* If the file has not appeared after this time, the command was lost. */
#define FILE_MS 2000
/* The same, after the end of QEMU's trace, when QEMU has probably ended. */
#define GONE_MS 1000
/* Time for the monitor to execute a command if the file cannot be checked. */
#define BLIND_MS 50

struct tty_monitor {
	struct frame_monitor base;
	char *path;
	struct tracepipe *in;
	int fd;
	dev_t dev;
	bool unseen;		/* files do not appear where they should: do not wait for them */
	bool checked;		/* checked that this is not a shell's terminal */
	bool typed;		/* a command was typed whose effect was not seen */
	bool gone;		/* QEMU's trace has ended, and the monitor no longer answers */
};

static struct err *refused(const struct tty_monitor *t, int cause)
{
	if (cause == EIO)
		return err_new(ERR_FAIL, "this kernel refuses to type into a terminal (TIOCSTI; sysctl "
			       "dev.tty.legacy_tiocsti is 0): start QEMU with "
			       "-qmp unix:PATH,server=on,wait=off and give unix:PATH in place of %s",
			       t->path);
	if (cause == EPERM)
		return err_new(ERR_FAIL, "typing into %s (TIOCSTI) is only for root, or from that "
			       "terminal itself: use sudo, or start QEMU with "
			       "-qmp unix:PATH,server=on,wait=off and give unix:PATH", t->path);
	return err_sys(cause, "typing into %s (TIOCSTI); a monitor's socket works too: unix:PATH",
		       t->path);
}

static struct err *type(struct tty_monitor *t, const char *text)
{
	for (const char *p = text; *p; p++)
		if (ioctl(t->fd, TIOCSTI, p) < 0)
			return refused(t, errno);
	return NULL;
}

/* If a shell reads the terminal, it would execute the command. */
static struct err *check_users(struct tty_monitor *t)
{
	struct terminal_users u;

	terminal_look(t->dev, &u);
	if (u.shell[0])
		return err_new(ERR_FAIL, "%s is the terminal of a shell (%s) and not of QEMU's "
			       "monitor; start QEMU there with -monitor stdio, or give a monitor's "
			       "socket as unix:PATH", t->path, u.shell);
	t->checked = true;
	return NULL;
}

static bool appeared(int dir, const char *name, uint32_t len, const struct stat *before)
{
	struct stat st;

	if (fstatat(dir, name, &st, 0) < 0 || st.st_size != (off_t)len)
		return false;
	return !before || st.st_ino != before->st_ino ||
	       st.st_mtim.tv_sec != before->st_mtim.tv_sec ||
	       st.st_mtim.tv_nsec != before->st_mtim.tv_nsec;
}

static struct err *wait_for_file(struct tty_monitor *t, int dir, const char *name, uint32_t len,
				 const struct stat *before, bool *seen)
{
	int64_t start = clock_ms();
	struct err *e = NULL;
	bool ready;

	while (!e) {
		int64_t waited = clock_ms() - start;

		*seen = appeared(dir, name, len, before);
		if (*seen || waited > FILE_MS || (t->in->eof && (t->gone || waited > GONE_MS)))
			break;
		e = frame_monitor_wait(t->in, -1, 4, &ready);
	}
	t->gone = t->in->eof && !*seen;
	return e;
}

static struct err *tty_save(struct frame_monitor *m, uint64_t addr, uint32_t len, const char *path,
			    int dir, const char *name, bool *seen)
{
	struct tty_monitor *t = (struct tty_monitor *)m;
	struct stat before;
	char *command = NULL;
	struct err *e = t->checked ? NULL : check_users(t);
	bool was_there = dir >= 0 && fstatat(dir, name, &before, 0) == 0, ready;

	*seen = false;
	if (!e)
		e = frame_monitor_command(addr, len, path, &command);
	for (int try = 0; !e && !*seen && try < 2; try++) {
		if (try) {
			struct terminal_users u;

			/*
			 * text that was being typed there spoils our command; retry only if
			 * QEMU reads the terminal
			 */
			terminal_look(t->dev, &u);
			if (!u.qemu || t->unseen)
				break;
			/* to the line's beginning, then delete the line */
			e = type(t, "\001\013");
		}
		if (!e)
			e = type(t, command);
		if (!e)
			e = type(t, "\n");
		t->typed = true;
		if (!e && dir >= 0 && !t->unseen)
			e = wait_for_file(t, dir, name, len, was_there ? &before : NULL, seen);
	}
	if (!e && !*seen && !t->in->eof) {
		int64_t end = clock_ms() + BLIND_MS;

		if (!t->unseen)
			e = check_users(t);
		if (!e && !t->unseen)
			log_warn("%s does not appear: is QEMU's monitor at %s, and may QEMU write "
				 "there?", name, t->path);
		t->unseen = true;
		while (!e && !t->in->eof && clock_ms() < end)
			e = frame_monitor_wait(t->in, -1, 10, &ready);
	}
	if (*seen) {
		t->typed = false;
		t->unseen = false;
	}
	free(command);
	return e;
}

static pid_t tty_pid(struct frame_monitor *m)
{
	struct tty_monitor *t = (struct tty_monitor *)m;
	struct terminal_users u;
	pid_t pid = terminal_find_writer();

	if (pid)
		return pid;
	terminal_look(t->dev, &u);
	return u.qemu;
}

static void tty_destroy(struct frame_monitor *m)
{
	struct tty_monitor *t = (struct tty_monitor *)m;

	/* remove a command that QEMU did not read, before the next shell reads it */
	if (t->typed && t->in->eof)
		tcflush(t->fd, TCIFLUSH);
	close(t->fd);
	free(t->path);
	free(t);
}

static const struct frame_monitor_ops tty_ops = {
	.save = tty_save,
	.pid = tty_pid,
	.destroy = tty_destroy,
};

struct err *frame_monitor_open_tty(int fd, const char *path, struct tracepipe *in, struct frame_monitor **out)
{
	struct tty_monitor *t = calloc(1, sizeof(*t));
	struct stat st;

	if (t)
		t->path = strdup(path);
	if (!t || !t->path || fstat(fd, &st) < 0) {
		close(fd);
		if (t)
			free(t->path);
		free(t);
		return err_nomem();
	}
	t->base = (struct frame_monitor){ .ops = &tty_ops, .route = "pmemsave typed into the monitor", .fd = -1 };
	t->fd = fd;
	t->dev = st.st_rdev;
	t->in = in;
	*out = &t->base;
	return NULL;
}
