// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/doubled.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"

/* With fewer blocks, a list may repeat itself by chance. */
#define LEAST_BLOCKS 8
#define LEAST_DISTINCT 4
/* At most one in so many verbs may be alone: lists are also edited by hand. */
#define ALONE_SHARE 50
/* A driver's batches are short; a sequence that was pasted twice is one long block. */
#define LONG_BLOCKS 16
#define AMBIGUOUS_WORK (1u << 28)

/*
 * Fills from the end: cost[i] = fewest verbs from i on that are in no block; block[i] =
 * length of the block that begins at i in that solution, 0 = the verb is alone; run[k] = how
 * many verbs from i on are equal to the verb k places later.
 */
static void find_way(const uint32_t *v, size_t n, uint32_t *cost, uint8_t *block)
{
	size_t run[DOUBLED_BLOCK_MAX + 1] = { 0 };

	cost[n] = 0;
	for (size_t i = n; i-- > 0;) {
		size_t longest = (n - i) / 2;

		cost[i] = cost[i + 1] + 1;
		block[i] = 0;
		if (longest > DOUBLED_BLOCK_MAX)
			longest = DOUBLED_BLOCK_MAX;
		for (size_t k = 1; k <= DOUBLED_BLOCK_MAX && i + k < n; k++) {
			run[k] = v[i] == v[i + k] ? run[k] + 1 : 0;
			/* of equal solutions, take the shortest block: batches are short */
			if (k <= longest && run[k] >= k && cost[i + 2 * k] < cost[i]) {
				cost[i] = cost[i + 2 * k];
				block[i] = (uint8_t)k;
			}
		}
	}
}

/* True if the @k verbs from @i on, taken once, have another order than in the solution found. */
static bool differs(const uint32_t *v, const uint8_t *block, size_t i, size_t k)
{
	size_t at = i, half = i;

	while (at < i + 2 * k) {
		size_t words = block[at] ? block[at] : 1;

		if (half + words > i + k || memcmp(v + half, v + at, words * sizeof(*v)) != 0)
			return true;
		half += words;
		at += 2 * words;
	}
	return at != i + 2 * k;
}

/* Stops after AMBIGUOUS_WORK comparisons. */
static void count_ambiguous(const uint32_t *v, const uint32_t *cost, const uint8_t *block, size_t n,
			    struct doubled *d)
{
	size_t work = AMBIGUOUS_WORK;

	for (size_t i = 0; i < n && work; i += block[i] ? 2u * block[i] : 1) {
		for (size_t k = block[i] + 1u; k <= DOUBLED_BLOCK_MAX && i + 2 * k <= n && work; k++) {
			work -= k < work ? k : work;
			if (cost[i + 2 * k] != cost[i] ||
			    memcmp(v + i, v + i + k, k * sizeof(*v)) != 0)
				continue;
			if (differs(v, block, i, k)) {
				d->ambiguous++;
				break;
			}
		}
	}
}

static struct err *take_way(const uint8_t *block, size_t n, struct doubled *d)
{
	for (size_t i = 0; i < n; i += block[i] ? 2u * block[i] : 1)
		d->n_blocks += block[i] != 0;
	d->blocks = calloc(d->n_blocks + 1, sizeof(*d->blocks));
	if (!d->blocks)
		return err_nomem();
	d->n_blocks = 0;
	for (size_t i = 0; i < n; i += block[i] ? 2u * block[i] : 1) {
		if (!block[i]) {
			d->alone++;
			continue;
		}
		d->blocks[d->n_blocks++] = (struct doubled_block){ i, block[i] };
		d->repeated += block[i];
	}
	return NULL;
}

static size_t count_distinct(const uint32_t *v, size_t n)
{
	uint32_t seen[16];
	size_t found = 0;

	for (size_t i = 0; i < n && found < ARRAY_SIZE(seen); i++) {
		size_t k = 0;

		while (k < found && seen[k] != v[i])
			k++;
		if (k == found)
			seen[found++] = v[i];
	}
	return found;
}

struct err *doubled_find(const uint32_t *verbs, size_t n, struct doubled *out)
{
	uint32_t *cost = calloc(n + 1, sizeof(*cost));
	uint8_t *block = calloc(n + 1, sizeof(*block));
	struct err *e = NULL;

	*out = (struct doubled){ 0 };
	if (!cost || !block) {
		e = err_nomem();
		goto out;
	}
	find_way(verbs, n, cost, block);
	e = take_way(block, n, out);
	if (e)
		goto out;
	if (out->n_blocks)
		count_ambiguous(verbs, cost, block, n, out);
	out->distinct = count_distinct(verbs, n);
	out->is_doubled = out->n_blocks >= LEAST_BLOCKS && out->distinct >= LEAST_DISTINCT &&
			  out->alone <= n / ALONE_SHARE &&
			  out->repeated / out->n_blocks <= LONG_BLOCKS;
out:
	free(cost);
	free(block);
	return e;
}

void doubled_deinit(struct doubled *d)
{
	free(d->blocks);
	*d = (struct doubled){ 0 };
}
