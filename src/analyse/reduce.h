/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reduction: the smallest choice of steps that leaves the codec in the same state as all of
 * them, with the same writes outside the codec in the same order.
 *
 *   * of a register's writes only the last one for each bit is kept, and none that writes the
 *     value that is there already;
 *   * steps that act outside the codec are kept, all in their order: amplifiers and I2C
 *     devices behind coefficients, the windows of a CA0132, GPIOs, and coefficients that are
 *     commands (they do not read back the value that was written);
 *   * a power state and the selected device entry are kept if something is done in them, and
 *     the last one always;
 *   * a reset is kept, and writes that it clears are dropped if the codec's tree is known; the
 *     controller's own reset clears registers too, but a list cannot contain it;
 *   * unknown verbs are kept.
 *
 * A dropped step may have mattered for a moment: the pop of a speaker, a clock that was on
 * for a while. The steps that are kept stay in the input's order.
 *
 * After a gap all registers are unknown: no write after it is redundant because of one
 * before.
 */
#ifndef HDADUMP_ANALYSE_REDUCE_H
#define HDADUMP_ANALYSE_REDUCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps.h"

struct err;

enum decision {
#define DECISION(id, name, stays, text) WHY_##id,
#include "analyse/decisions.def"
#undef DECISION
	DECISIONS
};

struct reduction {
	uint8_t *why;		/* enum decision of each step */
	uint32_t *writes;	/* by step: how often its register was written, this one included */
	bool *chosen;		/* by step: it is kept */
	/*
	 * By step, for coefficients: the bits that changed in any of the updates that it
	 * replaces; ffff if one of them wrote without reading.
	 */
	uint16_t *masks;
	size_t n;
	size_t count[DECISIONS];
	size_t stays;
};

bool decision_is_kept(enum decision f);
const char *decision_name(enum decision f);
/* The reason as a sentence: "amplifier port: each transaction stays". */
const char *decision_text(enum decision f);

/*
 * @unwanted: steps to drop in any case (see purpose_filter.h), or NULL. Free @out with
 * reduction_deinit(). Errors: no memory.
 */
struct err *reduce_steps(const struct steps *a, const bool *unwanted, struct reduction *r);
void reduction_deinit(struct reduction *r);
/* The reason for one step, with its count; valid until the next call with the same @text. */
const char *reduction_why(const struct reduction *r, size_t step, char text[96]);

#endif
