/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the registers of a codec, and the differences from another's, as text. */
#ifndef HDADUMP_PRINT_STATE_TEXT_H
#define HDADUMP_PRINT_STATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/state.h"

struct buf;

/* Selects the registers to show. */
struct state_show {
	bool written;		/* only those that were written */
	const uint64_t *nids;	/* one bit for each node; NULL or no bits at all: every node */
};

bool state_shows(const struct state_show *o, reg_key key);

/*
 * Adds row @i: "pin 14: OUT". With @fold, if the next row is the other side of the same
 * amplifier with the same value, adds both as one; returns the number of rows used.
 */
size_t state_text(const struct state *s, size_t i, bool fold, struct buf *b);

/* One line for each register, after a line with the codec: w = written, r = read. */
void state_rows_text(const struct state_show *o, const struct state *s, struct buf *b);
/* Pairs of lines, as in a diff: - here, + there. */
void state_against_text(const struct state_show *o, const struct state *here, const char *here_path,
			const struct state *there, const char *there_path,
			const struct state_differences *d, struct buf *out);

struct states_diff_side {
	const struct steps *steps;
	const char *path;
};

/*
 * What two inputs know of their codecs, compared, for inputs that change nothing: adds it to
 * @out, and sets *differ if there is a difference. All is borrowed.
 */
struct err *states_diff(const struct states_diff_side sides[2], const struct state_show *show,
			bool json, struct buf *out, bool *differ);

#endif
