/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was taken out of a list. */
#ifndef HDADUMP_PRINT_REPAIR_TEXT_H
#define HDADUMP_PRINT_REPAIR_TEXT_H

struct buf;
struct repaired;

/* `removed lines 7-8, which repeat lines 5-6`, a line each. */
void repair_text(const struct repaired *r, struct buf *b);
/* The counts, on standard error. */
void repair_note(const struct repaired *r, const char *path);

#endif
