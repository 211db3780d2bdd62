/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON that may not be what they should: NULL and 0 then, never a crash. */
#ifndef HDADUMP_BASE_JSON_ACCESS_H
#define HDADUMP_BASE_JSON_ACCESS_H

#include <json-c/json.h>
#include <stdint.h>

static inline struct json_object *json_member(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, key, &v);
	return v;
}

static inline const char *json_text(struct json_object *o, const char *key)
{
	struct json_object *v = json_member(o, key);

	return v ? json_object_get_string(v) : NULL;
}

static inline uint64_t json_number(struct json_object *o, const char *key)
{
	return (uint64_t)json_object_get_int64(json_member(o, key));
}

/* The elements of an array; 0 where there is none. */
static inline size_t json_count(struct json_object *o)
{
	return json_object_is_type(o, json_type_array) ? json_object_array_length(o) : 0;
}

#endif
