/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QemuHDADump does: reads QEMU's trace, says at which address of the
 * finished file each verb will stand, and has QEMU's monitor save the rings.
 */
#ifndef HDADUMP_COMPAT_FRAME_RECORDER_H
#define HDADUMP_COMPAT_FRAME_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct frame_recorder_options {
	const char *where;	/* terminal or socket of the monitor; NULL: only addresses */
	const char *device;	/* the controller; NULL: the first that sends a verb */
	const char *folder;	/* for the frames; NULL: QEMU's own */
	bool overwrite;
	bool pmemsave;		/* QEMU writes the frames, even where we could */
	bool no_hold;		/* QMP: QEMU does not wait at the guest's shutdown for the last frame */
};

struct frame_recorder_result {
	uint64_t verbs;		/* announced */
	uint64_t good;		/* of these, saved in time */
	bool checked;		/* the frames were read again, and `good` is known */
	bool failed;		/* frames could not be saved; why was said */
};

/* Runs to the end of standard input. */
struct err *frame_recorder_run(const struct frame_recorder_options *o, struct frame_recorder_result *r);

#endif
