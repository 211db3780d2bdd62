/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's monitor for QemuHDADump: writes guest memory to a file. With QMP we can also learn
 * where that memory is in QEMU; if we may read QEMU's memory we write the file ourselves,
 * which is much faster. The monitor is one of:
 *
 *   /dev/pts/4    the terminal of `-monitor stdio`: the command is put into its input
 *                 (TIOCSTI), and only the file shows that it was executed
 *   unix:PATH     a socket of the human monitor or of QMP; its greeting shows which
 *
 * A deadlock to avoid: if its trace is not read, the guest's processor blocks while it writes
 * a trace line, and holds the lock that the monitor needs. So we read and store the trace
 * while we wait for the monitor, and process it later.
 */
#ifndef HDADUMP_COMPAT_FRAME_MONITOR_H
#define HDADUMP_COMPAT_FRAME_MONITOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct frame_monitor;
struct tracepipe;

struct frame_monitor_ops {
	/*
	 * Makes QEMU write @len bytes at guest-physical @addr to @path (a path in QEMU's
	 * view), and returns when that is done. @dir and @name are the same file in our view;
	 * @dir is -1 if we cannot see it. *seen is false if the file could not be checked.
	 * The error's kind is ERR_PIPE if the monitor is closed, as at QEMU's end.
	 */
	struct err *(*save)(struct frame_monitor *m, uint64_t addr, uint32_t len, const char *path,
			    int dir, const char *name, bool *seen);
	/* QEMU's process; 0 = unknown (yet). */
	pid_t (*pid)(struct frame_monitor *m);
	/*
	 * Makes QEMU wait at the guest's shutdown until release(); *held says whether it
	 * will. NULL if the monitor cannot do that.
	 */
	struct err *(*hold)(struct frame_monitor *m, bool *held);
	/* Undoes hold(): QEMU continues its shutdown, or runs on. */
	struct err *(*release)(struct frame_monitor *m);
	/* Reads the monitor's events; *ending: the guest has shut down. */
	struct err *(*news)(struct frame_monitor *m, bool *ending);
	void (*destroy)(struct frame_monitor *m);
};

struct frame_monitor {
	const struct frame_monitor_ops *ops;
	const char *route;	/* how frames are saved, for messages */
	int fd;			/* readable if there are events; -1 = never */
	bool quick;		/* a save takes very little time */
};

/*
 * @where is from the command line; if the socket does not exist yet, this waits for it and
 * reads @in meanwhile. @pmemsave: never read QEMU's memory directly, even if that is
 * permitted. @in must live longer than the monitor.
 */
struct err *frame_monitor_open(const char *where, bool pmemsave, struct tracepipe *in,
			 struct frame_monitor **out);

static inline void frame_monitor_destroy(struct frame_monitor *m)
{
	if (m)
		m->ops->destroy(m);
}

/* --- between the files of this folder -------------------------------------- */

struct err *frame_monitor_open_tty(int fd, const char *path, struct tracepipe *in, struct frame_monitor **out);
/* The connected socket belongs to the monitor afterwards. */
struct err *frame_monitor_open_qmp(int fd, const char *path, bool pmemsave, struct tracepipe *in,
			     struct frame_monitor **out);
struct err *frame_monitor_open_hmp(int fd, const char *path, struct tracepipe *in, struct frame_monitor **out);

/*
 * Waits at most @ms for @fd (-1 = none) to be readable, and reads some of the trace while it
 * is not. *ready says whether @fd is readable.
 */
struct err *frame_monitor_wait(struct tracepipe *in, int fd, int ms, bool *ready);
/* The human monitor's pmemsave command without its line end; the caller frees it. */
struct err *frame_monitor_command(uint64_t addr, uint32_t len, const char *path, char **out);

#endif
