/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simple model of a codec, written without code of the project: the contents of each
 * register after some verbs, and what was sent outside the codec, in order.
 */
#ifndef TESTS_UNIT_PLAIN_CODEC_H
#define TESTS_UNIT_PLAIN_CODEC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN_OUTSIDE 65536

struct plain {
	int32_t coef[256][4096];	/* -1 = never written */
	int32_t index[256];
	int32_t reg[256][4096];		/* by the id of the set */
	int32_t amp[256][64];		/* output, left, index */
	uint64_t outside[PLAIN_OUTSIDE];	/* transfers, GPIO changes, resets */
	unsigned int n_outside, transfers;
	int generation;			/* of the port; -1 = unknown */
};

struct plain *plain_create(void);
void plain_put(struct plain *p, uint32_t word);

/* Compares registers and outside writes; the coefficients' indices do not matter. */
bool plain_same(const struct plain *a, const struct plain *b);

#endif
