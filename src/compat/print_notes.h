/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the sentences of a buffer, one a line, as messages about an input. */
#ifndef HDADUMP_COMPAT_PRINT_NOTES_H
#define HDADUMP_COMPAT_PRINT_NOTES_H

struct buf;

void print_notes_tell(const struct buf *notes);

#endif
