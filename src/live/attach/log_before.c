// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/attach/log_before.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/procfs.h"
#include "live/attach/logfifo.h"
#include "live/attach/logpipe.h"
#include "qemu/as_user.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"

#define KEPT ".before-hdadump"

bool log_path_is_plain(const char *path)
{
	for (; *path; path++)
		if (*path <= ' ' || strchr("%\"'\\\x7f", *path))
			return false;
	return true;
}

/* --- QEMU's open files -------------------------------------------------------------- */

/* True if a process reads the pipe whose write end is open as @pipe (O_PATH). */
static bool has_reader(int pipe)
{
	char path[64];
	struct pollfd p = { .events = POLLOUT };
	bool read_by = false;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", pipe);
	p.fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (p.fd < 0)
		return errno != ENXIO;
	if (poll(&p, 1, 0) >= 0)
		read_by = !(p.revents & POLLERR);
	close(p.fd);
	return read_by;
}

struct open_files {
	const char *log;	/* path of the log, or NULL */
	bool log_open;
	struct log_before *out;
};

/* Checks one open file of QEMU: whether it is the log, or the pipe of another hdadump. */
static bool look_at(void *arg, int dir, const char *fd)
{
	struct open_files *f = arg;
	struct log_before *out = f->out;
	char target[PATH_MAX];
	struct stat st;

	if (!procfs_link_at(dir, fd, target, sizeof(target)))
		return false;
	/*
	 * open it with O_PATH first, then check it: QEMU's user may replace the file, and we
	 * must not open a device
	 */
	int held = openat(dir, fd, O_PATH | O_CLOEXEC);
	if (held < 0)
		return false;
	if (fstat(held, &st) == 0 && f->log && strcmp(target, f->log) == 0) {
		f->log_open = true;
		out->is_file = S_ISREG(st.st_mode) && st.st_size;
		out->dev = st.st_dev;
		out->ino = st.st_ino;
	} else if (S_ISFIFO(st.st_mode) && out->other != OTHER_LIVING &&
		   (logpipe_is_marked(&st) || strstr(target, "/" LOGFIFO_NAME " (deleted)"))) {
		out->other = has_reader(held) ? OTHER_LIVING : OTHER_DEAD;
	}
	close(held);
	return false;
}

/* True if QEMU could open its own standard error again, which root may have opened for it. */
static bool may_open_again(pid_t pid)
{
	char path[64];
	struct stat st;
	uid_t uid = 0;
	gid_t gid = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd/2", (int)pid);
	if (stat(path, &st) < 0 || !process_owner(pid, &uid, &gid))
		return false;
	return !uid || (st.st_uid == uid ? st.st_mode & S_IWUSR : st.st_gid == gid ?
			st.st_mode & S_IWGRP : st.st_mode & S_IWOTH);
}

/* The full path; "" if there is no -D. */
static void log_path(pid_t pid, const struct qemu_cmdline *c, char *out, size_t size)
{
	char cwd[PATH_MAX] = "";

	*out = '\0';
	if (!c || !c->log)
		return;
	if (c->log[0] != '/')
		procfs_link(pid, "cwd", cwd, sizeof(cwd));
	snprintf(out, size, "%s%s%s", cwd, *cwd ? "/" : "", c->log);
}

void log_before_find(pid_t pid, const struct qemu_cmdline *c, struct log_before *out)
{
	char err[PATH_MAX] = "", log[PATH_MAX];
	struct open_files f = { .out = out };

	*out = (struct log_before){ .path = "/dev/null", .was = "standard error" };
	if (!pid)
		return;
	log_path(pid, c, log, sizeof(log));
	f.log = *log ? log : NULL;
	procfs_each_fd(pid, look_at, &f);
	/*
	 * the log that hdadump redirected to a FIFO is not open any more, but there may be a
	 * file
	 */
	if (*log && !f.log_open && out->other != NO_OTHER)
		f.log_open = out->is_file = true;
	procfs_link(pid, "fd/2", err, sizeof(err));
	if (f.log_open && log_path_is_plain(log) && strlen(log) < sizeof(out->path)) {
		snprintf(out->path, sizeof(out->path), "%s", log);
		snprintf(out->was, sizeof(out->was), "%s", log);
		out->same = true;
		return;
	}
	out->is_file = false;
	if (!may_open_again(pid)) {
		return;
	} else if (strncmp(err, "/dev/", 5) == 0 && log_path_is_plain(err) &&
		   strlen(err) < sizeof(out->path)) {
		/* with -daemonize standard error follows the log, so use its own path */
		snprintf(out->path, sizeof(out->path), "%s", err);
		snprintf(out->was, sizeof(out->was), "%s", err);
		out->same = true;
	} else if (strncmp(err, "pipe:", 5) == 0) {
		snprintf(out->path, sizeof(out->path), "/dev/stderr");
		out->same = true;
	}
}

