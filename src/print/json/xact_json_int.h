/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the JSON sink, shared by json.c (xacts) and json_effect.c (effects). */
#ifndef HDADUMP_PRINT_JSON_XACT_JSON_INT_H
#define HDADUMP_PRINT_JSON_XACT_JSON_INT_H

#include "base/buf.h"
#include "base/out.h"
#include "codec/effect/effect.h"
#include "print/json/xact_json.h"

struct json_sink {
	struct sink base;
	struct json_options opt;
	struct out out;
	struct buf scratch;
};

/* A time as the options have it: seconds, nine decimals. */
char *json_put_time(const struct json_sink *s, char *p, int64_t t);

#define put_key(p, name) put_lit(p, ",\"" name "\":")

/* Our own names and words: plain ASCII, but a word may hold a quote. */
char *json_put_quoted(char *p, const char *s);
char *json_put_field_object(char *p, const struct fields *fs);
/* Text from outside becomes a JSON string: safe UTF-8 first, then escapes. */
struct err *json_add_text(struct json_sink *s, const char *text, size_t len);
struct err *json_put_ctrl(struct json_sink *s, uint16_t ctrl);
struct err *json_effect(struct sink *base, const struct effect *e);

#endif
