/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture in segments: for people, and as JSON (docs/json-analyse.md). */
#ifndef HDADUMP_PRINT_SEGMENTS_TEXT_H
#define HDADUMP_PRINT_SEGMENTS_TEXT_H

#include <stdbool.h>

struct anchor;
struct steps;
struct buf;
struct err;
struct segments;

/* "stream starts on converter 02 (tag 5), pin 14 (Speaker)"; @a are the steps it was found in. */
void anchor_text(const struct steps *a, const struct anchor *n, struct buf *b);

/* With @summary only where they begin, without what changed. */
void segments_text(const struct segments *s, const struct steps *a, bool summary, struct buf *b);
struct err *segments_json(const struct segments *s, const struct steps *a, bool summary,
			  struct buf *b);

#endif
