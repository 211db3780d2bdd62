/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of text that the sinks share.  Each writes at @p, without a NUL, and
 * returns the byte after; the caller has made room (out_room() gives more than
 * any line of fields needs: names and words have at most 64 bytes).
 */
#ifndef HDADUMP_PRINT_RENDER_H
#define HDADUMP_PRINT_RENDER_H

#include "base/out.h"
#include "codec/effect/effect.h"

struct buf;

char *put_spaces(char *p, unsigned int n);
/* 0, or 0x and no more digits than needed. */
char *put_hex_min(char *p, uint32_t v);
/* At least @digits hex digits, without 0x. */
char *put_hex_pad(char *p, uint32_t v, unsigned int digits);
char *put_signed(char *p, int64_t v);
/* @v / @one with @digits after the point. */
char *put_fixed(char *p, int64_t v, uint32_t one, unsigned int digits);
char *put_float(char *p, uint32_t ieee);

/* A field's value; of an enumeration its word. */
char *put_value(char *p, const struct field *f);
/* True when the field says something. */
bool field_shown(const struct field *f);
/* The fields as "a, b, name c", each but the first after ", ", the first after @first. */
char *put_field_list(char *p, const struct fields *fs, const char *first);
/*
 * What an effect is about and what it does, without time, codec and count of
 * verbs; OUT_ROOM bytes are enough.  @scratch is emptied and used.
 */
char *put_effect(char *p, const struct effect *e, struct buf *scratch);

/* The word and its fields: "0x40: OUT", or the value alone where it tells everything. */
char *put_fields(char *p, const struct fields *fs);

#endif
