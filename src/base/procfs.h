/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Information about processes from /proc (proc(5)). A file that we may not read looks like a
 * missing one, and a process may end between two reads: a caller for whom that matters must
 * hold it (qemu/process.h).
 */
#ifndef HDADUMP_BASE_PROCFS_H
#define HDADUMP_BASE_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;

/* Appends the file /proc/@pid/@name to @out; 1 MiB at most. */
struct err *procfs_read(pid_t pid, const char *name, struct buf *out);

/* The target of the link /proc/@pid/@name, or of @name in the folder @dir; cut to @size. */
bool procfs_link(pid_t pid, const char *name, char *out, size_t size);
bool procfs_link_at(int dir, const char *name, char *out, size_t size);

struct procfs_stat {
	char comm[32];		/* its name, which may contain anything */
	char state;
	/* process group, terminal, the terminal's foreground group */
	int pgrp, tty, foreground;
};

bool procfs_stat(pid_t pid, struct procfs_stat *out);

/* Calls @seen for each process until it returns true; false if there is no /proc. */
bool procfs_each(bool (*seen)(void *arg, pid_t pid), void *arg);

/*
 * The same for each open file of @pid: @fd is its number, a link in the folder @dir. False if
 * we may not see them.
 */
bool procfs_each_fd(pid_t pid, bool (*seen)(void *arg, int dir, const char *fd), void *arg);

#endif
