/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshot: a codec's registers as they were before something was written
 * to it, each as the verb that reads it and its answer; and the way back.
 *
 * Taken are the registers that say how sound goes (pins, amplifiers, routes,
 * power, GPIO, converters), and every register and coefficient that the verbs
 * to come reach.  Other coefficients are left alone: some codecs do not like to
 * be read from end to end.
 *
 * What cannot be put back, because nothing reads it: registers of amplifiers
 * behind coefficients and I2C.  Of these only the coefficients themselves are
 * kept, and not those that are commands.
 *
 * As a file it is text, docs/snapshot.md.
 */
#ifndef HDADUMP_REPLAY_SNAPSHOT_H
#define HDADUMP_REPLAY_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/codec_device.h"

struct buf;
struct err;

/* No codec has so many registers; a file with more is none of ours. */
#define SNAPSHOT_MAX 16384

struct snapshot_entry {
	uint8_t nid;
	uint16_t get;		/* 0xf07; 0xb00 amplifiers; 0xc00 a coefficient; 0xd00 the index */
	uint16_t payload;	/* of the get; a coefficient's index */
	uint32_t value;
};

struct snapshot {
	struct codec_identity id;
	struct snapshot_entry *v;
	size_t n, cap;
};

void snapshot_deinit(struct snapshot *s);
/* One register more; one that is there already keeps its value. */
struct err *snapshot_add(struct snapshot *s, const struct snapshot_entry *e);
/* True for the gets of registers that can be put back: nothing else is ever written. */
bool snapshot_can_hold(const struct snapshot_entry *e);
/*
 * Reads the codec; @verbs are those that will be sent.  It writes nothing but
 * the index of coefficients, and sets that back.
 */
struct err *snapshot_take(struct codec_dev *p, const struct codec_identity *id, const uint32_t *verbs,
			  size_t n, struct snapshot *out);
/* Takes the value of each of its registers anew. */
struct err *snapshot_again(struct codec_dev *p, const struct snapshot *s, struct snapshot *out);

struct snapshot_undo {
	size_t same;		/* registers that had their old value */
	size_t restored;	/* put back, and read back as they were */
	size_t stuck;		/* put back, and still another value */
	struct {
		struct snapshot_entry was;
		uint32_t now;
	} first[8];		/* of those that are stuck */
	bool gone;		/* the codec answers no more */
};

/*
 * Puts everything back that is not as it was, and verifies it.  Verbs go out
 * only for what differs.
 */
struct err *snapshot_undo(struct codec_dev *p, const struct snapshot *s, struct snapshot_undo *out);

/* The text of a snapshot, and back. */
void snapshot_print(const struct snapshot *s, const char *device, struct buf *b);
struct err *snapshot_parse(const void *data, size_t len, const char *name, struct snapshot *out);

/* Written beside and moved to its name, and on the disk when it returns. */
struct err *snapshot_save(const struct snapshot *s, const char *device, const char *path);
struct err *snapshot_load(const char *path, struct snapshot *out);

/* "coef 0x45 of 0x20" and the like; at most 64 bytes with the NUL. */
void snapshot_entry_name(const struct snapshot_entry *e, char text[64]);

#endif
