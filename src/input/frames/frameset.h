/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames: pages of guest memory with the CORB and the RIRB in them, saved by
 * QEMU's monitor each time round the ring, and what they are when they are
 * joined: all verbs, and all responses, in order.
 *
 *   frame00, frame01, ... or frame0000, ...   a page: CORB at 0, RIRB at 0x800
 *   half00, ...       the same page half a lap earlier than the frame of that number
 *   more00, ...       saved in between
 *   exit_dump, exit_frame                     the last one, not full
 *   rirb-NAME         the RIRB, where it does not lie behind the CORB of NAME
 *   hda-frames.txt    what QemuHDADump knew of them: see frameindex.h
 *
 * With the index every entry has its place, and what may not be trusted is
 * known.  Without it, names and contents must tell.
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
	FRAME_NONE,	/* no frame's name */
	FRAME_LAP,	/* frameNN */
	FRAME_HALF,
	FRAME_MORE,
	FRAME_LAST,	/* exit_dump, exit_frame */
};

/* Takes a name apart; *number and *rirb (it is a rirb-NAME) may be NULL. */
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
	char *index;		/* text of the index, NULL: none */
	size_t index_len;
};

/* Takes a copy of a file, if its name is one of those above. */
struct err *frameset_add(struct frameset *set, const char *name, const void *data, size_t len,
			 struct buf *notes);
/* Takes all frames of the folder @dir. *notes: sentences about what was wrong, a line each. */
struct err *frameset_load(struct frameset *set, int dir, struct buf *notes);
void frameset_deinit(struct frameset *set);

/* What is known of an entry of the joined files. */
enum entry_state {
	ENTRY_NONE,	/* no entry was saved for this place: it is filled with zeros */
	ENTRY_DOUBT,	/* saved late: it may be a newer one */
	ENTRY_STOPPED,	/* saved when the guest had stopped the ring: as it was left, or reused */
	ENTRY_GOOD,	/* saved in time; without an index: there is nothing against it */
	ENTRY_STATES
};

struct joined_lane {
	uint8_t *data;		/* n entries, little-endian, as in the ring */
	uint8_t *state;		/* enum entry_state of each */
	size_t n;
	size_t count[ENTRY_STATES];	/* entries of each state; the unused first one not counted */
	bool assumed;		/* of the RIRB: its places are those of the CORB */
};

struct joined {
	struct joined_lane lane[LANES];
	bool indexed;
	bool faults;		/* files are missing or not as they should be */
	char device[64];	/* "" when not known */
};

/* Joins them. *notes: missing files, wrong sizes, a sentence a line. */
struct err *frameset_join(struct frameset *set, struct buf *notes, struct joined *out);
/* Says which entries are missing or doubtful, in the same way; true when any is. */
bool joined_tell(const struct joined *j, struct buf *notes);
void joined_deinit(struct joined *j);

#endif
