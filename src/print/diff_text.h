/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two captures do differently: as a unified diff, and as JSON (docs/json-analyse.md). */
#ifndef HDADUMP_PRINT_DIFF_TEXT_H
#define HDADUMP_PRINT_DIFF_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/diff.h"

struct err;

/* What is shown, and how.  Everything is borrowed. */
struct diff_show {
	const char *path[2];
	const uint64_t *nids;	/* a bit each; no bit at all: every node */
	int64_t start[2];	/* of each side's time, or EVENT_TIME_NONE */
	uint16_t addresses;	/* only these codecs, flow/filter.h */
	size_t context;		/* lines around a change */
	bool colour;
};

bool diff_shows(const struct diff_show *o, const struct diff *d, const struct diff_line *l);
const struct step *diff_step(const struct diff *d, const struct diff_line *l);
/* How many shown lines only @side has. */
size_t diff_count(const struct diff_show *o, const struct diff *d, unsigned int side);

/* On standard output. */
struct err *diff_text(const struct diff_show *o, const struct diff *d);
struct err *diff_json(const struct diff_show *o, const struct diff *d);

#endif
