/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of a trace log: which of them are HD Audio controllers, and the
 * accesses held back until that is known.  Memory is bounded: a device holds
 * its last accesses, all devices together a fixed number, and what had to go
 * is counted.
 */
#ifndef HDADUMP_INPUT_TRACE_LOG_DEVICE_H
#define HDADUMP_INPUT_TRACE_LOG_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "hda/evidence.h"

struct err;
struct trace_line;

#define LOGDEVICES_MAX 256

struct log_device {
	char *name;		/* for people, and of the EV_CONTROLLER event */
	uint64_t mr;		/* of a memory region; its key */
	uint64_t accesses;
	uint64_t dropped;	/* held accesses that had to go */
	struct event *held;	/* a ring of `cap`, from `first` on */
	size_t first, n_held, cap;
	struct evidence evidence;
	enum evidence_verdict verdict;
	uint16_t ctrl;		/* when the verdict is VERDICT_HDA */
	bool memory;		/* a memory region and not a VFIO device */
	bool named;		/* of a memory region: QEMU told its name */
	bool told;		/* its EV_CONTROLLER event was given */
	bool chosen;		/* the user says that it is a controller */
};

struct log_devices {
	struct log_device *all[LOGDEVICES_MAX];
	uint16_t slots[2 * LOGDEVICES_MAX];	/* index + 1, by hash; 0 is free */
	char *chosen;		/* it is a controller; NULL: all by evidence */
	bool only;		/* and all others are none */
	size_t n, n_held;
	uint16_t n_ctrl;
	uint16_t n_emulated;	/* regions named intel-hda so far */
};

/*
 * The device of this name (ctrl_is_named()) is a controller, whatever the evidence
 * comes to: it is waited for, so that controllers are given in the same order with a
 * choice as without.  With @only no other is one, and nothing is waited for.  The
 * name is copied; NULL chooses nothing.
 */
struct err *log_devices_choose(struct log_devices *ds, const char *name, bool only);
void log_devices_deinit(struct log_devices *ds);

/*
 * The device of this line; *out is NULL when it is certainly no controller, or
 * one device more than are kept.
 */
struct err *log_devices_find(struct log_devices *ds, const struct trace_line *line, struct log_device **out);
/* Offset in the device's BAR of this line's access. */
uint64_t log_device_offset(const struct log_device *d, const struct trace_line *line);
/* Judges by one access more; a device that becomes a controller gets its index. */
void log_devices_judge(struct log_devices *ds, struct log_device *d, const struct event *ev);
/* Nothing more will come: no device's verdict stays open. */
void log_devices_judge_last(struct log_devices *ds);

/* Keeps a copy of an access (which has no data) of a device not yet judged. */
struct err *log_device_hold(struct log_devices *ds, struct log_device *d, const struct event *ev);
/* The oldest held access; false when there is none. */
bool log_device_release(struct log_devices *ds, struct log_device *d, struct event *ev);
/* Frees what a device holds. */
void log_device_forget(struct log_devices *ds, struct log_device *d);

#endif
