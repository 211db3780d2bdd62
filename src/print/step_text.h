/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints one step as text. */
#ifndef HDADUMP_PRINT_STEP_TEXT_H
#define HDADUMP_PRINT_STEP_TEXT_H

struct step;
struct steps;
struct buf;

/* Adds the step without its codec: "coef[10] = 0e21, mask 0100 bits 0000". */
void step_text(const struct steps *a, const struct step *t, struct buf *b);

#endif
