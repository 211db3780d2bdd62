/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binds a controller to vfio-pci, and back to the kernel's driver.
 *
 * The kernel's own way (Documentation/ABI/testing/sysfs-bus-pci): the name in driver_override
 * binds a device to that driver only; if it is empty, the driver that matches the device's
 * ids takes it. So nothing has to be remembered for the way back. All devices of an IOMMU
 * group are bound together.
 *
 * A plan is made from facts alone, can be shown, and is then run; if a step fails, the steps
 * before it are undone, the last one first.
 */
#ifndef HDADUMP_HOST_BIND_H
#define HDADUMP_HOST_BIND_H

#include <stdbool.h>

#include "host/facts.h"

struct err;

enum bind_step_kind {
	STEP_LOAD,	/* modprobe @value */
	STEP_WRITE,	/* @value into @path */
	STEP_CHECK,	/* the driver of the device @path must be @value; "": any but vfio-pci */
};

struct bind_step {
	enum bind_step_kind kind;
	char path[128], value[48];
	char undo_path[128], undo_value[48];	/* "" = nothing to undo */
};

#define BIND_STEPS (1 + 4 * (1 + FACTS_MATES))

struct bind_plan {
	struct bind_step step[BIND_STEPS];
	unsigned int n;
};

struct bind_options {
	bool group;	/* bind the other devices of the IOMMU group too */
	bool busy;	/* bind although a process uses the card */
};

/* Makes the plan for the chosen controller. The error says why it is refused and what to do. */
struct err *bind_plan(const struct facts *f, const struct bind_options *o, struct bind_plan *out);
struct err *unbind_plan(const struct facts *f, struct bind_plan *out);

/* Called before each step; @undo: before the step is undone. */
typedef void (*bind_say)(void *arg, const struct bind_step *s, bool undo);
struct err *bind_run(struct machine *m, const struct bind_plan *p, bind_say say, void *arg);

/* The step as a shell command; empty if there is nothing to do. */
void bind_step_text(const struct bind_step *s, bool undo, struct buf *out);

#endif
