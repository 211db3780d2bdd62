/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proof of a reduction: the result does the same to the codecs as the input.
 *
 * It is written without reduce.h and without the rules that recognise effects: the verbs of
 * both lists, one by one, go through the codec model, through a table of all registers, and
 * through the amplifiers' protocol, and for each codec three things are checked:
 *
 *   * its registers are the same at the end, and none of them got its last value before
 *     the function group slept if it got it afterwards in the input;
 *   * everything that acts outside the codec is the same, in the same order, in the same state
 *     of power: whole amplifier transactions, I2C writes, GPIO changes,
 *     function-group resets, commands, a chip's windows, unknown verbs;
 *   * the shorter list contains nothing that is not in the longer one, in the same order.
 *
 * Only these may be left out: a write that is overwritten later, and a read of an amplifier.
 * The controller's own reset, which a list cannot contain, clears registers in the input; the
 * shorter list's values of these are not compared.
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
	bool reset;		/* the controller's reset; not a verb */
	bool has_resp;
};

/* The verbs of one side, in order; freed with buf_deinit(&l->verbs). */
struct proof_list {
	struct buf verbs;	/* array of struct proof_verb */
};

struct err *proof_add(struct proof_list *l, const struct proof_verb *v);

struct proof {
	bool same;
	size_t registers;	/* number of registers with a value at the end */
	size_t transfers;	/* amplifier transactions, in the shorter list */
	size_t changes;		/* GPIO changes */
	size_t others;		/* I2C writes, resets, commands, windows, unknown verbs */
	size_t questions;	/* reads of amplifiers, in the longer list: they may be left out */
	char difference[256];	/* text of the first difference; "" = none */
};

/*
 * @codecs gives the ids, the codec's tree and which coefficients are commands. Errors: no
 * memory.
 */
struct err *proof_check(const struct proof_list *before, const struct proof_list *after,
			struct step_codec *const *codecs, size_t n, struct proof *out);

#endif
