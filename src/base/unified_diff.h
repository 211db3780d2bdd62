/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The difference of two texts, line by line, as diff -u shows it: of edits that are
 * known, so that what is shown as changed is exactly what was changed, or of two texts
 * that are compared (lcs.h).
 */
#ifndef HDADUMP_BASE_UNIFIED_DIFF_H
#define HDADUMP_BASE_UNIFIED_DIFF_H

#include <stddef.h>

struct buf;
struct err;

/* Whole lines go, whole lines come. */
struct text_edit {
	size_t at;		/* offset of the beginning of a line */
	size_t drop;		/* bytes: up to the end of a line */
	const char *add;	/* lines; only the last of a text may lack its line feed */
	size_t add_len;
};

/* Appends the diff of @text; sorts the edits, which must not overlap. */
struct err *unified_edits(const char *old_name, const char *new_name, const char *text, size_t len,
			  struct text_edit *edits, size_t n, struct buf *out);

/* Appends the diff of two texts; nothing if they are equal. */
struct err *unified_texts(const char *old_name, const char *new_name, const char *old,
			  const char *new, struct buf *out);

#endif
