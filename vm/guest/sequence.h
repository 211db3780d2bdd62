/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sequence of verbs that shows any loss, repetition or mispairing, harmless
 * to QEMU's hda-duplex, hda-output and hda-micro:
 *
 *   every even one   carries its own number, to a widget that does not exist
 *                    (the codec answers 0): NID 60h + bits 20 and up, then
 *                    bits 19:0 as verb and payload
 *   1, 5, 9 ...      sets the output amplifier of NID 2 to the gain
 *                    (i / 4) % 75
 *   3, 7, 11 ...     asks for it: the answer is the gain set just before
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdint.h>

#define COUNTER_NID 0x60
#define AMP_NID 2
#define AMP_STEPS 75
#define SET_AMP_BOTH_OUT 0x3b000	/* verb 3, output, left and right */
#define GET_AMP_OUT_LEFT 0xba000	/* verb b, output, left */

/* The word as on the link: codec address, NID, verb and payload. */
static inline uint32_t sequence_word(uint32_t cad, uint32_t i)
{
	uint32_t nid = AMP_NID, verb = GET_AMP_OUT_LEFT;

	if (i % 2 == 0) {
		nid = COUNTER_NID + (i >> 20);
		verb = i & 0xfffff;
	} else if (i % 4 == 1) {
		verb = SET_AMP_BOTH_OUT | i / 4 % AMP_STEPS;
	}
	return cad << 28 | nid << 20 | verb;
}

static inline uint32_t sequence_answer(uint32_t i)
{
	return i % 4 == 3 ? i / 4 % AMP_STEPS : 0;
}

#endif
