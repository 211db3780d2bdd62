/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds where the log of a running QEMU went before we redirected it, so that it can be sent
 * there again, and keeps the contents that this would delete.
 */
#ifndef HDADUMP_LIVE_ATTACH_LOG_BEFORE_H
#define HDADUMP_LIVE_ATTACH_LOG_BEFORE_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct qemu_cmdline;

/* Whether QEMU's log still goes into a pipe or FIFO of another hdadump. */
enum other_fifo {
	NO_OTHER,
	OTHER_DEAD,	/* of one that was killed */
	OTHER_LIVING,	/* of one that is running */
};

/* Where QEMU's log goes before we change it. */
struct log_before {
	enum other_fifo other;
	char path[256];	/* argument of QEMU's logfile command to restore it */
	char was[256];	/* for messages */
	/* the command restores it completely; false: the log then goes to /dev/null */
	bool same;
	bool is_file;	/* a file that may have contents: QEMU empties a file when it opens it */
	dev_t dev;	/* device and inode of that file, if QEMU has it open; 0 and 0 = unknown */
	ino_t ino;
};

/* @pid 0 = unknown. Nothing is changed, and nothing is opened but a pipe's own end. */
void log_before_find(pid_t pid, const struct qemu_cmdline *c, struct log_before *out);

/*
 * Copies the log's contents to a file beside it, as QEMU's user (as_user.h), before QEMU
 * empties it. @pin holds @pid. No file is used but the one that QEMU has open.
 */
struct err *log_before_keep(pid_t pid, int pin, const struct log_before *b);

/* True if the path is safe in QEMU's monitor, which takes it as one word and replaces %d in it. */
bool log_path_is_plain(const char *path);

#endif
