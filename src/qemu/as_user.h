/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File system work for QEMU, done with the rights of QEMU's user.
 *
 * If root opens, creates or renames a file by a path that another user can change, that user
 * can make root act on any file: by replacing a name with a symbolic link, or a folder with
 * another one. So a child process does such work with QEMU's user, groups and view of the
 * file system (mount namespace, root), and without capabilities: it can do nothing that
 * QEMU's user could not do. If we are not root, the child keeps our identity, without
 * capabilities.
 */
#ifndef HDADUMP_QEMU_AS_USER_H
#define HDADUMP_QEMU_AS_USER_H

#include <stddef.h>
#include <sys/types.h>

struct err;

struct as_user {
	pid_t child;	/* 0 = none */
	int link;	/* socket to the child; packets in both directions */
};

/*
 * The child's work; the child ends when this returns. Its working directory is QEMU's root,
 * its mask 0. It may have been forked from a process with threads: it makes system calls, and
 * takes no lock (no malloc, no stdio).
 */
typedef void as_user_work(int link, void *arg);

/*
 * @pid: QEMU's process, held by @pin (process_pin()); 0: keep our own identity. The child
 * reads @arg after the fork.
 */
struct err *as_user_start(pid_t pid, int pin, as_user_work *work, void *arg, struct as_user *out);
/*
 * Receives one packet of @len bytes from the child. Waits a few seconds at most, because
 * QEMU's user can stop the child. *fd (may be NULL): the descriptor that came with it, or -1.
 */
struct err *as_user_hear(struct as_user *u, void *data, size_t len, int *fd);
/* Makes the child's as_user_wait() return; kills the child if it does not end soon. */
void as_user_end(struct as_user *u);

/* In the child: sends a packet, with @fd unless that is -1. */
void as_user_say(int link, const void *data, size_t len, int fd);
/* In the child: waits until as_user_end(), or until hdadump has ended. */
void as_user_wait(int link);
/* In the child: @path in QEMU's view, relative to the working directory. */
const char *as_user_path(const char *path);

#endif
