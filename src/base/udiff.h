/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A patch from edits that are known: no two texts are compared, so that what is
 * shown as changed is exactly what was changed.
 */
#ifndef HDADUMP_BASE_UDIFF_H
#define HDADUMP_BASE_UDIFF_H

#include <stddef.h>

struct buf;
struct err;

/* Whole lines go, whole lines come. */
struct udiff_edit {
	size_t at;		/* offset of the beginning of a line */
	size_t drop;		/* bytes: up to the end of a line */
	const char *add;	/* ends with a line feed, or is empty */
};

/* Writes the unified diff of @path; sorts the edits, which must not overlap. */
struct err *udiff(const char *path, const char *text, size_t len, struct udiff_edit *edits,
		  size_t n, struct buf *out);

#endif
