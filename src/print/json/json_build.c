// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/json/json_build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

json *json_number(uint64_t v)
{
	return json_object_new_int64((int64_t)v);
}

json *json_flag(bool v)
{
	return json_object_new_boolean(v);
}

json *json_hex(uint64_t v, int digits)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%0*" PRIx64, digits, v);
	return json_object_new_string(text);
}

json *json_word(const char *word)
{
	return word ? json_object_new_string(word) : NULL;
}

json *json_of_buf(struct buf *b)
{
	json *o = json_object_new_string(buf_str(b));

	buf_clear(b);
	return o;
}

json *json_safe(const char *text)
{
	struct buf b = { 0 };
	json *o;

	text_add_safe(&b, text, strlen(text));
	o = json_of_buf(&b);
	buf_deinit(&b);
	return o;
}

json *json_seconds(int64_t ns)
{
	return json_object_new_double((double)ns / 1e9);
}

void json_put(json *o, const char *key, json *value)
{
	json_object_object_add(o, key, value);
}

void json_put_number(json *o, const char *key, int64_t v)
{
	json_put(o, key, json_object_new_int64(v));
}

void json_put_flag(json *o, const char *key, bool v)
{
	json_put(o, key, json_flag(v));
}

void json_put_safe(json *o, const char *key, const char *text)
{
	json_put(o, key, json_safe(text));
}

json *json_put_object(json *o, const char *key)
{
	json *k = json_object_new_object();

	json_put(o, key, k);
	return k;
}

json *json_put_array(json *o, const char *key)
{
	json *k = json_object_new_array();

	json_put(o, key, k);
	return k;
}

void json_add(json *array, json *value)
{
	json_object_array_add(array, value);
}

json *json_add_object(json *array)
{
	json *k = json_object_new_object();

	json_add(array, k);
	return k;
}

struct err *json_answer(json *doc, struct buf *out)
{
	const char *text = !doc ? NULL : json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PRETTY |
							       JSON_C_TO_STRING_SPACED |
							       JSON_C_TO_STRING_NOSLASHESCAPE);

	if (text) {
		buf_adds(out, text);
		buf_addc(out, '\n');
	}
	json_object_put(doc);
	return text ? buf_err(out) : err_nomem();
}
