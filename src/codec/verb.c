// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bits.h"
#include "codec/decode.h"

struct verb_parts verb_split(uint32_t verb)
{
	unsigned int top = (unsigned int)bits(verb, 19, 16);
	bool wide = top != 0x7 && top != 0xf;

	return (struct verb_parts){
		.cad = (uint8_t)bits(verb, 31, 28),
		.nid = (uint8_t)bits(verb, 27, 20),
		.id = (uint16_t)(wide ? top << 8 : bits(verb, 19, 8)),
		.payload = (uint16_t)(wide ? bits(verb, 15, 0) : bits(verb, 7, 0)),
		.wide = wide,
	};
}
