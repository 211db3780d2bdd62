/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a xact means: its verb's name and the named fields of its payload and
 * its response.  Decoders return data; only sinks know how an answer looks.
 */
#ifndef HDADUMP_CODEC_DECODE_H
#define HDADUMP_CODEC_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "hda/xact.h"

struct err;

/* A verb word taken apart, section 3.1 of the reference: CAd, NID, id, payload. */
struct verb_parts {
	uint8_t cad;
	uint8_t nid;
	uint16_t id;		/* 12-bit ids as they are; 4-bit ids as 0xN00 (3 -> 0x300) */
	uint16_t payload;	/* 8 bits with a 12-bit id, 16 bits with a 4-bit id */
	bool wide;		/* a 4-bit id */
};

struct verb_parts verb_split(uint32_t verb);

#endif
