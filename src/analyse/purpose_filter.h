/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter of --keep: only steps for a speaker, a headphone, a microphone, or steps of one
 * kind. The codec's graph shows which widgets are needed: for an output all that lead to a
 * pin of that kind, for an input all between the pin and a converter, whatever is selected at
 * the moment.
 *
 *   speaker headphone line-out mic line-in digital	pins, by the device in their default
 *   coef amplifier i2c chip gpio config			steps, by their kind
 *
 * Function-group power and resets are always kept. Steps that act outside the codec are kept
 * with each word for an output: amplifiers and I2C devices behind coefficients, a CA0132's
 * windows, GPIOs. Coefficients belong to no widget and need their own word.
 */
#ifndef HDADUMP_ANALYSE_PURPOSE_FILTER_H
#define HDADUMP_ANALYSE_PURPOSE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyse/steps/steps.h"

struct err;

/* All zero: everything is kept. */
struct purpose_filter {
	uint32_t words;		/* bit n = word n of the table in purpose_filter.c */
};

/* Adds a comma-separated list of words. */
struct err *purpose_filter_parse(struct purpose_filter *k, const char *list);
/* Writes the selected words into @text, separated by commas. */
const char *keep_text(const struct purpose_filter *k, char text[160]);
/*
 * Sets unwanted[i] for each of the a->n steps that the filter drops. @model is the codec's
 * own dump; NULL = use what was learned from the traffic of each codec. Fails if a word needs
 * a graph and none is known, or if no pin has that device.
 */
struct err *purpose_filter_apply(const struct purpose_filter *k, const struct steps *a, const struct codec_model *model,
		       bool *unwanted);

#endif
