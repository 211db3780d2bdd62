/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving a controller to vfio-pci, and back to the kernel.
 *
 * The kernel's own way (Documentation/ABI/testing/sysfs-bus-pci): the name in
 * driver_override binds a device to that driver only; with it empty the
 * driver that the device's numbers call for takes it.  So nothing has to be
 * remembered for the way back.  A group is given away whole.
 *
 * A plan is made of facts alone, can be shown, and is then run; when a step
 * fails those before it are undone, the last first.
 */
#ifndef HDADUMP_HOST_BIND_H
#define HDADUMP_HOST_BIND_H

#include <stdbool.h>

#include "host/facts.h"

struct err;

enum bind_step_kind {
	STEP_LOAD,	/* modprobe @value */
	STEP_WRITE,	/* @value into @path */
	STEP_CHECK,	/* the driver of the device @path is @value; "": is any but vfio-pci */
};

struct bind_step {
	enum bind_step_kind kind;
	char path[128], value[48];
	char undo_path[128], undo_value[48];	/* "" if there is nothing to undo */
};

#define BIND_STEPS (1 + 4 * (1 + FACTS_MATES))

struct bind_plan {
	struct bind_step step[BIND_STEPS];
	unsigned int n;
};

struct bind_options {
	bool group;	/* take what shares the group along */
	bool busy;	/* never mind who uses the card */
};

/* For the chosen controller.  The error is a refusal, with what to do. */
struct err *bind_plan(const struct facts *f, const struct bind_options *o, struct bind_plan *out);
struct err *unbind_plan(const struct facts *f, struct bind_plan *out);

/* Told of each step before it is done; @undo: of its way back. */
typedef void (*bind_say)(void *arg, const struct bind_step *s, bool undo);
struct err *bind_run(struct machine *m, const struct bind_plan *p, bind_say say, void *arg);

/* The step as a shell would do it; empty where there is nothing to do. */
void bind_step_text(const struct bind_step *s, bool undo, struct buf *out);

#endif
