/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of JSON from a program that is not trusted: what is missing, null or
 * of another type reads as NULL, 0 or false.
 */
#ifndef HDADUMP_BASE_JSON_ACCESS_H
#define HDADUMP_BASE_JSON_ACCESS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

static inline struct json_object *json_member(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, key, &v);
	return v;
}

/* NULL unless @v is a string. */
static inline const char *json_string(struct json_object *v)
{
	return json_object_is_type(v, json_type_string) ? json_object_get_string(v) : NULL;
}

static inline const char *member_text(struct json_object *o, const char *key)
{
	return json_string(json_member(o, key));
}

/* 0 unless it is a whole number; a negative one is its two's complement. */
static inline uint64_t member_number(struct json_object *o, const char *key)
{
	struct json_object *v = json_member(o, key);

	return json_object_is_type(v, json_type_int) ? (uint64_t)json_object_get_int64(v) : 0;
}

static inline bool json_is_true(struct json_object *v)
{
	return json_object_is_type(v, json_type_boolean) && json_object_get_boolean(v);
}

/* The number of elements of an array; 0 if @o is not an array. */
static inline size_t json_count(struct json_object *o)
{
	return json_object_is_type(o, json_type_array) ? json_object_array_length(o) : 0;
}

#endif
