/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers of a codec in words. */
#ifndef HDADUMP_PRINT_STATE_TEXT_H
#define HDADUMP_PRINT_STATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct state;

/*
 * Row @i in words: "pin 14: OUT".  With @fold, where the row after it is the other side
 * of the same amplifier with the same value, both at once; returns how many rows that were.
 */
size_t state_text(const struct state *s, size_t i, bool fold, struct buf *b);

#endif
