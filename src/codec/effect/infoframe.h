/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The audio infoframe that a driver writes into an HDMI or DP pin's data
 * island packet, byte by byte (verb 731).
 *
 * Numbers: CEA-861 audio infoframe; layouts as in the kernel's hdmi codecs
 * (84 01 0a for HDMI, 84 1b 44 for DisplayPort).
 */
#ifndef HDADUMP_CODEC_EFFECT_INFOFRAME_H
#define HDADUMP_CODEC_EFFECT_INFOFRAME_H

#include <stdbool.h>
#include <stdint.h>

#define INFOFRAME_BYTES 32

struct infoframe {
	uint8_t data[INFOFRAME_BYTES];
	uint32_t have;		/* a bit for each byte that was written */

	/* set by infoframe_parse() */
	bool audio;		/* it is an audio infoframe, of one of the two layouts */
	bool dp;		/* the DisplayPort layout */
	bool checksum_ok;	/* HDMI only */
	uint8_t channels;	/* 0 = see the stream header */
	uint8_t allocation;	/* channel allocation, CA */
	uint8_t coding;		/* coding type CT; 0 = see the stream header */
};

void infoframe_parse(struct infoframe *f);
/* The names of a channel allocation's speakers, or NULL. */
const char *infoframe_speakers(unsigned int allocation);

#endif
