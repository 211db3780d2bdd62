// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/effect/eld.h"

#include <string.h>

#include "base/bits.h"

void eld_clear(struct eld *e)
{
	*e = (struct eld){ 0 };
}

void eld_byte(struct eld *e, unsigned int offset, uint32_t response)
{
	offset &= ELD_BYTES - 1;
	if (!bit(response, 31))
		return;		/* the codec marked this byte as not valid */
	e->data[offset] = (uint8_t)response;
	e->have[offset / 8] |= (uint8_t)(1 << offset % 8);
	if (offset >= e->len)
		e->len = (uint16_t)(offset + 1);
}

static bool have(const struct eld *e, unsigned int from, unsigned int n)
{
	for (unsigned int i = from; i < from + n; i++)
		if (i >= ELD_BYTES || !bit(e->have[i / 8], i % 8))
			return false;
	return true;
}

static void parse_sad(struct eld_sad *s, const uint8_t *p)
{
	s->format = (uint8_t)bits(p[0], 6, 3);
	s->channels = (uint8_t)(bits(p[0], 2, 0) + 1);
	s->rates = (uint8_t)bits(p[1], 6, 0);
	s->sizes = s->format == 1 ? (uint8_t)bits(p[2], 2, 0) : 0;
	s->kbps = s->format >= 2 && s->format <= 8 ? (uint16_t)(p[2] * 8) : 0;
}

void eld_parse(struct eld *e)
{
	const uint8_t *p = e->data;
	unsigned int name_len, at;

	e->problem = NULL;
	e->nsads = 0;
	e->monitor[0] = '\0';
	if (!have(e, 0, 20)) {
		e->problem = e->len ? "it ends inside its header" : "no valid byte";
		return;
	}
	e->version = (uint8_t)bits(p[0], 7, 3);
	e->cea_version = (uint8_t)bits(p[4], 7, 5);
	e->connection = (uint8_t)bits(p[5], 3, 2);
	e->ai = bit(p[5], 1);
	e->hdcp = bit(p[5], 0);
	e->delay_ms2 = p[6];
	e->speakers = (uint8_t)bits(p[7], 6, 0);
	e->manufacturer = load_le16(p + 16);
	e->product = load_le16(p + 18);
	if (e->version != 2 && e->version != 31)
		e->problem = "unknown version";
	/* baseline length, in dwords, counts from byte 4 */
	if (4u + 4u * p[2] > e->len)
		e->problem = "shorter than its own length says";

	name_len = (unsigned int)bits(p[4], 4, 0);
	if (!have(e, 20, name_len)) {
		e->problem = "the monitor's name is cut off";
		return;
	}
	memcpy(e->monitor, p + 20, name_len);	/* at most 31 */
	e->monitor[name_len] = '\0';
	at = 20 + name_len;
	for (unsigned int i = 0; i < bits(p[5], 7, 4); i++, at += 3) {
		if (!have(e, at, 3)) {
			e->problem = "the audio descriptors are cut off";
			return;
		}
		parse_sad(&e->sad[e->nsads++], p + at);
	}
}

const char *eld_format_name(unsigned int format)
{
	static const char *const names[16] = {
		[1] = "LPCM", [2] = "AC3", [3] = "MPEG1", [4] = "MP3", [5] = "MPEG2",
		[6] = "AAC-LC", [7] = "DTS", [8] = "ATRAC", [9] = "DSD", [10] = "E-AC3",
		[11] = "DTS-HD", [12] = "MLP", [13] = "DST", [14] = "WMA Pro", [15] = "extended",
	};

	return format < 16 && names[format] ? names[format] : "reserved";
}

const char *eld_speaker_name(unsigned int n)
{
	static const char *const names[7] = {
		"FL/FR", "LFE", "FC", "RL/RR", "RC", "FLC/FRC", "RLC/RRC",
	};

	return n < 7 ? names[n] : "?";
}

unsigned int eld_rate(unsigned int n)
{
	static const unsigned int rates[7] = {
		32000, 44100, 48000, 88200, 96000, 176400, 192000,
	};

	return n < 7 ? rates[n] : 0;
}
