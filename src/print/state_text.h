/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers of a codec, and what differs from another's, in words. */
#ifndef HDADUMP_PRINT_STATE_TEXT_H
#define HDADUMP_PRINT_STATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/state.h"

struct buf;

/* Which registers are shown. */
struct state_show {
	bool written;		/* only those that were written */
	const uint64_t *nids;	/* a bit each; NULL or no bit at all: every node */
};

bool state_shows(const struct state_show *o, reg_key key);

/*
 * Row @i in words: "pin 14: OUT".  With @fold, where the row after it is the other side
 * of the same amplifier with the same value, both at once; returns how many rows that were.
 */
size_t state_text(const struct state *s, size_t i, bool fold, struct buf *b);

/* A line each, after one that names the codec: w for those that were written, r for those read. */
void state_rows_text(const struct state_show *o, const struct state *s, struct buf *b);
/* Pairs of lines, as a diff has them: - here, + there. */
void state_against_text(const struct state_show *o, const struct state *here, const char *here_path,
			const struct state *there, const char *there_path,
			const struct state_differences *d, struct buf *out);

#endif
