/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the log of a QEMU that runs already went before it came to us, so that
 * it can go there again, and what is lost by that is kept.
 */
#ifndef HDADUMP_LIVE_ATTACH_LOG_BEFORE_H
#define HDADUMP_LIVE_ATTACH_LOG_BEFORE_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct qemu_cmdline;

/* The pipe or FIFO of another hdadump that QEMU's log still goes into. */
enum other_fifo {
	NO_OTHER,
	OTHER_DEAD,	/* it was killed */
	OTHER_LIVING,	/* it is at work */
};

/* Where QEMU's log goes, before it is changed. */
struct log_before {
	enum other_fifo other;
	char path[256];	/* what to give to QEMU's logfile command to go back */
	char was[256];	/* for the user */
	bool same;	/* going back is as if nothing had been; otherwise to /dev/null */
	bool is_file;	/* a file which may have contents: QEMU empties what it opens */
	dev_t dev;	/* of that file, where QEMU has it open; 0 and 0: not known */
	ino_t ino;
};

/* @pid 0: not known.  Nothing is changed, and nothing but a pipe's own end is opened. */
void log_before_find(pid_t pid, const struct qemu_cmdline *c, struct log_before *out);

/*
 * Puts what QEMU's log holds beside it, as QEMU's user (as_user.h), before QEMU
 * empties it.  @pid is held by @pin.  Nothing is touched that is not the file
 * which QEMU has open.
 */
struct err *log_before_keep(pid_t pid, int pin, const struct log_before *b);

/* QEMU's monitor takes a path as a word, and replaces %d in it. */
bool log_path_is_plain(const char *path);

#endif
