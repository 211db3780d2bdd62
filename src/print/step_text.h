/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One atom in words. */
#ifndef HDADUMP_PRINT_STEP_TEXT_H
#define HDADUMP_PRINT_STEP_TEXT_H

struct atom;
struct atoms;
struct buf;

/* The same in words, without its codec: "coef[10] = 0e21, mask 0100 bits 0000". */
void atom_text(const struct atoms *a, const struct atom *t, struct buf *b);

#endif
