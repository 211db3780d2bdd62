/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of each step of a reduction, and why. */
#ifndef HDADUMP_PRINT_REDUCE_TEXT_H
#define HDADUMP_PRINT_REDUCE_TEXT_H

#include <stdint.h>

struct buf;
struct err;
struct proof;
struct reduction;
struct steps;

/* A line each: + stays, - goes. */
void reduction_text(const struct steps *a, const struct reduction *r, struct buf *b);
/* docs/json-analyse.md; @verbs: how many the list has now. */
struct err *reduction_json(const struct steps *a, const struct reduction *r, const struct proof *p,
			   uint64_t verbs, struct buf *b);
/* The counts, and what was proved, as notes. */
void reduction_summary(const struct steps *a, const struct reduction *r, const struct proof *p,
		       uint64_t verbs);

#endif
