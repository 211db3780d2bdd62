// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/libvirt/libvirt_process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "qemu/process.h"

/* The folder where the daemon stores the state of running guests; false: not on this machine. */
static bool state_folder(const char *uri, struct buf *out)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR"), *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME"), *p = strstr(uri, "://");

	/* a URI with a host has it before the path; a socket can lead to another machine */
	if (!p || p[3] != '/' || strstr(p, "socket="))
		return false;
	p += 3;
	size_t n = strcspn(p, "?#");

	if (n == 7 && strncmp(p, "/system", n) == 0)
		buf_adds(out, "/run/libvirt/qemu");
	else if (n != 8 || strncmp(p, "/session", n) != 0)
		return false;
	/* the daemon of a session: virGetUserRuntimeDirectory() of libvirt */
	else if (runtime && *runtime)
		buf_addf(out, "%s/libvirt/qemu/run", runtime);
	else if (cache && *cache)
		buf_addf(out, "%s/libvirt/qemu/run", cache);
	else if (home && *home)
		buf_addf(out, "%s/.cache/libvirt/qemu/run", home);
	return out->len;
}

/* True if only root or we could write it. */
static bool is_ours(const struct stat *st)
{
	return (!st->st_uid || st->st_uid == geteuid()) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static pid_t read_number(const char *folder, const char *name)
{
	char text[32], file[300], *end;
	int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
	struct stat st;
	ssize_t n = 0;

	if (dir >= 0 && fstat(dir, &st) == 0 && is_ours(&st) && !strchr(name, '/') &&
	    snprintf(file, sizeof(file), "%s.pid", name) < (int)sizeof(file))
		fd = openat(dir, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && is_ours(&st) && S_ISREG(st.st_mode))
		n = read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	long pid = strtol(text, &end, 10);

	return (!*end || *end == '\n') && pid > 0 && pid <= 1 << 22 ? (pid_t)pid : 0;
}

void libvirt_process(const char *uri, const char *name, pid_t *pid, int *pin)
{
	struct buf folder = { 0 };

	*pid = 0;
	*pin = -1;
	if (state_folder(uri, &folder) && !folder.failed) {
		*pid = read_number(buf_str(&folder), name);
		if (*pid)
			err_free(process_pin(*pid, pin));
		/*
		 * the file is removed with the guest, so it is still about the process that
		 * is held
		 */
		if (*pin < 0 || read_number(buf_str(&folder), name) != *pid) {
			if (*pin >= 0)
				close(*pin);
			*pin = -1;
			*pid = 0;
		}
	}
	buf_deinit(&folder);
}
