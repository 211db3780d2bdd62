// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/logfifo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"

#define FIFO_NAME "hdadump-trace"

/* --- making it ------------------------------------------------------------------ */

/* QEMU's monitor takes the path as a word, and replaces %d in it. */
static bool is_plain(const char *path)
{
	for (; *path; path++)
		if (*path <= ' ' || strchr("%\"'\\\x7f", *path))
			return false;
	return true;
}

/* A folder of our own within @parent, for QEMU's user alone if that can be. */
static struct err *make_folder(const char *parent, bool foreign, uid_t uid, gid_t gid, char **out)
{
	if (asprintf(out, "%s/hdadump-XXXXXX", parent) < 0) {
		*out = NULL;
		return err_nomem();
	}
	if (!mkdtemp(*out)) {
		struct err *e = err_sys(errno, "making a folder for the trace in %s", parent);

		free(*out);
		*out = NULL;
		return e;
	}
	/* another user who cannot be given it must pass through: the name is hard to guess */
	if (foreign && chown(*out, uid, gid) < 0)
		chmod(*out, 0711);
	return NULL;
}

/* Whether QEMU sees the same file there: it may live in a container, or in a chroot. */
static struct err *check_view(pid_t pid, const char *path)
{
	char theirs[PATH_MAX];
	struct stat a, b;

	if (!pid || stat(path, &a) < 0 ||
	    snprintf(theirs, sizeof(theirs), "/proc/%d/root%s", (int)pid, path) >= PATH_MAX)
		return NULL;
	if (stat(theirs, &b) == 0 ? a.st_ino == b.st_ino && a.st_dev == b.st_dev : errno == EACCES)
		return NULL;
	return err_new(ERR_FAIL, "QEMU (process %d) does not see %s: it has a file system of its own "
		       "(a container?); name a folder that both see with --fifo-dir", (int)pid, path);
}

static struct err *make_fifo(struct logfifo *f, const char *in, bool foreign, uid_t uid, gid_t gid)
{
	/* where QEMU's user is not us and the file cannot be his, anybody may write who finds it */
	if (asprintf(&f->path, "%s/" FIFO_NAME, in) < 0) {
		f->path = NULL;
		return err_nomem();
	}
	if (!is_plain(f->path))
		return err_new(ERR_USAGE, "%s: QEMU's monitor takes no path with such signs in it; "
			       "name another folder with --fifo-dir", f->path);
	if (mkfifo(f->path, 0600) < 0) {
		struct err *e = err_sys(errno, "making %s", f->path);

		free(f->path);
		f->path = NULL;
		return e;
	}
	if (foreign && chown(f->path, uid, gid) < 0)
		chmod(f->path, 0622);
	f->fd = open(f->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return f->fd < 0 ? err_sys(errno, "opening %s", f->path) : NULL;
}

struct err *logfifo_create(pid_t pid, const char *folder, const struct qemu_cmdline *c,
			   struct logfifo *out)
{
	const char *own = c ? c->libvirt_folder : NULL, *runtime = getenv("XDG_RUNTIME_DIR");
	char *full = NULL;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	struct stat st;
	struct err *e;
	bool foreign;

	*out = (struct logfifo){ .fd = -1 };
	foreign = pid && process_owner(pid, &uid, &gid) && uid != geteuid();
	if (folder) {
		full = realpath(folder, NULL);
		if (!full)
			return err_sys(errno, "--fifo-dir %s", folder);
	}
	if (own && !full && stat(own, &st) == 0) {
		/* what confines a guest of libvirt's allows it this folder, but none below it */
		e = make_fifo(out, own, foreign, uid, gid);
	} else {
		const char *parent = full ? full : !foreign && runtime && *runtime ? runtime : "/tmp";

		e = make_folder(parent, foreign, uid, gid, &out->folder);
		if (!e)
			e = make_fifo(out, out->folder, foreign, uid, gid);
	}
	if (!e)
		e = check_view(pid, out->path);
	free(full);
	if (e)
		logfifo_deinit(out);
	return e;
}

void logfifo_unlink(struct logfifo *f)
{
	if (f->path)
		unlink(f->path);
	if (f->folder)
		rmdir(f->folder);
	free(f->path);
	free(f->folder);
	f->path = f->folder = NULL;
}

void logfifo_deinit(struct logfifo *f)
{
	logfifo_unlink(f);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* --- where the log went before -------------------------------------------------------- */

static bool fd_target(pid_t pid, const char *fd, char *out, size_t size)
{
	char path[300];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, fd);
	n = readlink(path, out, size - 1);
	if (n <= 0)
		return false;
	out[n] = '\0';
	return true;
}

/* A FIFO that has lost its name: somebody may still read it. */
static bool has_reader(pid_t pid, const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Looks through QEMU's open files: is its log's file among them, or the FIFO of another hdadump? */
static void look_through(pid_t pid, const char *log, bool *log_open, struct log_before *out)
{
	char path[64], target[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *d = opendir(path);
	if (!d)
		return;
	for (struct dirent *de; (de = readdir(d));) {
		if (de->d_name[0] == '.' || !fd_target(pid, de->d_name, target, sizeof(target)))
			continue;
		if (log && strcmp(target, log) == 0)
			*log_open = true;
		if (strstr(target, "/" FIFO_NAME " (deleted)") && out->other != OTHER_LIVING)
			out->other = has_reader(pid, de->d_name) ? OTHER_LIVING : OTHER_DEAD;
	}
	closedir(d);
}

/* Whether QEMU could open its own standard error once more: it may have been given it by root. */
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

/* In full; "" where there is no -D. */
static void log_path(pid_t pid, const struct qemu_cmdline *c, char *out, size_t size)
{
	char cwd[PATH_MAX] = "";

	*out = '\0';
	if (!c || !c->log)
		return;
	if (c->log[0] != '/')
		fd_target(pid, "../cwd", cwd, sizeof(cwd));
	snprintf(out, size, "%s%s%s", cwd, *cwd ? "/" : "", c->log);
}

void log_before_find(pid_t pid, const struct qemu_cmdline *c, struct log_before *out)
{
	char err[PATH_MAX] = "", log[PATH_MAX], at[PATH_MAX + 64];
	bool log_open = false;
	struct stat st;

	*out = (struct log_before){ .path = "/dev/null", .was = "standard error" };
	if (!pid)
		return;
	log_path(pid, c, log, sizeof(log));
	look_through(pid, *log ? log : NULL, &log_open, out);
	/* the log that hdadump left for a FIFO is not open any more */
	log_open |= *log && out->other != NO_OTHER;
	fd_target(pid, "2", err, sizeof(err));
	if (log_open && is_plain(log) && strlen(log) < sizeof(out->path)) {
		snprintf(out->path, sizeof(out->path), "%s", log);
		snprintf(out->was, sizeof(out->was), "%s", log);
		snprintf(at, sizeof(at), "/proc/%d/root%s", (int)pid, log);
		out->is_file = stat(at, &st) == 0 && S_ISREG(st.st_mode) && st.st_size;
		out->same = true;
	} else if (!may_open_again(pid)) {
		return;
	} else if (strncmp(err, "/dev/", 5) == 0 && is_plain(err) &&
		   strlen(err) < sizeof(out->path)) {
		/* in the background standard error follows the log: by its own name, then */
		snprintf(out->path, sizeof(out->path), "%s", err);
		snprintf(out->was, sizeof(out->was), "%s", err);
		out->same = true;
	} else if (strncmp(err, "pipe:", 5) == 0) {
		snprintf(out->path, sizeof(out->path), "/dev/stderr");
		out->same = true;
	}
}
