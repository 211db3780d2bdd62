/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a decoder remembers of each codec, because one word alone cannot be
 * read: an amplifier's gain needs its caps, a connection list its form, an
 * unsolicited tag the widget that asked for it.  Learned from the traffic
 * only, and only from exact xacts.  It is not the codec model (model.h): it
 * holds no more than decoding needs, at a fixed place for each NID.
 *
 * Private to the codec room.
 */
#ifndef HDADUMP_CODEC_SHADOW_H
#define HDADUMP_CODEC_SHADOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"
#include "codec/decode.h"

struct vendor;

#define SHADOW_NIDS 256
/* Raw entries of a connection list; the length field has seven bits, lists this long are rare. */
#define SHADOW_CONNS 32

enum {
	KNOW_WCAP = 1 << 0,
	KNOW_IN_CAP = 1 << 1,
	KNOW_OUT_CAP = 1 << 2,
	KNOW_CONN_LEN = 1 << 3,
	KNOW_COEF_INDEX = 1 << 4,
	KNOW_DIP_INDEX = 1 << 5,
};

struct shadow {
	uint32_t vendor_id;		/* 0: unknown */
	const char *chip;		/* its name, or NULL */
	const struct vendor *vendor;	/* NULL: unknown, or nothing special */
	uint8_t fg;			/* the audio function group */
	uint8_t know[SHADOW_NIDS];
	uint32_t wcap[SHADOW_NIDS];
	uint32_t in_cap[SHADOW_NIDS];
	uint32_t out_cap[SHADOW_NIDS];
	uint8_t conn_len[SHADOW_NIDS];	/* as answered: 7 long form, 6:0 raw entries */
	uint8_t conn_known[SHADOW_NIDS];/* raw entries learned, from the first on */
	uint16_t conn[SHADOW_NIDS][SHADOW_CONNS]; /* bit 15: range, 14:0 NID */
	uint16_t coef_index[SHADOW_NIDS];
	uint8_t unsol[SHADOW_NIDS];	/* as set: 7 enable, 5:0 tag */
	uint8_t dip_index[SHADOW_NIDS];	/* as set: 7:5 packet, 4:0 byte */
};

static inline bool shadow_knows(const struct shadow *s, unsigned int nid, unsigned int what)
{
	return (s->know[nid & 0xff] & what) == what;
}

/* The shadow of a codec, made when it is new; NULL without memory. */
struct shadow *decoder_shadow(struct decoder *dec, uint16_t ctrl, unsigned int cad);

struct shadow *shadow_create(void);	/* NULL without memory */
void shadow_destroy(struct shadow *s);
/* Names the codec, as the answer to parameter 00 does. */
void shadow_set_vendor(struct shadow *s, uint32_t vendor_id);
/* Learns from a verb; @x is exact, @d its decoding. */
void shadow_learn(struct shadow *s, const struct xact *x, const struct decoded *d);
/* The codec went through a reset: what a reset clears is forgotten. */
void shadow_reset(struct shadow *s);

/* The caps that hold for an amplifier, its own or the function group's; 0 when unknown. */
uint32_t shadow_amp_caps(const struct shadow *s, unsigned int nid, bool out);
/* The NID that entry @index of the connection list stands for, ranges counted; -1 unknown. */
int shadow_connection(const struct shadow *s, unsigned int nid, unsigned int index);
/* The @nth widget that enabled unsolicited responses with this tag; -1: no more. */
int shadow_unsol_nid(const struct shadow *s, unsigned int tag, unsigned int nth);
/* The widget's type, or -1. */
static inline int shadow_type(const struct shadow *s, unsigned int nid)
{
	return shadow_knows(s, nid, KNOW_WCAP) ? (int)bits(s->wcap[nid & 0xff], 23, 20) : -1;
}

#endif
