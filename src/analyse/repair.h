/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a doubled list (analyse/doubled.h) with everything once: whole lines are removed,
 * and all other lines stay as they are, with comments.
 */
#ifndef HDADUMP_ANALYSE_REPAIR_H
#define HDADUMP_ANALYSE_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "analyse/doubled.h"

struct err;

struct repaired {
	struct doubled doubled;
	uint32_t *lines;	/* line of each verb, from 1 */
	size_t n;		/* number of verbs */
};

/* Writes to @to ("-": standard output). Call repaired_deinit() in any case. */
struct err *repair_list(const char *path, const char *to, bool replace, struct repaired *r);
void repaired_deinit(struct repaired *r);

#endif
