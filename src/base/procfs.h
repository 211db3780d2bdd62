/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes, as /proc shows them (proc(5)).  What is not shown to us looks like
 * what is not there, and a process may end while it is looked at: whoever needs
 * more holds it (qemu/process.h).
 */
#ifndef HDADUMP_BASE_PROCFS_H
#define HDADUMP_BASE_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;

/* The file /proc/@pid/@name, appended to @out; 1 MiB at most. */
struct err *procfs_read(pid_t pid, const char *name, struct buf *out);

/* What the link /proc/@pid/@name, or @name in the folder @dir, leads to; cut to @size. */
bool procfs_link(pid_t pid, const char *name, char *out, size_t size);
bool procfs_link_at(int dir, const char *name, char *out, size_t size);

struct procfs_stat {
	char comm[32];		/* its name, which may hold anything */
	char state;
	int pgrp, tty, foreground;	/* process group, terminal, the terminal's group */
};

bool procfs_stat(pid_t pid, struct procfs_stat *out);

/* Calls @seen for each process until it returns true; false when there is no /proc. */
bool procfs_each(bool (*seen)(void *arg, pid_t pid), void *arg);

/*
 * The same for each open file of @pid: @fd is its number, a link in the folder
 * @dir.  False when they are not shown to us.
 */
bool procfs_each_fd(pid_t pid, bool (*seen)(void *arg, int dir, const char *fd), void *arg);

#endif
