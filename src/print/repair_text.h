/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what was removed from a list. */
#ifndef HDADUMP_PRINT_REPAIR_TEXT_H
#define HDADUMP_PRINT_REPAIR_TEXT_H

struct buf;
struct repaired;

/* Adds `removed lines 7-8, which repeat lines 5-6`, one line for each block. */
void repair_text(const struct repaired *r, struct buf *b);
/* Prints the counts to standard error. */
void repair_note(const struct repaired *r, const char *path);

#endif
