/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes lists of random verbs, the same for the same seed. */
#ifndef TESTS_UNIT_ANY_LIST_H
#define TESTS_UNIT_ANY_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* The state of the random numbers. */
extern uint64_t any_seed;
unsigned int any_below(unsigned int n);
void any_add(struct buf *b, unsigned int nid, unsigned int id, unsigned int payload);
/* An amplifier's transaction through the port of a codec of that generation, 0 or 1. */
void any_transfer(struct buf *b, unsigned int generation);
void any_verb(struct buf *b, unsigned int generation, bool ports, bool resets, bool gpio);

/*
 * An amplifier's transaction as drivers do it: a read of the target, polls before and after
 * it, with or without data, and the read of an answer.
 */
void any_long_transfer(struct buf *b, unsigned int generation);

#endif
