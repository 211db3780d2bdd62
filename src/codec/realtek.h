/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of Realtek's coefficients, realtek_coefs.def, for the decoder, tests and exporters. */
#ifndef HDADUMP_CODEC_REALTEK_H
#define HDADUMP_CODEC_REALTEK_H

#include <stdbool.h>
#include <stdint.h>

struct realtek_coef {
	const uint16_t *codec;	/* low halves of the ids it holds for; a first 0: all */
	uint8_t ncodecs;
	uint8_t nid;
	uint16_t index;
	uint16_t mask, value;	/* a meaning of these bits; mask 0: the coefficient's name */
	const char *text;
};

extern const struct realtek_coef realtek_coefs[];
extern const unsigned int realtek_coef_count;

bool realtek_coef_is_for(const struct realtek_coef *c, uint32_t vendor_id);

#endif
