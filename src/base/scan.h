/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small bounded scanf for lines of text.
 *
 * In the pattern a blank matches any run of blanks, also none; any other
 * character matches itself; and
 *
 *   %x  hex digits		(uint64_t *)
 *   %n  0x and hex, or decimal	(uint64_t *)
 *   %u  decimal		(uint64_t *)
 *   %i  decimal with a sign	(int64_t *)
 *   %*  the rest of the line	(struct reader *)
 *
 * Without %* the pattern must fit the whole line; blanks at its end are ignored. If the
 * result is false the stored values are undefined.
 */
#ifndef HDADUMP_BASE_SCAN_H
#define HDADUMP_BASE_SCAN_H

#include <stdbool.h>

#include "base/reader.h"

bool scan(struct reader r, const char *pattern, ...);
/* The next run of bytes that are not blank; false at the end. */
bool scan_word(struct reader *r, struct reader *word);
/* True if only blanks are left. */
bool scan_end(struct reader r);
bool scan_is(const struct reader *word, const char *s);

#endif
