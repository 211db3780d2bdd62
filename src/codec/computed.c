// SPDX-License-Identifier: GPL-2.0-or-later
/* Fields whose value is computed: the functions that fields.def names. */
#include "codec/computed.h"

#include "base/bits.h"
#include "codec/shadow.h"

bool format_rate(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	uint32_t base = bit(w, 14) ? 44100 : 48000;
	uint32_t mult = (uint32_t)bits(w, 13, 11);

	(void)c;
	if (mult > 3)
		return false;	/* reserved: the caller shows the bits as unexplained */
	*number = (int32_t)(base * (mult + 1) / ((uint32_t)bits(w, 10, 8) + 1));
	return true;
}

static bool plus_one(uint32_t v, int32_t *number)
{
	*number = (int32_t)v + 1;
	return true;
}

bool format_channels(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)bits(w, 3, 0), number);
}

bool channel_count(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)bits(w, 3, 0), number);
}

bool device_count(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)bits(w, 5, 0), number);
}

bool widget_channels(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)(bits(w, 15, 13) << 1 | bit(w, 0)), number);
}

/* SigmaTel and IDT count in the opposite direction (kernel hda_beep.c, linear_tone). */
static bool beep_is_linear(const struct decode_ctx *c)
{
	uint32_t vendor = c->shadow ? c->shadow->vendor_id >> 16 : 0;

	return vendor == 0x8384 || vendor == 0x111d;
}

/* HDA 1.0a 7.3.3.28: the link's 48 kHz divided by four times the divider. */
bool beep_tone(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	uint32_t div = (uint32_t)bits(w, 7, 0);

	if (!div)
		return false;
	*number = (int32_t)(beep_is_linear(c) ? 48000 * (257 - div) / 1024 : 48000 / (4 * div));
	return true;
}

/* Gain steps are multiples of 0.25 dB; the field's number is in 1/100 dB. */
bool amp_cap_step(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	*number = ((int32_t)bits(w, 22, 16) + 1) * 25;
	return true;
}

bool amp_cap_min(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	amp_cap_step(c, w, number);
	*number *= -(int32_t)bits(w, 6, 0);
	return bits(w, 14, 8);
}

bool amp_cap_max(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	amp_cap_step(c, w, number);
	*number *= (int32_t)bits(w, 14, 8) - (int32_t)bits(w, 6, 0);
	return bits(w, 14, 8);
}

/* Converts a gain to 1/100 dB with the codec's caps: steps count from the offset, which is 0 dB. */
static bool level(const struct decode_ctx *c, bool out, uint32_t gain, int32_t *number)
{
	uint32_t caps = c->shadow ? shadow_amp_caps(c->shadow, c->verb->nid, out) : 0;

	int32_t steps = (int32_t)gain - (int32_t)bits(caps, 6, 0);

	*number = steps * ((int32_t)bits(caps, 22, 16) + 1) * 25;
	return bits(caps, 14, 8);
}

bool amp_set_level(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return level(c, bit(w, 15), (uint32_t)bits(w, 6, 0), number);
}

bool amp_get_level(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return level(c, bit(c->verb->payload, 15), (uint32_t)bits(w, 6, 0), number);
}

/*
 * The index of an input amplifier is an index into the connections, except for a pin, which
 * has one input amplifier.
 */
static bool amp_from(const struct decode_ctx *c, unsigned int index, int32_t *number)
{
	int nid = -1;

	if (c->shadow && shadow_type(c->shadow, c->verb->nid) != 4)
		nid = shadow_connection(c->shadow, c->verb->nid, index);
	*number = nid;
	return nid >= 0;
}

bool amp_set_from(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return bit(w, 14) && !bit(w, 15) && amp_from(c, (unsigned int)bits(w, 11, 8), number);
}

bool amp_ask_from(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return !bit(w, 15) && amp_from(c, (unsigned int)bits(w, 3, 0), number);
}

bool conn_from(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	*number = c->shadow ? shadow_connection(c->shadow, c->verb->nid, w & 0xff) : -1;
	return *number >= 0;
}

bool coef_at(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)w;
	if (!c->shadow || !shadow_knows(c->shadow, c->verb->nid, KNOW_COEF_INDEX))
		return false;
	*number = c->shadow->coef_index[c->verb->nid];
	return true;
}

bool dip_byte(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)w;
	if (!c->shadow || !shadow_knows(c->shadow, c->verb->nid, KNOW_DIP_INDEX))
		return false;
	*number = c->shadow->dip_index[c->verb->nid] & 0x1f;
	return true;
}

/* All ones means "not measured". */
bool impedance(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	*number = (int32_t)bits(w, 30, 0);
	return *number;
}

static bool unsol_nid(const struct decode_ctx *c, uint32_t w, unsigned int nth, int32_t *number)
{
	*number = c->shadow ? shadow_unsol_nid(c->shadow, (unsigned int)bits(w, 31, 26), nth) : -1;
	return *number >= 0;
}

bool unsol_nid0(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return unsol_nid(c, w, 0, number);
}

bool unsol_nid1(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return unsol_nid(c, w, 1, number);
}

bool unsol_nid2(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return unsol_nid(c, w, 2, number);
}

bool unsol_nid3(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return unsol_nid(c, w, 3, number);
}

bool unsol_nid_alc880(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	return unsol_nid(c, w >> 2, 0, number);
}

bool ca_ports(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)bits(w, 5, 4), number);
}
