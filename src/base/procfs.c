// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/procfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#define FILE_MAX (1u << 20)
#define PATH_SIZE 64

static const char *path_of(pid_t pid, const char *name, char *path)
{
	snprintf(path, PATH_SIZE, "/proc/%d/%s", (int)pid, name);
	return path;
}

struct err *procfs_read(pid_t pid, const char *name, struct buf *out)
{
	char path[PATH_SIZE];
	struct err *e = NULL;
	int fd = open(path_of(pid, name, path), O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return err_new(ERR_FAIL, "there is no process %d", (int)pid);
	if (fd < 0)
		return err_sys(errno, "%s", path);
	for (ssize_t n = 1; n > 0 && !e && out->len < FILE_MAX;) {
		uint8_t *room = buf_reserve(out, 65536);

		n = room ? read(fd, room, 65536) : 0;
		if (!room)
			e = err_nomem();
		else if (n > 0)
			out->len += (size_t)n;
		else if (n < 0 && errno != EINTR)
			e = err_sys(errno, "%s", path);
		else if (n < 0)
			n = 1;
	}
	close(fd);
	return e;
}

bool procfs_link_at(int dir, const char *name, char *out, size_t size)
{
	ssize_t n = readlinkat(dir, name, out, size - 1);

	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

bool procfs_link(pid_t pid, const char *name, char *out, size_t size)
{
	char path[PATH_SIZE];

	return procfs_link_at(AT_FDCWD, path_of(pid, name, path), out, size);
}

/* pid (comm) state ppid pgrp session tty_nr tpgid */
bool procfs_stat(pid_t pid, struct procfs_stat *out)
{
	struct buf text = { 0 };
	struct err *e = procfs_read(pid, "stat", &text);
	const char *s = buf_str(&text), *open = strchr(s, '('), *close = strrchr(s, ')');
	bool good = !e && open && close && open < close &&
		    sscanf(close + 1, " %c %*d %d %*d %d %d", &out->state, &out->pgrp, &out->tty,
			   &out->foreground) == 4;

	if (good)
		snprintf(out->comm, sizeof(out->comm), "%.*s", (int)(close - open - 1), open + 1);
	err_free(e);
	buf_deinit(&text);
	return good;
}

bool procfs_each(bool (*seen)(void *arg, pid_t pid), void *arg)
{
	DIR *d = opendir("/proc");
	bool enough = false;

	if (!d)
		return false;
	for (struct dirent *de; !enough && (de = readdir(d));) {
		pid_t pid = (pid_t)strtol(de->d_name, NULL, 10);

		enough = pid > 0 && seen(arg, pid);
	}
	closedir(d);
	return true;
}

bool procfs_each_fd(pid_t pid, bool (*seen)(void *arg, int dir, const char *fd), void *arg)
{
	char path[PATH_SIZE];
	DIR *d = opendir(path_of(pid, "fd", path));
	bool enough = false;

	if (!d)
		return false;
	for (struct dirent *de; !enough && (de = readdir(d));)
		enough = de->d_name[0] != '.' && seen(arg, dirfd(d), de->d_name);
	closedir(d);
	return true;
}
