/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work in the file system for QEMU, done as QEMU's user.
 *
 * Root who opens, makes or renames a file by a path that another user can
 * change does that user's bidding: a name is exchanged for a symbolic link, a
 * folder for another one.  So such work is done by a child that has QEMU's
 * user, groups and view of the file system (mount namespace, root), and no
 * capability: whatever it is led to, QEMU's user could have done himself.
 * Where we are not root the child is us, without capabilities.
 */
#ifndef HDADUMP_QEMU_AS_USER_H
#define HDADUMP_QEMU_AS_USER_H

#include <stddef.h>
#include <sys/types.h>

struct err;

struct as_user {
	pid_t child;	/* 0: none */
	int link;	/* to it: packets, either way */
};

/*
 * What the child does; it ends when this returns.  Its working directory is
 * QEMU's root, its mask 0.  It was forked from a process that may have had
 * threads: it makes system calls, and takes no lock (no malloc, no stdio).
 */
typedef void as_user_work(int link, void *arg);

/*
 * @pid: QEMU's process, held by @pin (process_pin()); 0: as ourselves.  @arg
 * is read by the child after the fork.
 */
struct err *as_user_start(pid_t pid, int pin, as_user_work *work, void *arg, struct as_user *out);
/*
 * Takes one packet of @len bytes from the child, which has a few seconds for it: QEMU's
 * user may stop it.  *fd (may be NULL): the descriptor that came with it, or -1.
 */
struct err *as_user_hear(struct as_user *u, void *data, size_t len, int *fd);
/* The child's as_user_wait() returns; when it has not ended a moment later it is killed. */
void as_user_end(struct as_user *u);

/* For the child: a packet, with @fd beside it unless that is -1. */
void as_user_say(int link, const void *data, size_t len, int fd);
/* For the child: until as_user_end(), or until hdadump is gone. */
void as_user_wait(int link);
/* For the child: @path within QEMU's view, to be opened from the working directory. */
const char *as_user_path(const char *path);

#endif
