/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QemuHDADump's work: reads QEMU's trace, prints the address that each verb will have in the
 * joined file, and makes QEMU's monitor save the rings.
 */
#ifndef HDADUMP_COMPAT_FRAME_RECORDER_H
#define HDADUMP_COMPAT_FRAME_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct frame_recorder_options {
	const char *where;	/* terminal or socket of the monitor; NULL = print addresses only */
	const char *device;	/* the controller; NULL = the first one that sends a verb */
	const char *folder;	/* folder of the frames; NULL = QEMU's current folder */
	bool overwrite;
	bool pmemsave;		/* QEMU writes the frames, even if we could */
	/* QMP: do not hold QEMU at the guest's shutdown for the last frame */
	bool no_hold;
};

struct frame_recorder_result {
	uint64_t verbs;		/* number of verbs announced */
	uint64_t good;		/* number of verbs saved in time */
	bool checked;		/* the frames were read again, so `good` is known */
	bool failed;		/* frames could not be saved; the reason was reported */
};

/* Runs to the end of standard input. */
struct err *frame_recorder_run(const struct frame_recorder_options *o, struct frame_recorder_result *r);

#endif
