/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognises verb lists in which everything is there twice.
 *
 * The usual filter for the patch family's logs (cleanverbs) takes each verb from two lines,
 * that of the CORB and that of its response. Verbs that were announced together then come as
 * a block and as the same block again: a b a b c c d d. Many published lists are like that.
 *
 * Such a list is a sequence of blocks, each followed by its repetition. We find the division
 * with the fewest verbs outside of blocks, and of equal ones that with the shortest blocks: a
 * driver seldom announces one verb twice at a time (a a b b a a b b means a a, b b, a a, b b,
 * and not twice a a b b). A list with a few accidental repetitions leaves most verbs alone.
 */
#ifndef HDADUMP_ANALYSE_DOUBLED_H
#define HDADUMP_ANALYSE_DOUBLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* A ring has 256 entries, so a batch has at most 255. */
#define DOUBLED_BLOCK_MAX 255

/* @words verbs from @first on are repeated directly after them. */
struct doubled_block {
	size_t first;
	size_t words;
};

struct doubled {
	struct doubled_block *blocks;	/* owned */
	size_t n_blocks;
	size_t repeated;	/* verbs that are repetitions and can be removed */
	size_t alone;		/* verbs in no block */
	size_t ambiguous;	/* places where longer blocks would give another order */
	size_t distinct;	/* different verbs in the list, counted up to 16 */
	/* The list is doubled: nearly all of it is in blocks, which are many and short. */
	bool is_doubled;
};

/* @out is freed with doubled_deinit(). */
struct err *doubled_find(const uint32_t *verbs, size_t n, struct doubled *out);
void doubled_deinit(struct doubled *d);

#endif
