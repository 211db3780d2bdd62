/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the proof: what one list does to one codec (proof_run.c), compared in proof.c. */
#ifndef HDADUMP_ANALYSE_PROOF_INT_H
#define HDADUMP_ANALYSE_PROOF_INT_H

#include "analyse/proof.h"
#include "analyse/steps/regmap.h"

enum op_kind {
	OP_VERB,	/* a register, by its verb's word */
	OP_COEF,	/* a coefficient that is a register */
	OP_FRAME,	/* a byte of an infoframe */
	/* from here on each counts, in its order */
	OP_TOLD,	/* a verb that nobody knows, or a vendor's that cannot be read back */
	OP_COMMAND,	/* a coefficient that is a command */
	OP_RESET,
	OP_AMP,		/* an amplifier's transaction */
	OP_I2C,
	OP_GPIO,	/* a change; the verb itself is an OP_VERB as well */
	OP_CHIP,	/* a write through a chip's window */
	OP_KINDS
};

#define POWER_UNKNOWN 0xff

struct op {
	uint64_t a, b;		/* what it is: equal ones do the same */
	uint32_t verb;		/* its place in the list, from 1 */
	uint8_t kind;		/* enum op_kind */
	uint8_t group_power, node_power;	/* as told last, or POWER_UNKNOWN */
	bool may_go;		/* it may be left out: a question */
};

/*
 * Registers are in @map: `at` of an entry is the place of the verb that wrote it last, `epoch`
 * the state of power in which it did: of the function group 15:8, of the node 7:0.
 */
struct proof_run {
	const struct step_codec *codec;
	unsigned int generation;	/* of the amplifier port, from 1; 0: none */
	struct op *op;
	size_t n, cap;
	struct codec_model *model;
	struct regmap map;
	uint32_t slept;		/* the place of the verb that last sent the group to sleep, or 0 */
	bool link_reset;	/* the controller went through a reset */
};

/* Which generation's commands are in the list; 0: none. */
struct err *proof_generation(const struct proof_list *l, const struct step_codec *c,
			     unsigned int *generation);
/* @r has its codec and generation; freed with proof_run_deinit() whatever happens. */
struct err *proof_run(const struct proof_list *l, struct proof_run *r);
void proof_run_deinit(struct proof_run *r);

static inline bool op_is_told(const struct op *o)
{
	return o->kind >= OP_TOLD;
}

#endif
