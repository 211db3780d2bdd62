/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshot: the values of a codec's registers before something is written, each as the
 * verb that reads it and the answer; and restoring them.
 *
 * It contains the registers that control sound (pins, amplifiers, routes, power, GPIO,
 * converters), and every register and coefficient that the verbs will write. Other
 * coefficients are not read, because some codecs fail when all of them are read.
 *
 * Registers of amplifiers behind coefficients and I2C cannot be restored, because nothing
 * reads them. Only the coefficients themselves are stored, without those that are commands.
 *
 * The file is text, docs/snapshot.md.
 */
#ifndef HDADUMP_REPLAY_SNAPSHOT_H
#define HDADUMP_REPLAY_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/codec_device.h"

struct buf;
struct err;

/* No codec has so many registers; a file with more is not valid. */
#define SNAPSHOT_MAX 16384

struct snapshot_entry {
	uint8_t nid;
	uint16_t get;		/* 0xf07; 0xb00 amplifiers; 0xc00 a coefficient; 0xd00 the index */
	uint16_t payload;	/* payload of the get; for a coefficient, its index */
	uint32_t value;
};

struct snapshot {
	struct codec_identity id;
	struct snapshot_entry *v;
	size_t n, cap;
};

void snapshot_deinit(struct snapshot *s);
/* Adds a register; one that exists already keeps its value. */
struct err *snapshot_add(struct snapshot *s, const struct snapshot_entry *e);
/* True for the gets of registers that can be restored: nothing else is ever written. */
bool snapshot_can_hold(const struct snapshot_entry *e);
/*
 * Reads the codec; @verbs are those that will be sent. It writes nothing but the index of
 * coefficients, which it restores.
 */
struct err *snapshot_take(struct codec_dev *p, const struct codec_identity *id, const uint32_t *verbs,
			  size_t n, struct snapshot *out);
/* Reads the value of each register of @s again. */
struct err *snapshot_again(struct codec_dev *p, const struct snapshot *s, struct snapshot *out);

struct snapshot_undo {
	size_t same;		/* registers that had their old value */
	size_t restored;	/* registers written, which then had their old value */
	size_t stuck;		/* registers written, which still have another value */
	struct {
		struct snapshot_entry was;
		uint32_t now;
	} first[8];		/* some of the registers that are stuck */
	bool gone;		/* the codec no longer answers */
};

/*
 * Restores every register that has changed, and reads it back. Verbs are sent only for
 * registers that differ.
 */
struct err *snapshot_undo(struct codec_dev *p, const struct snapshot *s, struct snapshot_undo *out);

/* Converts a snapshot to text, and back. */
void snapshot_print(const struct snapshot *s, const char *device, struct buf *b);
struct err *snapshot_parse(const void *data, size_t len, const char *name, struct snapshot *out);

/* Writes a temporary file and renames it; the data are on the disk when this returns. */
struct err *snapshot_save(const struct snapshot *s, const char *device, const char *path);
struct err *snapshot_load(const char *path, struct snapshot *out);

/* Writes "coef 0x45 of 0x20" or the like; at most 64 bytes with the NUL. */
void snapshot_entry_name(const struct snapshot_entry *e, char text[64]);

#endif
