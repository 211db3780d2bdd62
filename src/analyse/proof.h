/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proof of a reduction: what is to be written does to the codecs what the input does.
 *
 * It is written without reduce.h and without the rules that recognise effects: the verbs of
 * both lists, one by one, go through the codec model, through a table of all registers, and
 * through the amplifiers' protocol, and three questions are asked of each codec:
 *
 *   * do its registers stand the same at the end, and none of them was given its last value
 *     before the function group slept where the input gave it after?
 *   * is all that leads out of the codec the same, in the same order, in the same state of
 *     power: amplifier transactions with all that they hold, I2C writes, GPIO changes,
 *     function-group resets, commands, a chip's windows, verbs that nobody knows?
 *   * does the shorter list say nothing that the longer one does not, in its order?
 *
 * What is left out may only be a write that does not last, and a question to an amplifier.  The controller's own reset, which no list can hold, clears
 * registers of the input; what stands there in the shorter list is not compared then.
 */
#ifndef HDADUMP_ANALYSE_PROOF_H
#define HDADUMP_ANALYSE_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps.h"
#include "base/buf.h"

struct err;

struct proof_verb {
	uint32_t word, resp;
	uint16_t ctrl;
	bool reset;		/* the controller's: no verb */
	bool has_resp;
};

/* The verbs of one side, in their order; freed with buf_deinit(&l->verbs). */
struct proof_list {
	struct buf verbs;	/* struct proof_verb */
};

struct err *proof_add(struct proof_list *l, const struct proof_verb *v);

struct proof {
	bool same;
	size_t registers;	/* that stand at the end */
	size_t transfers;	/* of amplifiers, in the shorter list */
	size_t changes;		/* of GPIOs */
	size_t others;		/* I2C writes, resets, commands, windows, unknown verbs */
	size_t questions;	/* to amplifiers, in the longer list: they may be left out */
	char difference[256];	/* the first, where it is not the same */
};

/* Of @codecs come the ids, the codec's tree and which coefficients are commands.  Errors: no memory. */
struct err *proof_check(const struct proof_list *before, const struct proof_list *after,
			struct step_codec *const *codecs, size_t n, struct proof *out);

#endif
