/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON documents: one builder and one style for every answer that is a whole
 * document (xact_json.h writes lines and does without).  Texts of other people's
 * are made safe; a lack of memory shows at json_answer(), which gives nothing then.
 */
#ifndef HDADUMP_PRINT_JSON_JSON_BUILD_H
#define HDADUMP_PRINT_JSON_JSON_BUILD_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

struct buf;
struct err;

typedef struct json_object json;

/* Values, owned by the caller until they are put somewhere. */
json *json_number(uint64_t v);
json *json_flag(bool v);
/* "0x0000014d", with at least @digits digits. */
json *json_hex(uint64_t v, int digits);
/* A constant of ours, which needs no care; NULL gives null. */
json *json_word(const char *word);
/* Text from a file or a user: what is no UTF-8 or acts on a terminal must not get out. */
json *json_safe(const char *text);
/* What @b holds, which is ours and safe; empties it. */
json *json_of_buf(struct buf *b);
/* Nanoseconds as seconds. */
json *json_seconds(int64_t ns);

/* Members and elements; the container owns them from here on. */
void json_put(json *o, const char *key, json *value);
void json_put_number(json *o, const char *key, int64_t v);
void json_put_flag(json *o, const char *key, bool v);
void json_put_safe(json *o, const char *key, const char *text);
json *json_put_object(json *o, const char *key);
json *json_put_array(json *o, const char *key);
void json_add(json *array, json *value);
json *json_add_object(json *array);

/* Appends the document to @out, with a line's end, and frees it. */
struct err *json_answer(json *doc, struct buf *out);

#endif
