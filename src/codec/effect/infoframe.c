// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/effect/infoframe.h"

#include "base/bits.h"

void infoframe_parse(struct infoframe *f)
{
	const uint8_t *p = f->data;
	unsigned int body;
	uint8_t sum = 0;

	f->dp = p[0] == 0x84 && p[1] == 0x1b;
	f->audio = p[0] == 0x84 && (f->dp || p[1] == 0x01) && (f->have & 7) == 7;
	if (!f->audio)
		return;
	/* DisplayPort has no checksum, so its data begins one byte earlier */
	body = f->dp ? 3 : 4;
	f->channels = (uint8_t)bits(p[body], 2, 0);
	if (f->channels)
		f->channels++;
	f->coding = (uint8_t)bits(p[body], 7, 4);
	f->allocation = p[body + 3];
	/* bytes that were never written are zero in the codec */
	for (unsigned int i = 0; i < 14; i++)
		sum = (uint8_t)(sum + p[i]);
	f->checksum_ok = !sum;
}

const char *infoframe_speakers(unsigned int allocation)
{
	/* CEA-861 table: the lower half without, the upper half with centre pairs */
	static const char *const names[0x20] = {
		"FL/FR", "FL/FR LFE", "FL/FR FC", "FL/FR LFE FC",
		"FL/FR RC", "FL/FR LFE RC", "FL/FR FC RC", "FL/FR LFE FC RC",
		"FL/FR RL/RR", "FL/FR LFE RL/RR", "FL/FR FC RL/RR", "FL/FR LFE FC RL/RR",
		"FL/FR RL/RR RC", "FL/FR LFE RL/RR RC", "FL/FR FC RL/RR RC",
		"FL/FR LFE FC RL/RR RC", "FL/FR RL/RR RLC/RRC", "FL/FR LFE RL/RR RLC/RRC",
		"FL/FR FC RL/RR RLC/RRC", "FL/FR LFE FC RL/RR RLC/RRC", "FL/FR FLC/FRC",
		"FL/FR LFE FLC/FRC", "FL/FR FC FLC/FRC", "FL/FR LFE FC FLC/FRC",
		"FL/FR RC FLC/FRC", "FL/FR LFE RC FLC/FRC", "FL/FR FC RC FLC/FRC",
		"FL/FR LFE FC RC FLC/FRC", "FL/FR RL/RR FLC/FRC", "FL/FR LFE RL/RR FLC/FRC",
		"FL/FR FC RL/RR FLC/FRC", "FL/FR LFE FC RL/RR FLC/FRC",
	};

	return allocation < ARRAY_SIZE(names) ? names[allocation] : NULL;
}
