/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about an input, a line each in a buffer, told one by one. */
#ifndef HDADUMP_COMPAT_PRINT_NOTES_H
#define HDADUMP_COMPAT_PRINT_NOTES_H

struct buf;

void print_notes_tell(const struct buf *notes);

#endif
