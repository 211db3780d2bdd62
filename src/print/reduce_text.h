/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what a reduction did with each step, and why. */
#ifndef HDADUMP_PRINT_REDUCE_TEXT_H
#define HDADUMP_PRINT_REDUCE_TEXT_H

#include <stdint.h>

struct buf;
struct err;
struct proof;
struct reduction;
struct steps;

/* One line for each step: + kept, - dropped. */
void reduction_text(const struct steps *a, const struct reduction *r, struct buf *b);
/* docs/json-analyse.md; @verbs: number of verbs in the new list. */
struct err *reduction_json(const struct steps *a, const struct reduction *r, const struct proof *p,
			   uint64_t verbs, struct buf *b);
/* Prints the counts, and what was proved, to standard error. */
void reduction_summary(const struct steps *a, const struct reduction *r, const struct proof *p,
		       uint64_t verbs);

#endif
