/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's monitor, as QemuHDADump needs it: something that has guest memory
 * written to a file.  Over QMP it also says where that memory is; a file is then
 * written by ourselves, much sooner, if we may read QEMU's memory.  It is reached
 * in one of three ways:
 *
 *   /dev/pts/4    the terminal of `-monitor stdio`: the command is typed there
 *                 (TIOCSTI), and that it was done shows only in the file
 *   unix:PATH     a monitor's socket, of the human monitor or of QMP; which of
 *                 the two, its greeting tells
 *
 * The trap: the guest's processor waits in its own trace line when nobody reads
 * it, holding the lock that the monitor needs.  So while one waits for the
 * monitor the trace must be read on; it is kept and dealt with later.
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
	 * Has @len bytes at guest-physical @addr written to @path (as QEMU
	 * understands it), and returns when that is done.  @dir and @name are
	 * the same file for us; @dir is -1 where we cannot see it.
	 * *seen is false when nobody can tell whether it was done.  An error
	 * of the kind ERR_PIPE when the monitor is gone, as at QEMU's end.
	 */
	struct err *(*save)(struct frame_monitor *m, uint64_t addr, uint32_t len, const char *path,
			    int dir, const char *name, bool *seen);
	/* QEMU's process, 0 when it cannot be told (yet). */
	pid_t (*pid)(struct frame_monitor *m);
	/*
	 * NULL where it need not be asked: makes QEMU wait at the guest's
	 * shutdown until frame_monitor_release(); *held says whether it will.
	 */
	struct err *(*hold)(struct frame_monitor *m, bool *held);
	/* QEMU goes on with what it was held at, or with its life. */
	struct err *(*release)(struct frame_monitor *m);
	/* Takes what the monitor says by itself; *ending: the guest has shut down. */
	struct err *(*news)(struct frame_monitor *m, bool *ending);
	void (*destroy)(struct frame_monitor *m);
};

struct frame_monitor {
	const struct frame_monitor_ops *ops;
	const char *route;	/* how frames are saved, for people */
	int fd;			/* readable when there is news; -1: never */
	bool quick;		/* a save costs next to nothing */
};

/*
 * @where as on the command line; a socket that is not there yet is waited for
 * while @in is read.  @pmemsave: never read QEMU's memory directly, even where
 * that is permitted.  @in outlives the monitor.
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
/* Takes over the connected socket. */
struct err *frame_monitor_open_qmp(int fd, const char *path, bool pmemsave, struct tracepipe *in,
			     struct frame_monitor **out);
struct err *frame_monitor_open_hmp(int fd, const char *path, struct tracepipe *in, struct frame_monitor **out);

/*
 * Waits at most @ms for @fd (-1: none) to be readable; reads a little of the
 * trace when it is not.  *ready says whether @fd is.
 */
struct err *frame_monitor_wait(struct tracepipe *in, int fd, int ms, bool *ready);
/* pmemsave as the human monitor takes it, without the line's end; owned by the caller. */
struct err *frame_monitor_command(uint64_t addr, uint32_t len, const char *path, char **out);

#endif
