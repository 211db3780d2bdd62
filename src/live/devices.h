/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds which device of a running QEMU is which controller of the capture. Passed-through
 * devices are known by their host address, as in QEMU's trace; emulated ones by their PCI
 * address in the guest, which QEMU is asked for at their first register access.
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
/* In place of a number: a controller that gets its number at its first line in the trace. */
#define CTRL_LATER (-2)

struct device {
	char *key;		/* vfio: its name in the trace; emulated: NULL */
	uint64_t mr;		/* emulated: the memory region; 0 = not seen yet */
	/* guest-physical address from QEMU when we attached, or BAR_UNKNOWN */
	uint64_t bar;
	char *place;		/* its PCI address in the guest, if QEMU named it; or NULL */
	char *name;		/* name of the controller */
	int ctrl;		/* index, or CTRL_LATER; -1 = not a controller to capture */
	/* vfio: its registers are mapped into the guest, so nothing is traced */
	bool hidden;
};

struct devices {
	const char *only;	/* the only controller to capture; NULL = all */
	struct qmp *q;		/* NULL when QEMU has ended */
	/* name and id of the machine's only audio device, if it is emulated */
	char *sole, *sole_id;
	struct device *list;
	size_t count;
	int controllers;
	struct { uint32_t same; int ctrl; } memo[16];
	uint64_t memo_mr;
	int memo_mr_ctrl;
};

void devices_deinit(struct devices *d);

/*
 * Before the guest runs: finds the kinds of the machine's controllers, to know the trace
 * events needed; the name of an emulated one if it is the only one; and devices behind
 * sockets. d->q must be set.
 */
struct err *devices_start(struct devices *d, bool *vfio, bool *emulated);

/*
 * The same for a machine that runs already: puts its audio controllers, as far as they are
 * wanted, into d->list with their numbers.
 */
struct err *devices_join(struct devices *d);
/* Before the guest runs: a wanted controller whose accesses QEMU does not see, or NULL. */
const struct device *devices_hidden(const struct devices *d);
/*
 * Reads the present addresses of their registers: a guest that has booted again may have
 * moved them.
 */
struct err *devices_locate(struct devices *d);
/* The event that names such a controller. */
struct event devices_announce(const struct device *dev);

/*
 * The controller that a trace line is about; -1 = none. *announce is set (kind EV_CONTROLLER,
 * data owned by @d) at its first line.
 */
struct err *devices_find(struct devices *d, const struct trace_line *tl, int *ctrl,
			 struct event *announce);

#endif
