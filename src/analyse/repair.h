/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list in which everything stands twice (analyse/doubled.h), written with everything
 * once: whole lines go, and all other lines stay as they are, comments too.
 */
#ifndef HDADUMP_ANALYSE_REPAIR_H
#define HDADUMP_ANALYSE_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "analyse/doubled.h"

struct err;

struct repaired {
	struct doubled doubled;
	uint32_t *lines;	/* of each verb of the list, from 1 */
	size_t n;		/* verbs */
};

/* Writes @to ("-": standard output); repaired_deinit() whatever happens. */
struct err *repair_list(const char *path, const char *to, bool replace, struct repaired *r);
void repaired_deinit(struct repaired *r);

#endif
