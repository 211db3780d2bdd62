/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The difference of two texts, line by line, as diff -u shows it. */
#ifndef HDADUMP_BASE_TEXTDIFF_H
#define HDADUMP_BASE_TEXTDIFF_H

#include "base/buf.h"

struct err;

/* Appends it to @out; nothing if the texts are equal.  For texts of some thousand lines. */
struct err *textdiff_unified(const char *old, const char *new, const char *old_name,
			 const char *new_name, struct buf *out);

#endif
