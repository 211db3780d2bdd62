/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FIFO for the log of a QEMU that runs already: made where QEMU's user can
 * open it, gone from the file system as soon as QEMU has.  And where QEMU's
 * log went before, so that it can go there again.
 */
#ifndef HDADUMP_LIVE_LOGFIFO_H
#define HDADUMP_LIVE_LOGFIFO_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct qemu_cmdline;

struct logfifo {
	char *path;
	char *folder;	/* made for it, to be removed with it; NULL: none was */
	int fd;		/* reading end, not blocking */
};

/*
 * @folder: where the user wants it, or NULL.  @c may be NULL when QEMU's
 * command line is not known.
 */
struct err *logfifo_create(pid_t pid, const char *folder, const struct qemu_cmdline *c,
			   struct logfifo *out);
/* Nothing is left in the file system; the reading end stays. */
void logfifo_unlink(struct logfifo *f);
/* The same, and the reading end is closed unless it was taken (fd -1). */
void logfifo_deinit(struct logfifo *f);

/* The FIFO of another hdadump that QEMU's log still goes into. */
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
	bool is_file;	/* a file with contents: QEMU empties what it opens */
};

void log_before_find(pid_t pid, const struct qemu_cmdline *c, struct log_before *out);

#endif
