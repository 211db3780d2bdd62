/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the differences of two captures, as a unified diff and as JSON (docs/json-analyse.md). */
#ifndef HDADUMP_PRINT_DIFF_TEXT_H
#define HDADUMP_PRINT_DIFF_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/diff.h"

struct err;

/* Options of the output. Everything is borrowed. */
struct diff_show {
	const char *path[2];
	const uint64_t *nids;	/* one bit for each node; no bits at all: every node */
	int64_t start[2];	/* time at the start of each side, or EVENT_TIME_NONE */
	uint16_t addresses;	/* only codecs at these addresses, flow/filter.h */
	size_t context;		/* number of common lines around a change */
	bool colour;
};

bool diff_shows(const struct diff_show *o, const struct diff *d, const struct diff_line *l);
const struct step *diff_step(const struct diff *d, const struct diff_line *l);
/* The number of shown lines that only @side has. */
size_t diff_count(const struct diff_show *o, const struct diff *d, unsigned int side);

/* Writes to standard output. */
struct err *diff_text(const struct diff_show *o, const struct diff *d);
struct err *diff_json(const struct diff_show *o, const struct diff *d);

#endif
