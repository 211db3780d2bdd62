/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of a trace log: which of them are HD Audio controllers, and the accesses that
 * are held until that is known. Memory is bounded: the last accesses of a device, and a fixed
 * number for all devices together, are held; dropped ones are counted.
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

#define LOG_DEVICES_MAX 256

struct log_device {
	char *name;		/* for messages, and for the EV_CONTROLLER event */
	uint64_t mr;		/* memory region: its pointer in QEMU, the key */
	uint64_t accesses;
	uint64_t dropped;	/* held accesses that were dropped */
	struct event *held;	/* a ring of `cap` entries that begins at `first` */
	size_t first, n_held, cap;
	struct evidence evidence;
	enum evidence_verdict verdict;
	uint16_t ctrl;		/* valid if the verdict is VERDICT_HDA */
	bool memory;		/* a memory region; otherwise a VFIO device */
	bool named;		/* memory region: the log has its name */
	bool told;		/* its EV_CONTROLLER event was given */
	bool chosen;		/* the user named it as a controller */
};

struct log_devices {
	struct log_device *all[LOG_DEVICES_MAX];
	uint16_t slots[2 * LOG_DEVICES_MAX];	/* index + 1, by hash; 0 = free */
	char *chosen;		/* the device that the user named; NULL = none */
	bool only;		/* no other device is a controller */
	size_t n, n_held;
	uint16_t n_ctrl;
	uint16_t n_emulated;	/* number of regions named intel-hda so far */
};

/*
 * The device with this name (ctrl_is_named()) is a controller, whatever its accesses are. Its
 * accesses are held all the same, so that controllers are given in the same order with a
 * choice as without. With @only no other device is a controller, and nothing is held. The
 * name is copied; NULL chooses nothing.
 */
struct err *log_devices_choose(struct log_devices *ds, const char *name, bool only);
void log_devices_deinit(struct log_devices *ds);

/*
 * The device of this line; *out is NULL if it is certainly not a controller, or if there are
 * too many devices.
 */
struct err *log_devices_find(struct log_devices *ds, const struct trace_line *line, struct log_device **out);
/* The offset of this line's access in the device's BAR. */
uint64_t log_device_offset(const struct log_device *d, const struct trace_line *line);
/* Judges the device with one more access; a device that is a controller gets its index. */
void log_devices_judge(struct log_devices *ds, struct log_device *d, const struct event *ev);
/* After the last access: decides about all devices. */
void log_devices_judge_last(struct log_devices *ds);

/* Stores a copy of an access (which has no data) of a device that is not judged yet. */
struct err *log_device_hold(struct log_devices *ds, struct log_device *d, const struct event *ev);
/* Takes the oldest held access; false if there is none. */
bool log_device_release(struct log_devices *ds, struct log_device *d, struct event *ev);
/* Frees the accesses held for a device. */
void log_device_forget(struct log_devices *ds, struct log_device *d);

#endif
