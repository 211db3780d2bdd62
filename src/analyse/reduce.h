/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reduction: the shortest choice of steps that leaves the codec as all of them do,
 * with everything outside of it told the same in the same order.
 *
 *   * a register's value: only the last write of each bit lasts, and a write of
 *     what stands there already changes nothing;
 *   * what leads out of the codec stays, every time and in its order: amplifiers
 *     and I2C devices behind coefficients, the windows of a CA0132, GPIOs, and
 *     coefficients that are commands (they do not read back as they were written);
 *   * a power state, and the selected device entry, stay where something is done
 *     in them, and last;
 *   * a reset stays, and what it clears goes, where the codec's tree is known; the
 *     controller's own reset clears as well, but no list can hold it;
 *   * what nobody knows stays.
 *
 * What is told to be gone may still have mattered for its moment: the pop of a
 * speaker, a clock that was on for a while.  The order of what stays is the input's.
 *
 * A gap ends what is known of registers: nothing is called redundant across it.
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
	FATES
};

struct reduction {
	uint8_t *why;		/* enum decision, by step */
	uint32_t *writes;	/* by step: how often its register was written, itself included */
	bool *chosen;		/* by step: it stays */
	/*
	 * By step, of coefficients: the bits that any of the updates changed which it stands
	 * for; ffff where one of them wrote without reading.
	 */
	uint16_t *masks;
	size_t n;
	size_t count[FATES];
	size_t stays;
};

bool decision_is_kept(enum decision f);
const char *decision_name(enum decision f);
/* Why, for people: "amplifier port: each transaction stays". */
const char *decision_text(enum decision f);

/*
 * @unwanted: steps that are to go whatever they do (see keep.h), or NULL.  Freed with
 * reduction_deinit().  Errors: no memory.
 */
struct err *reduce_steps(const struct steps *a, const bool *unwanted, struct reduction *r);
void reduction_deinit(struct reduction *r);
/* The reason of one step, with its count; valid until the next call with this @text. */
const char *reduction_why(const struct reduction *r, size_t step, char text[96]);

#endif
