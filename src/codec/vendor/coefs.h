/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coefficients that have a name, and values of theirs that have a meaning:
 * tables of one vendor each (VENDOR_coefs.def), for effects, tests and
 * exporters.
 *
 *   CODECS(name, ids...)                     a set of codecs, by the low half of their id
 *   COEF(codecs, NID, index, "name")         what the coefficient is
 *   VALUE(codecs, NID, index, mask, value, "meaning")
 *	what it does when these bits have that value
 *
 * Who includes such a table defines the three; rows are found by codec, NID
 * and index together.
 */
#ifndef HDADUMP_CODEC_VENDOR_COEFS_H
#define HDADUMP_CODEC_VENDOR_COEFS_H

#include <stdbool.h>
#include <stdint.h>

struct effect;

struct coef_row {
	const uint16_t *codec;	/* low halves of the ids it holds for; a first 0: all */
	uint8_t ncodecs;
	uint8_t nid;
	uint16_t index;
	uint16_t mask, value;	/* a meaning of these bits; mask 0: the coefficient's name */
	const char *text;
};

bool coef_row_is_for(const struct coef_row *c, uint32_t vendor_id);
/* Gives a coefficient's effect its name and meaning. */
void coef_name_effect(const struct coef_row *row, unsigned int n, uint32_t vendor_id,
		      struct effect *e);

#define COEF_ROW(set, n, i, nm) \
	{ .codec = codecs_##set, .ncodecs = ARRAY_SIZE(codecs_##set), .nid = n, .index = i, \
	  .text = nm },
#define VALUE_ROW(set, n, i, m, v, nm) \
	{ .codec = codecs_##set, .ncodecs = ARRAY_SIZE(codecs_##set), .nid = n, .index = i, \
	  .mask = m, .value = v, .text = nm },

#endif
