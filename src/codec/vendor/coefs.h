/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of coefficients and meanings of their values: one table for each vendor
 * (VENDOR_coefs.def), for effects, tests and exporters.
 *
 *   CODECS(name, ids...)                     a set of codecs, by the low half of their id
 *   COEF(codecs, NID, index, "name")         the coefficient's name
 *   VALUE(codecs, NID, index, mask, value, "meaning")
 *	the meaning of these bits when they have this value
 *
 * A file that includes such a table defines the three macros; rows are found by codec, NID
 * and index together.
 */
#ifndef HDADUMP_CODEC_VENDOR_COEFS_H
#define HDADUMP_CODEC_VENDOR_COEFS_H

#include <stdbool.h>
#include <stdint.h>

struct effect;

struct coef_row {
	const uint16_t *codec;	/* low halves of the codecs' ids; if the first is 0: all codecs */
	uint8_t ncodecs;
	uint8_t nid;
	uint16_t index;
	uint16_t mask, value;	/* the meaning of these bits; mask 0: the coefficient's name */
	const char *text;
};

bool coef_row_is_for(const struct coef_row *c, uint32_t vendor_id);
/* Sets the name and the meaning of a coefficient's effect. */
void coef_name_effect(const struct coef_row *row, unsigned int n, uint32_t vendor_id,
		      struct effect *e);

#define COEF_ROW(set, n, i, nm) \
	{ .codec = codecs_##set, .ncodecs = ARRAY_SIZE(codecs_##set), .nid = n, .index = i, \
	  .text = nm },
#define VALUE_ROW(set, n, i, m, v, nm) \
	{ .codec = codecs_##set, .ncodecs = ARRAY_SIZE(codecs_##set), .nid = n, .index = i, \
	  .mask = m, .value = v, .text = nm },

#endif
