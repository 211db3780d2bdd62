/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table with an entry for each register of each codec; entries are never removed. */
#ifndef HDADUMP_ANALYSE_STEPS_REGMAP_H
#define HDADUMP_ANALYSE_STEPS_REGMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps.h"

struct regmap_entry {
	reg_key key;
	uint32_t value, mask;	/* known value and mask of its known bits */
	uint32_t covered;	/* bits that are written again later */
	uint32_t writes;
	uint32_t epoch;		/* the epoch in which value and mask were learned */
	uint32_t step;		/* the last step that wrote it, or STEP_NONE */
	uint32_t at;		/* caller-defined index */
	uint16_t codec;
	bool used;		/* the slot is in use */
};

/* Zero-filled is empty. */
struct regmap {
	struct regmap_entry *v;
	size_t n, cap;		/* cap is a power of two */
};

/*
 * The entry of this register, created if it is new; NULL if memory ran out. Valid until the
 * next call.
 */
struct regmap_entry *regmap_get(struct regmap *m, uint16_t codec, reg_key key);
/* The same; NULL if there is none. */
const struct regmap_entry *regmap_find(const struct regmap *m, uint16_t codec, reg_key key);
void regmap_clear(struct regmap *m);
void regmap_deinit(struct regmap *m);

#endif
