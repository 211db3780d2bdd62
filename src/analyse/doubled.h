/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verb lists in which everything stands twice.
 *
 * The usual filter for the patch family's logs (cleanverbs) takes each verb
 * from two lines, the one of the CORB and the one of its response.  Verbs that
 * were announced together come out as a block and then as the same block again:
 * a b a b c c d d.  Many lists that were published are like that.
 *
 * Such a list is a row of blocks, each followed by its own repetition; the way
 * to read it so that the fewest verbs stand alone is found, and among equals the
 * one with the shortest blocks: a driver seldom announces one verb twice at a
 * time (a a b b a a b b is a a, b b, a a, b b and not twice a a b b).  A list that
 * merely repeats itself now and then leaves most of its verbs alone.
 */
#ifndef HDADUMP_ANALYSE_DOUBLED_H
#define HDADUMP_ANALYSE_DOUBLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* A ring has 256 entries, so no batch has more than 255. */
#define DOUBLED_BLOCK_MAX 255

/* @words verbs from @first on stand there again right behind. */
struct doubled_block {
	size_t first;
	size_t words;
};

struct doubled {
	struct doubled_block *blocks;	/* owned */
	size_t n_blocks;
	size_t repeated;	/* verbs that are repetitions: what can go */
	size_t alone;		/* verbs that are in no block */
	size_t ambiguous;	/* places where longer blocks would give another order */
	size_t distinct;	/* different verbs in the list, counted up to 16 */
	/* The list is doubled: nearly all of it is blocks, many and short. */
	bool is_doubled;
};

/* Freed with doubled_deinit(). */
struct err *doubled_find(const uint32_t *verbs, size_t n, struct doubled *out);
void doubled_deinit(struct doubled *d);

#endif
