/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked for with --keep: what feeds a speaker, a headphone, a microphone,
 * or verbs of one sort.  Which widgets those are says the codec's graph: for an
 * output all that lead to a pin of that sort, for an input all that lie between the
 * pin and a converter, whatever is selected at the moment.
 *
 *   speaker headphone line-out mic line-in digital	pins by their default's device
 *   coef amplifier i2c chip gpio config			steps by their kind
 *
 * Function-group power and resets always stay.  What leads out of the codec goes
 * with a word for an output: amplifiers and I2C devices behind coefficients, a
 * CA0132's windows, GPIOs.  Coefficients belong to no widget and need their own word.
 */
#ifndef HDADUMP_ANALYSE_PURPOSE_FILTER_H
#define HDADUMP_ANALYSE_PURPOSE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyse/steps/steps.h"

struct err;

/* Zero: everything is kept. */
struct purpose_filter {
	uint32_t words;		/* bit n: word n of the table in keep.c */
};

/* Adds a comma-separated list of words. */
struct err *purpose_filter_parse(struct purpose_filter *k, const char *list);
/* The words that are asked for, with commas between; into @text. */
const char *keep_text(const struct purpose_filter *k, char text[160]);
/*
 * Says which steps are not asked for: unwanted[i], of a->n.  @model is the codec's
 * own dump, or NULL: then what the traffic told of each codec is used.  Fails when a
 * word needs a graph and none is known, or when no pin is of that sort.
 */
struct err *purpose_filter_apply(const struct purpose_filter *k, const struct steps *a, const struct codec_model *model,
		       bool *unwanted);

#endif
