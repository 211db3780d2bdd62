/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds JSON documents: all commands whose answer is one document use it (xact_json.h writes
 * lines without it). Texts from outside are made safe; if memory ran out, json_answer()
 * returns the error and no output.
 */
#ifndef HDADUMP_PRINT_JSON_JSON_BUILD_H
#define HDADUMP_PRINT_JSON_JSON_BUILD_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

struct buf;
struct err;

typedef struct json_object json;

/* Values; they belong to the caller until they are put into a container. */
json *json_number(uint64_t v);
json *json_flag(bool v);
/* "0x0000014d", with at least @digits digits. */
json *json_hex(uint64_t v, int digits);
/* A constant of the program, which is safe; NULL gives null. */
json *json_word(const char *word);
/* Text from a file or a user: invalid UTF-8 and bytes that control a terminal are replaced. */
json *json_safe(const char *text);
/* The contents of @b, which must be safe; empties it. */
json *json_of_buf(struct buf *b);
/* Nanoseconds as seconds. */
json *json_seconds(int64_t ns);

/* Adds members and elements; they belong to the container then. */
void json_put(json *o, const char *key, json *value);
void json_put_number(json *o, const char *key, int64_t v);
void json_put_flag(json *o, const char *key, bool v);
void json_put_safe(json *o, const char *key, const char *text);
json *json_put_object(json *o, const char *key);
json *json_put_array(json *o, const char *key);
void json_add(json *array, json *value);
json *json_add_object(json *array);

/* Appends the document and a line feed to @out, and frees it. */
struct err *json_answer(json *doc, struct buf *out);

#endif
