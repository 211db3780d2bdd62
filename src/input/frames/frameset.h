/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames: pages of guest memory with the CORB and the RIRB, which QEMU's monitor saves once
 * in each lap of the ring. Joined, they are all verbs and all responses, in order.
 *
 *   frame00, frame01, ... or frame0000, ...   a page: CORB at 0, RIRB at 0x800
 *   half00, ...       the same page half a lap earlier than the frame of that number
 *   more00, ...       saved in between
 *   exit_dump, exit_frame                     the last one, not full
 *   rirb-NAME         the RIRB, if it does not follow the CORB in NAME
 *   hda-frames.txt    QemuHDADump's index: see frameindex.h
 *
 * With the index the place of every entry is known, and which entries cannot be trusted.
 * Without it, both are inferred from names and contents.
 */
#ifndef HDADUMP_INPUT_FRAMES_FRAMESET_H
#define HDADUMP_INPUT_FRAMES_FRAMESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "input/frames/frameindex.h"
#include "input/frames/frames.h"

struct err;

enum frame_kind {
	FRAME_NONE,	/* not a frame's name */
	FRAME_LAP,	/* frameNN */
	FRAME_HALF,
	FRAME_MORE,
	FRAME_LAST,	/* exit_dump, exit_frame */
};

/* Parses a name; *number and *rirb (true for rirb-NAME) may be NULL. */
enum frame_kind frame_name_parse(const char *name, uint32_t *number, bool *rirb);

struct frame_file {
	char name[FRAME_NAME_MAX];
	uint8_t *data;		/* at most FRAME_BYTES */
	uint32_t len;
	uint32_t number;
	uint8_t kind;		/* enum frame_kind */
	bool rirb;
	bool used;
};

struct frameset {
	struct frame_file *file;
	size_t n, cap;
	char *index;		/* text of the index; NULL = none */
	size_t index_len;
};

/* Copies a file, if its name is one of those above. */
struct err *frameset_add(struct frameset *set, const char *name, const void *data, size_t len,
			 struct buf *notes);
/* Reads all frames of the folder @dir. *notes: sentences about problems, one line each. */
struct err *frameset_load(struct frameset *set, int dir, struct buf *notes);
void frameset_deinit(struct frameset *set);

/* The quality of an entry of the joined files. */
enum entry_state {
	ENTRY_NONE,	/* no entry was saved for this place: it is filled with zeros */
	ENTRY_DOUBT,	/* saved late: it may be a newer entry */
	ENTRY_STOPPED,	/* saved after the guest stopped the ring: unchanged or reused */
	ENTRY_GOOD,	/* saved in time; without an index: nothing is known against it */
	ENTRY_STATES
};

struct joined_lane {
	uint8_t *data;		/* n entries, little-endian, as in the ring */
	uint8_t *state;		/* enum entry_state of each */
	size_t n;
	/* number of entries in each state; the unused first one is not counted */
	size_t count[ENTRY_STATES];
	bool assumed;		/* RIRB: its places are assumed to be those of the CORB */
};

struct joined {
	struct joined_lane lane[LANES];
	bool indexed;
	bool faults;		/* files are missing or damaged */
	char device[64];	/* "" = unknown */
};

/* Joins the frames. *notes: missing files and wrong sizes, one sentence a line. */
struct err *frameset_join(struct frameset *set, struct buf *notes, struct joined *out);
/* Adds sentences about missing and doubtful entries to @notes; true if there are any. */
bool joined_tell(const struct joined *j, struct buf *notes);
void joined_deinit(struct joined *j);

#endif
