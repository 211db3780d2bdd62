/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index of a folder of frames: the file hda-frames.txt, which QemuHDADump writes beside
 * its frames and which a reader of frames uses.
 *
 * A frame is a copy of the rings' memory that was made later than the writes. Only the trace
 * shows which of its slots belong to this lap, which to the lap before, and which may already
 * belong to the next one; so QemuHDADump, which reads the trace, writes it down. One line
 * each, words separated by blanks:
 *
 *   save NAME LANE ADDRESS COUNT SLOT RING OFFSET
 *                   from slot SLOT on, round the RING entries that begin at
 *                   OFFSET in the file NAME, stand COUNT entries; the first
 *                   belongs at ADDRESS of the joined file
 *   newer NAME LANE ADDRESS COUNT
 *                   these may have been overwritten before they were saved
 *   stopped NAME LANE ADDRESS COUNT
 *                   these were saved after the guest had stopped the ring
 *   lost LANE ADDRESS COUNT
 *                   these were never saved
 *   gone NAME       all lines before this one about NAME are void
 *   rename OLD NEW
 *   assumed LANE    the lane's places are assumed: its register was not traced
 *   device NAME     the controller
 *   # ...
 *
 * LANE is corb or rirb, an address is one in allCORBframes or allRIRBframes.
 */
#ifndef HDADUMP_INPUT_FRAMES_FRAMEINDEX_H
#define HDADUMP_INPUT_FRAMES_FRAMEINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

#define FRAME_INDEX "hda-frames.txt"
/* Size of a buffer for the name of a frame file, with its NUL. */
#define FRAME_NAME_MAX 40
/* The first entry is in slot 1, or in a later one if the ring was in use before. */
#define RING_START_MAX 256

enum lane { LANE_CORB, LANE_RIRB, LANES };

/* Bytes of an entry of the lane's ring, and of its joined file. */
static inline unsigned int lane_bytes(enum lane lane)
{
	return lane == LANE_CORB ? 4 : 8;
}

const char *lane_name(enum lane lane);

/* Entries that one file has. */
struct frame_save {
	char name[FRAME_NAME_MAX];
	uint64_t at;		/* number of the first entry in the joined file: ADDRESS / bytes */
	uint16_t count;		/* 1 to ring */
	uint16_t slot;
	uint16_t ring;		/* 2, 16 or 256 */
	uint16_t offset;	/* bytes */
	uint8_t lane;
};

/* Entries with a problem. */
struct frame_doubt {
	char name[FRAME_NAME_MAX];	/* "" for lost entries */
	uint64_t at, count;
	uint8_t lane;
	bool stopped;		/* stopped, otherwise newer */
};

void frame_index_begin(struct buf *b, const char *device);
void frame_index_save(struct buf *b, const struct frame_save *s);
void frame_index_doubt(struct buf *b, const struct frame_doubt *d);
void frame_index_gone(struct buf *b, const char *name);
void frame_index_rename(struct buf *b, const char *from, const char *to);
void frame_index_assumed(struct buf *b, enum lane lane);

struct frame_index {
	struct frame_save *save;	/* in the order of the lines, without files that are gone */
	size_t n_save;
	struct frame_doubt *doubt;
	size_t n_doubt;
	bool assumed[LANES];
	char device[64];
};

/*
 * Reads an index. An impossible line is left out, with a sentence in @notes, one line each:
 * an address that leaves a hole which no `lost` explains, a ring of 3 entries, a name that is
 * a path.
 */
struct err *frame_index_read(const char *text, size_t len, struct buf *notes,
			     struct frame_index *out);
void frame_index_deinit(struct frame_index *x);

/* True for a name without a slash, a blank or a control character, and not too long. */
bool frame_name_ok(const char *name);

#endif
