/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two sequences have in common, in order: the greedy algorithm of E. W. Myers,
 * "An O(ND) Difference Algorithm and Its Variations" (1986), in linear space.  Where
 * the sequences differ so much that it would take long, it settles for a common
 * subsequence that need not be the longest.
 */
#ifndef HDADUMP_BASE_LCS_H
#define HDADUMP_BASE_LCS_H

#include <stddef.h>
#include <stdint.h>

struct err;

#define LCS_NONE UINT32_MAX

/*
 * For each element of @a its partner in @b, and the other way round; LCS_NONE where
 * there is none.  Time: O((n + m) log) and, for differing stretches, a bounded part
 * more.  Errors: no memory.
 */
struct err *lcs_match(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
		      uint32_t *of_a, uint32_t *of_b);

#endif
