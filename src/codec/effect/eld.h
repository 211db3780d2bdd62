/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The EDID-like data of a display: the formats that it can play. A driver reads it byte by
 * byte through an HDMI or DP pin (verb F2F).
 *
 * The bytes come from a monitor and may have any value and any length. Whatever can be parsed
 * is returned; `problem` says what is wrong with the rest.
 *
 * Numbers: HDA 1.0a, "ELD memory structure"; CEA-861 short audio descriptors as in the
 * kernel's sound/hda/core/.. hda_eld.c.
 */
#ifndef HDADUMP_CODEC_EFFECT_ELD_H
#define HDADUMP_CODEC_EFFECT_ELD_H

#include <stdbool.h>
#include <stdint.h>

#define ELD_BYTES 256
#define ELD_SADS 15

struct eld_sad {
	uint8_t format;		/* CEA-861 audio coding type */
	uint8_t channels;
	uint8_t rates;		/* bits: 32, 44.1, 48, 88.2, 96, 176.4, 192 kHz */
	uint8_t sizes;		/* LPCM: bits 16, 20, 24 bit */
	uint16_t kbps;		/* kbit/s; compressed formats: the highest bit rate, 0 = unknown */
};

struct eld {
	uint8_t data[ELD_BYTES];
	uint8_t have[ELD_BYTES / 8];	/* a bit for each byte that was read and valid */
	uint16_t len;			/* number of the last such byte, plus one */
	uint8_t nid;

	/* set by eld_parse() */
	const char *problem;	/* a sentence, or NULL */
	uint8_t version;
	uint8_t cea_version;
	uint8_t connection;	/* 0 = HDMI, 1 = DisplayPort */
	bool hdcp, ai;
	uint8_t delay_ms2;	/* delay of the audio, in units of 2 ms; 0 = unknown */
	uint8_t speakers;	/* a bit each: see eld_speaker_name() */
	uint16_t manufacturer, product;
	char monitor[32];	/* the display's text: not safe for a terminal */
	uint8_t nsads;
	struct eld_sad sad[ELD_SADS];
};

void eld_clear(struct eld *e);
void eld_byte(struct eld *e, unsigned int offset, uint32_t response);
void eld_parse(struct eld *e);
/* The name of a coding type; "reserved" if it has none. */
const char *eld_format_name(unsigned int format);
/* The name of speaker bit 0 to 6. */
const char *eld_speaker_name(unsigned int bit);
/* The rate of bit 0 to 6, in Hz. */
unsigned int eld_rate(unsigned int bit);

#endif
