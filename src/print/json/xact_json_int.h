/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the JSON sink: shared by xact_json.c (xacts) and effect_json.c (effects). */
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

/* Writes a time as the options say: seconds with nine decimals. */
char *json_put_time(const struct json_sink *s, char *p, int64_t t);

#define put_key(p, name) put_lit(p, ",\"" name "\":")

/* Names and words of the program: plain ASCII, but a word may contain a quote. */
char *json_put_quoted(char *p, const char *s);
char *json_put_field_object(char *p, const struct fields *fs);
/* Adds text from outside as a JSON string: first as safe UTF-8, then with escapes. */
struct err *json_add_text(struct json_sink *s, const char *text, size_t len);
struct err *json_put_ctrl(struct json_sink *s, uint16_t ctrl);
struct err *json_effect(struct sink *base, const struct effect *e);

#endif
