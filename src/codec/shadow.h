/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a codec's state that the decoder needs, because one word alone cannot be
 * decoded: an amplifier's gain needs its caps, a connection list its form, an unsolicited tag
 * the widget that uses it. Learned from the traffic only, and only from exact xacts. It is
 * not the codec model (model.h): it holds no more than decoding needs, at a fixed place for
 * each NID.
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
/*
 * Raw entries of a connection list that are stored; the length field has seven bits, but
 * longer lists are rare.
 */
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
	uint32_t vendor_id;		/* 0 = unknown */
	const char *chip;		/* the chip's name, or NULL */
	const struct vendor *vendor;	/* NULL = unknown, or no rules of its own */
	uint8_t fg;			/* NID of the audio function group */
	uint8_t know[SHADOW_NIDS];
	uint32_t wcap[SHADOW_NIDS];
	uint32_t in_cap[SHADOW_NIDS];
	uint32_t out_cap[SHADOW_NIDS];
	uint8_t conn_len[SHADOW_NIDS];	/* the answer: bit 7 long form, 6:0 number of raw entries */
	uint8_t conn_known[SHADOW_NIDS];/* how many raw entries are known, from the first on */
	uint16_t conn[SHADOW_NIDS][SHADOW_CONNS]; /* bit 15: range, 14:0 NID */
	uint16_t coef_index[SHADOW_NIDS];
	uint8_t unsol[SHADOW_NIDS];	/* the last value set: bit 7 enable, 5:0 tag */
	uint8_t dip_index[SHADOW_NIDS];	/* the last value set: bits 7:5 packet, 4:0 byte */
};

static inline bool shadow_knows(const struct shadow *s, unsigned int nid, unsigned int what)
{
	return (s->know[nid & 0xff] & what) == what;
}

/* The shadow of a codec, created on first use; NULL if memory ran out. */
struct shadow *decoder_shadow(struct decoder *dec, uint16_t ctrl, unsigned int cad);

struct shadow *shadow_create(void);	/* NULL if memory ran out */
void shadow_destroy(struct shadow *s);
/* Sets the vendor id and the chip's name. */
void shadow_set_vendor(struct shadow *s, uint32_t vendor_id);
/* Learns from a verb; @x is exact, @d its decoding. */
void shadow_learn(struct shadow *s, const struct xact *x, const struct decoded *d);
/* After a reset of the codec: forgets what a reset clears. */
void shadow_reset(struct shadow *s);

/* The caps of an amplifier, its own or the function group's; 0 = unknown. */
uint32_t shadow_amp_caps(const struct shadow *s, unsigned int nid, bool out);
/* The NID of entry @index of the connection list, with ranges expanded; -1 = unknown. */
int shadow_connection(const struct shadow *s, unsigned int nid, unsigned int index);
/* The @nth widget that enabled unsolicited responses with this tag; -1 = no more. */
int shadow_unsol_nid(const struct shadow *s, unsigned int tag, unsigned int nth);
/* The widget's type; -1 = unknown. */
static inline int shadow_type(const struct shadow *s, unsigned int nid)
{
	return shadow_knows(s, nid, KNOW_WCAP) ? (int)bits(s->wcap[nid & 0xff], 23, 20) : -1;
}

#endif
