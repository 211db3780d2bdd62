/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Line differences of two texts in the form of diff -u: either of edits that are already
 * known, so that exactly these are shown, or of two texts that are compared (lcs.h).
 */
#ifndef HDADUMP_BASE_UNIFIED_DIFF_H
#define HDADUMP_BASE_UNIFIED_DIFF_H

#include <stddef.h>

struct buf;
struct err;

/* Replaces whole lines with whole lines. */
struct text_edit {
	size_t at;		/* offset of the first byte of a line */
	size_t drop;		/* bytes to remove, up to the end of a line */
	/* lines to insert; only at the end of the text may the line feed be missing */
	const char *add;
	size_t add_len;
};

/* Appends the diff of @text and the edited text; sorts the edits, which must not overlap. */
struct err *unified_edits(const char *old_name, const char *new_name, const char *text, size_t len,
			  struct text_edit *edits, size_t n, struct buf *out);

/* Appends the diff of two texts; nothing if they are equal. */
struct err *unified_texts(const char *old_name, const char *new_name, const char *old,
			  const char *new, struct buf *out);

#endif
