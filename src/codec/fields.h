/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills named values from a word and a list of fields.def. Private to the codec room; sinks
 * and tests see the result through codec/decode.h.
 */
#ifndef HDADUMP_CODEC_FIELDS_H
#define HDADUMP_CODEC_FIELDS_H

#include "codec/decode.h"

struct shadow;

/* Data for computed fields, beside the word itself. */
struct decode_ctx {
	const struct verb_parts *verb;
	const struct shadow *shadow;	/* NULL = nothing is known about the codec */
};

#define FIELDS(name, source) extern const struct field_list fl_##name;
#define F(kind, hi, lo, name, words, unit, fn, quiet)
#define FIELDS_END(name)
#include "codec/fields.def"

/* Fills @out from @word, @digits hex digits wide, by @list. */
void fields_fill(const struct field_list *list, const struct decode_ctx *c, uint32_t word,
		 unsigned int digits, struct fields *out);

#endif