/* --- keeping the old log -------------------------------------------------------------- */

struct keep_order {
	char folder[256], name[256], kept[256 + sizeof(KEPT)];
	dev_t dev;
	ino_t ino;
};

struct keep_answer {
	int errnum;	/* ESTALE: the file is not the one that QEMU has open */
	bool kept;	/* false without an error: the log was empty */
};

/* In the child, as QEMU's user: works in one folder, even if its path is given to another one. */
static void keep_in(int folder, const struct keep_order *o, struct keep_answer *a)
{
	struct stat st;

	if (fstatat(folder, o->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		a->errnum = errno == ENOENT ? 0 : errno;
		return;
	}
	if ((o->dev || o->ino) && (st.st_dev != o->dev || st.st_ino != o->ino)) {
		a->errnum = ESTALE;
		return;
	}
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return;
	if (renameat2(folder, o->name, folder, o->kept, RENAME_NOREPLACE) < 0) {
		/*
		 * if the file system cannot do this: a link cannot replace an existing file
		 * either
		 */
		if (errno != EINVAL || linkat(folder, o->name, folder, o->kept, 0) < 0 ||
		    unlinkat(folder, o->name, 0) < 0) {
			a->errnum = errno;
			return;
		}
	}
	a->kept = true;
}

static void keeper(int link, void *arg)
{
	const struct keep_order *o = arg;
	struct keep_answer a = { 0 };
	int folder = open(as_user_path(o->folder), O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		a.errnum = errno;
	else
		keep_in(folder, o, &a);
	as_user_say(link, &a, sizeof(a), -1);
}

struct err *log_before_keep(pid_t pid, int pin, const struct log_before *b)
{
	struct keep_order o = { .dev = b->dev, .ino = b->ino };
	const char *base = strrchr(b->path, '/');
	struct keep_answer a = { 0 };
	struct as_user u;
	struct err *e;

	if (!b->is_file)
		return NULL;
	if (!base)
		return err_new(ERR_FAIL, "keeping QEMU's log %s: it is not a full path", b->path);
	snprintf(o.folder, sizeof(o.folder), "%.*s", (int)(base - b->path), b->path);
	snprintf(o.name, sizeof(o.name), "%s", base + 1);
	snprintf(o.kept, sizeof(o.kept), "%s" KEPT, base + 1);
	e = as_user_start(pid, pin, keeper, &o, &u);
	if (!e) {
		e = as_user_hear(&u, &a, sizeof(a), NULL);
		as_user_end(&u);
	}
	if (e)
		return err_wrap(e, "keeping QEMU's log %s", b->path);
	if (a.errnum == EEXIST)
		return err_new(ERR_FAIL, "QEMU empties its log %s when it opens it again, and its "
			       "contents cannot be saved in %s" KEPT ", which exists: move that away", b->path,
			       b->path);
	if (a.errnum == ESTALE)
		return err_new(ERR_FAIL, "QEMU empties its log %s when it opens it again, but the file of "
			       "that name is not the one that QEMU has open: it is left alone; move it away",
			       b->path);
	if (a.errnum)
		return err_sys(a.errnum, "QEMU's user keeping QEMU's log %s (QEMU empties it when it opens it "
			       "again)", b->path);
	if (a.kept)
		log_note("QEMU empties its log %s when it opens it again; its old contents are in %s" KEPT,
			 b->path, b->path);
	return NULL;
}
