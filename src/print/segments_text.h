/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the segments of a capture, as text and as JSON (docs/json-analyse.md). */
#ifndef HDADUMP_PRINT_SEGMENTS_TEXT_H
#define HDADUMP_PRINT_SEGMENTS_TEXT_H

#include <stdbool.h>

struct anchor;
struct steps;
struct buf;
struct err;
struct segments;

/*
 * Adds "stream starts on converter 02 (tag 5), pin 14 (Speaker)"; @a are the steps that
 * contain the anchor.
 */
void anchor_text(const struct steps *a, const struct anchor *n, struct buf *b);

/* With @summary only the beginnings of segments, without the changes. */
void segments_text(const struct segments *s, const struct steps *a, bool summary, struct buf *b);
struct err *segments_json(const struct segments *s, const struct steps *a, bool summary,
			  struct buf *b);

#endif
