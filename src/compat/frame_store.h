/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The saved frames of a running capture, and their index. */
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
	bool ready;		/* the folder is known and may be used */
	bool held;		/* QEMU is held at the guest's shutdown */
	const char *device;	/* borrowed */
	int index;		/* descriptor of the index; -1 = not open */
	off_t end;		/* length of the index */
	off_t last_at;		/* offset of the first line about the present exit_dump */
	bool last_tail;		/* all lines from last_at on are about the exit_dump */
	bool no_index;		/* the index cannot be written; the reason was reported */
	bool has_last;		/* an exit_dump of this capture exists */
	bool assumed;		/* reported that the RIRB's places are assumed */
	bool unseen;		/* for a frame, it could not be checked whether it was saved */
	unsigned int frames;
};

void frame_store_deinit(struct frame_store *k);

/* Makes the monitor save, and updates files and index. @reads: the trace shows reads. */
struct err *frame_store_save(struct frame_store *k, struct frame_monitor *m, struct save *s, bool reads);
void frame_store_verdict(struct frame_store *k, const struct lap_verdict *v);
/* After the last save. @drop_last: the contents of exit_dump are in frames, too. */
void frame_store_finish(struct frame_store *k, bool drop_last);
/*
 * Reads all frames, joins them and reports the result. False if the frames cannot be seen
 * from here.
 */
bool frame_store_check(struct frame_store *k, const char *route, uint64_t verbs, uint64_t *good);

/* The name of a controller. */
const char *frame_store_device(const struct log_devices *ds, unsigned int ctrl);

#endif
