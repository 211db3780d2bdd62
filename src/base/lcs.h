/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two sequences have in common, in order: the greedy algorithm of E. W. Myers, "An O(ND)
 * Difference Algorithm and Its Variations" (1986), in linear space. Where the sequences
 * differ too much, the search is cut short, and the common subsequence may not be the
 * longest.
 */
#ifndef HDADUMP_BASE_LCS_H
#define HDADUMP_BASE_LCS_H

#include <stddef.h>
#include <stdint.h>

struct err;

#define LCS_NONE UINT32_MAX

/*
 * Writes for each element of @a the index of its partner in @b, and for @b in @a; LCS_NONE
 * means no partner. Time: O((n + m) log), and a bounded amount more for parts that differ.
 * Errors: no memory.
 */
struct err *lcs_match(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
		      uint32_t *of_a, uint32_t *of_b);

#endif
