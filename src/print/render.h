/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text functions that the sinks share. Each writes at @p, without a NUL, and returns the byte
 * after; the caller has made room (out_room() gives more than any line of fields needs: names
 * and words have at most 64 bytes).
 */
#ifndef HDADUMP_PRINT_RENDER_H
#define HDADUMP_PRINT_RENDER_H

#include "base/out.h"
#include "codec/effect/effect.h"

struct buf;

char *put_spaces(char *p, unsigned int n);
/* Writes 0, or 0x and no more digits than needed. */
char *put_hex_min(char *p, uint32_t v);
/* Writes at least @digits hex digits, without 0x. */
char *put_hex_pad(char *p, uint32_t v, unsigned int digits);
char *put_signed(char *p, int64_t v);
/* Writes @v / @one with @digits digits after the point. */
char *put_fixed(char *p, int64_t v, uint32_t one, unsigned int digits);
char *put_float(char *p, uint32_t ieee);

/* Writes a field's value; for an enumeration its word. */
char *put_value(char *p, const struct field *f);
/* True if the field is shown. */
bool field_shown(const struct field *f);
/* Writes the fields as "a, b, name c", the first one after @first, each other one after ", ". */
char *put_field_list(char *p, const struct fields *fs, const char *first);
/*
 * Writes an effect without time, codec and number of verbs; OUT_ROOM bytes are enough.
 * @scratch is emptied and used.
 */
char *put_effect(char *p, const struct effect *e, struct buf *scratch);

/* Writes the word and its fields: "0x40: OUT", or only the value if it describes everything. */
char *put_fields(char *p, const struct fields *fs);

#endif
