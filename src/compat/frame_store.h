/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of a running capture and their index: what was saved is kept and written down. */
#ifndef HDADUMP_COMPAT_FRAME_STORE_H
#define HDADUMP_COMPAT_FRAME_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "compat/output_folder.h"

struct err;
struct lap_verdict;
struct log_devices;
struct frame_monitor;
struct save;

struct frame_store {
	struct output_folder place;
	bool ready;		/* the place is known and free */
	bool held;		/* QEMU waits for us at the guest's shutdown */
	const char *device;	/* borrowed */
	int index;		/* -1: not open */
	off_t end;		/* of the index */
	off_t last_at;		/* where it begins to speak of the present exit_dump */
	bool last_tail;		/* and speaks of nothing else from there on */
	bool no_index;		/* it cannot be written; why was said */
	bool has_last;		/* an exit_dump of ours is there */
	bool assumed;		/* it was said that the RIRB's places are assumed */
	bool unseen;		/* of some frame nobody could tell whether it was saved */
	unsigned int frames;
};

void frame_store_deinit(struct frame_store *k);

/* Has the save made, with all that belongs to it.  @reads: the trace shows reads. */
struct err *frame_store_save(struct frame_store *k, struct frame_monitor *m, struct save *s, bool reads);
void frame_store_verdict(struct frame_store *k, const struct lap_verdict *v);
/* No more saves.  @drop_last: what is in exit_dump is in frames, too. */
void frame_store_finish(struct frame_store *k, bool drop_last);
/*
 * Reads all back and joins it, and says what that gives.  False when the
 * frames cannot be seen from here.
 */
bool frame_store_check(struct frame_store *k, const char *route, uint64_t verbs, uint64_t *good);

/* The name of a controller. */
const char *frame_store_device(const struct log_devices *ds, unsigned int ctrl);

#endif
