/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which device of a live QEMU is which controller of the capture.  Passed
 * through devices go by their host address, as in QEMU's trace; emulated ones
 * by their PCI address in the guest, asked of QEMU when their registers are
 * first seen.
 */
#ifndef HDADUMP_LIVE_DEVICES_H
#define HDADUMP_LIVE_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "input/trace/trace_line.h"

struct err;
struct qmp;

#define BAR_UNKNOWN UINT64_MAX
/* In the place of a number: one of ours, which gets it when a line of it is seen. */
#define CTRL_LATER (-2)

struct device {
	char *key;		/* vfio: its name; emulated: NULL */
	uint64_t mr;		/* emulated: the memory region; 0: not seen yet */
	uint64_t bar;		/* guest-physical, as QEMU said when we joined, or BAR_UNKNOWN */
	char *place;		/* its PCI address in the guest, where QEMU named it; or NULL */
	char *name;		/* of the controller */
	int ctrl;		/* index, CTRL_LATER, or -1: none of ours */
	bool hidden;		/* vfio: its registers are mapped into the guest, nothing is traced */
};

struct devices {
	const char *only;	/* the one that is wanted, or NULL */
	struct qmp *q;		/* NULL once QEMU is gone */
	char *sole, *sole_id;	/* name and id of the machine's only audio device, if it is emulated */
	struct device *list;
	size_t count;
	int controllers;
	struct { uint32_t same; int ctrl; } memo[16];
	uint64_t memo_mr;
	int memo_mr_ctrl;
};

void devices_deinit(struct devices *d);

/*
 * Before the guest runs: what kinds of controllers the machine has, to know
 * which trace events it needs, the name of an emulated one if it is the only
 * one, and those behind sockets.  d->q must be set.
 */
struct err *devices_start(struct devices *d, bool *vfio, bool *emulated);

/*
 * The same for a machine that runs already: its audio controllers, as far as
 * they are wanted, are in d->list, and have their numbers.
 */
struct err *devices_join(struct devices *d);
/* Of those before the guest runs, one that is wanted and of which QEMU sees nothing; or NULL. */
const struct device *devices_hidden(const struct devices *d);
/* Where their registers are now: a guest that has booted again may have moved them. */
struct err *devices_locate(struct devices *d);
/* The event that names a controller that was found so. */
struct event devices_announce(const struct device *dev);

/*
 * The controller that a trace line is about, -1 when it is about none.
 * *announce is set (kind EV_CONTROLLER, data owned by @d) at first sight of it.
 */
struct err *devices_find(struct devices *d, const struct trace_line *tl, int *ctrl,
			 struct event *announce);

#endif
