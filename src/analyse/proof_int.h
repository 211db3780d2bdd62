/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the proof: proof_run.c computes what one list does to one codec, proof.c compares. */
#ifndef HDADUMP_ANALYSE_PROOF_INT_H
#define HDADUMP_ANALYSE_PROOF_INT_H

#include "analyse/proof.h"
#include "analyse/steps/regmap.h"

enum op_kind {
	OP_VERB,	/* a write of a register, by the verb's word */
	OP_COEF,	/* a coefficient that is a register */
	OP_FRAME,	/* a byte of an infoframe */
	/* ops from here on are compared in their order */
	OP_TOLD,	/* an unknown verb, or a vendor's that cannot be read back */
	OP_COMMAND,	/* a coefficient that is a command */
	OP_RESET,
	OP_AMP,		/* an amplifier's transaction */
	OP_I2C,
	OP_GPIO,	/* a change; its verb is an OP_VERB too */
	OP_CHIP,	/* a write through a chip's window */
	OP_KINDS
};

#define POWER_UNKNOWN 0xff

struct op {
	uint64_t a, b;		/* equal values: the ops do the same */
	uint32_t verb;		/* the verb's number in the list, from 1 */
	uint8_t kind;		/* enum op_kind */
	uint8_t group_power, node_power;	/* last power state written, or POWER_UNKNOWN */
	bool may_go;		/* it may be left out: a read of an amplifier */
};

/*
 * Registers are in @map: `at` of an entry is the number of the verb that wrote it last,
 * `epoch` the power states at that time: of the function group 15:8, of the node 7:0.
 */
struct proof_run {
	const struct step_codec *codec;
	unsigned int generation;	/* generation of the amplifier port, from 1; 0 = none */
	struct op *op;
	size_t n, cap;
	struct codec_model *model;
	struct regmap map;
	uint32_t slept;		/* number of the last verb that put the group to sleep; 0 = none */
	bool link_reset;	/* the controller was reset */
};

/* The generation of the list's port commands; 0 = none. */
struct err *proof_generation(const struct proof_list *l, const struct step_codec *c,
			     unsigned int *generation);
/* @r has its codec and generation set; free it with proof_run_deinit() in any case. */
struct err *proof_run(const struct proof_list *l, struct proof_run *r);
void proof_run_deinit(struct proof_run *r);

static inline bool op_is_told(const struct op *o)
{
	return o->kind >= OP_TOLD;
}

#endif
