// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text and JSON have the same content. Renders every `verb` line of TESTLIST in both forms
 * and compares the lines in both directions: whatever the text names must be in the JSON with
 * that value, and whatever the JSON has and the text does not hide (a flag that is off, a
 * zero) must be in the text.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "base/err.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"
#include "event/event.h"
#include "flow/sink.h"
#include "print/json/xact_json.h"
#include "print/xact_text.h"
#include "testlist.h"

static const char *testlist;
static unsigned int lines_compared, fields_compared;

static void fine(struct err *e)
{
	if (e)
		print_message("%s\n", err_text(e));
	assert_null(e);
}

static char *contents(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *s = malloc((size_t)len + 1);

	assert_non_null(s);
	assert_int_equal(pread(fd, s, (size_t)len, 0), len);
	s[len] = '\0';
	return s;
}

/* --- one field -------------------------------------------------------------- */

static double number_in(const char *s)
{
	return s[0] == '0' && s[1] == 'x' ? (double)strtoull(s, NULL, 16) : strtod(s, NULL);
}

/* The value of @name in @o, under its own name or with its unit. */
static struct json_object *member(struct json_object *o, const char *name)
{
	static const char *const suffix[] = { "", "_db", "_hz" };
	struct json_object *v;
	char key[128];

	for (unsigned int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "%s%s", name, suffix[i]);
		if (json_object_object_get_ex(o, key, &v))
			return v;
	}
	return NULL;
}

/* "NAME", "word", "name word", "name 5", "name 0x10", "name -3.00 dB" */
static bool token_in_json(const char *token, struct json_object *o)
{
	char name[128];
	const char *value;
	struct json_object *v;

	json_object_object_foreach(o, key, val) {
		if (json_object_is_type(val, json_type_boolean) && !strcmp(key, token))
			return json_object_get_boolean(val);
		if (json_object_is_type(val, json_type_string) &&
		    !strcmp(json_object_get_string(val), token))
			return true;
	}
	value = strchr(token, ' ');
	if (!value || (size_t)(value - token) >= sizeof(name))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)(value - token), token);
	value++;
	if (!strcmp(name, "unknown"))
		strcpy(name, "unknown_bits");
	v = member(o, name);
	if (!v)
		return false;
	if (json_object_is_type(v, json_type_string))
		return !strcmp(json_object_get_string(v), value);
	return fabs(json_object_get_double(v) - number_in(value)) < 0.001;
}

/* True if the text has a token for this member. */
static bool member_in_text(const char *key, struct json_object *val, char tokens[][128],
			   unsigned int n)
{
	char name[128];
	size_t len = strlen(key);

	if (json_object_is_type(val, json_type_boolean) && !json_object_get_boolean(val))
		return true;
	snprintf(name, sizeof(name), "%s", key);
	if (len > 3 && (!strcmp(key + len - 3, "_db") || !strcmp(key + len - 3, "_hz")))
		name[len - 3] = '\0';
	if (!strcmp(name, "unknown_bits"))
		strcpy(name, "unknown");
	len = strlen(name);
	for (unsigned int i = 0; i < n; i++) {
		if (!strcmp(tokens[i], name) ||
		    (!strncmp(tokens[i], name, len) && tokens[i][len] == ' '))
			return true;
		if (json_object_is_type(val, json_type_string) &&
		    !strcmp(tokens[i], json_object_get_string(val)))
			return true;
	}
	/* a zero, and the word for zero, may be hidden */
	if (json_object_is_type(val, json_type_string))
		return !strcmp(json_object_get_string(val), "HIZ") ||
		       !strcmp(json_object_get_string(val), "native") ||
		       !strcmp(json_object_get_string(val), "absent");
	return json_object_get_double(val) == 0;
}

/* Compares a word and its fields, "0x40: OUT, vref 80", with the same object. */
static void compare_fields(const char *text, size_t len, struct json_object *o, const char *line)
{
	static char tokens[40][128];
	unsigned int n = 0;
	char buf[2048], *p, *next;

	assert_true(len < sizeof(buf));
	memcpy(buf, text, len);
	buf[len] = '\0';
	p = strstr(buf, ": ");
	if (!p) {
		/* the value alone: a word, or a number that is the whole word */
		unsigned int members = (unsigned int)json_object_object_length(o);

		if (members != 1) {
			json_object_object_foreach(o, key, val) {
				(void)key;
				if (!member_in_text(key, val, tokens, 0))
					fail_msg("%s: the JSON has %s", line, key);
			}
			return;
		}
		json_object_object_foreach(o, key, val) {
			(void)key;
			if (json_object_is_type(val, json_type_string))
				assert_string_equal(json_object_get_string(val), buf);
			else if (!json_object_is_type(val, json_type_boolean))
				assert_true(fabs(json_object_get_double(val) -
						 number_in(buf)) < 0.001);
			fields_compared++;
		}
		return;
	}
	for (p += 2; p; p = next) {
		next = strstr(p, ", ");
		if (next) {
			*next = '\0';
			next += 2;
		}
		assert_true(n < 40);
		snprintf(tokens[n++], sizeof(tokens[0]), "%s", p);
		if (!token_in_json(p, o))
			fail_msg("%s: the JSON does not have \"%s\": %s", line, p,
				 json_object_to_json_string(o));
		fields_compared++;
	}
	json_object_object_foreach(o, key, val) {
		if (!member_in_text(key, val, tokens, n))
			fail_msg("%s: the text does not have %s", line, key);
	}
}

/* --- one line ----------------------------------------------------------------- */

static struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	json_object_object_get_ex(o, key, &v);
	return v;
}

static const char *string(struct json_object *o, const char *key)
{
	struct json_object *v = get(o, key);

	return v ? json_object_get_string(v) : NULL;
}

/* "0:14  01470740  SET_PIN_WIDGET_CONTROL(0x40: OUT)   = 0x0: ..." */
static void compare_verb(const char *text, struct json_object *o)
{
	const char *name = string(o, "name"), *verb = string(o, "verb");
	const char *open = strchr(text, '('), *resp = strstr(text, ") ");
	size_t len = strlen(text);
	char head[128];

	snprintf(head, sizeof(head), "%d:%02x  %s  %s(", json_object_get_int(get(o, "cad")),
		 json_object_get_int(get(o, "nid")), verb + 2, name ? name : "VERB_");
	assert_int_equal(strncmp(text, head, name ? strlen(head) : strlen(head) - 1), 0);
	assert_non_null(open);
	const char *close = text + len - 1;

	if (resp) {
		close = resp;
		for (resp++; *resp == ' '; resp++)
			;
		assert_int_equal(*resp, '=');
		resp += 2;
	}
	assert_int_equal(*close, ')');
	if (name && close > open + 1)
		compare_fields(open + 1, (size_t)(close - open - 1), get(o, "fields"), text);
	assert_int_equal(resp != NULL, get(o, "response") != NULL);
	if (!resp)
		return;
	if (name)
		compare_fields(resp, strlen(resp), get(o, "response_fields"), text);
	if (strncmp(resp, "0x", 2) == 0 || !strcmp(resp, "0"))
		assert_int_equal(strtoul(resp, NULL, 16),
				 strtoul(string(o, "response"), NULL, 16));
}

static void compare_unsol(const char *text, struct json_object *o)
{
	const char *p = strstr(text, string(o, "kind"));

	assert_non_null(p);
	p += strlen(string(o, "kind")) + 1;
	assert_int_equal(strtoul(p, NULL, 16), strtoul(string(o, "response"), NULL, 16));
	if (get(o, "response_fields"))
		compare_fields(p, strlen(p), get(o, "response_fields"), text);
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; (p = strstr(p, word)); p++)
		if ((p == text || strchr(" (", p[-1])) && (!p[n] || strchr(" ,)", p[n])))
			return true;
	return false;
}

/* An effect: every word and every number of the JSON is in the line. */
static void compare_effect(const char *text, struct json_object *o)
{
	const char *kind = string(o, "effect");
	char want[64];

	for (unsigned int i = 0; i < 2; i++) {
		const char *s = string(o, i ? "name" : "meaning");

		if (s && !strstr(text, s) && strcmp(kind, "walk") && !get(o, "infoframe"))
			fail_msg("%s: the text does not have \"%s\"", text, s);
	}
	if (get(o, "float")) {
		snprintf(want, sizeof(want), "%s", json_object_get_string(get(o, "float")));
		assert_non_null(strstr(text, want));
	} else if (get(o, "value") && !get(o, "fields")) {
		snprintf(want, sizeof(want), "%x", json_object_get_int(get(o, "value")));
		if (!strstr(text, want))
			fail_msg("%s: the text does not have the value %s", text, want);
	}
	if (get(o, "verbs") && json_object_get_int(get(o, "verbs")) > 1 && !strstr(text, ", ")) {
		snprintf(want, sizeof(want), "[%s verbs]", json_object_get_string(get(o, "verbs")));
		assert_non_null(strstr(text, want));
	}
	if (json_object_get_int(get(o, "repeats")) > 1) {
		snprintf(want, sizeof(want), "%s times", json_object_get_string(get(o, "repeats")));
		assert_non_null(strstr(text, want));
	}
	struct json_object *fields = get(o, "fields");

	if (!fields)
		return;
	json_object_object_foreach(fields, key, val) {
		if (json_object_is_type(val, json_type_boolean) &&
		    json_object_get_boolean(val) != has_word(text, key))
			fail_msg("%s: the JSON differs in %s", text, key);
		else if (json_object_is_type(val, json_type_string) &&
			 strcmp(json_object_get_string(val), "HIZ") &&
			 strcmp(json_object_get_string(val), "native"))
			assert_non_null(strstr(text, json_object_get_string(val)));
		fields_compared++;
	}
}

static void compare(const char *text, const char *json)
{
	struct json_object *o = json_tokener_parse(json);

	assert_non_null(o);
	if (get(o, "effect"))
		compare_effect(text, o);
	else if (get(o, "verb"))
		compare_verb(text, o);
	else if (get(o, "response"))
		compare_unsol(text, o);
	else
		assert_non_null(get(o, "kind"));
	lines_compared++;
	json_object_put(o);
}

/* --- all lines ------------------------------------------------------------------- */

struct both {
	struct sink *text, *json;
	int fd, jfd;
	struct decoder *dec;
	struct effects *fx;
	struct decoded d;
};

static void give(struct both *b)
{
	struct effect e;

	while (effects_next(b->fx, &e)) {
		fine(b->text->ops->effect(b->text, &e));
		/* effects on one widget share a line of text: end it */
		fine(b->text->ops->flush(b->text));
		fine(b->json->ops->effect(b->json, &e));
	}
}

static void put(struct both *b, const char *word, uint64_t index)
{
	struct xact x = { .index = index, .t_verb = EVENT_TIME_NONE, .t_resp = EVENT_TIME_NONE };
	char *end;
	uint32_t v = (uint32_t)strtoul(word, &end, 16);

	if (*end == '/') {
		x.resp = v;
		x.resp_ex = (uint32_t)strtoul(end + 1, NULL, 16);
		x.has_resp = true;
		x.cad = x.resp_ex & 0xf;
		x.kind = x.resp_ex & 0x10 ? XACT_UNSOL : XACT_SPURIOUS;
	} else {
		x.verb = v;
		x.has_verb = true;
		x.cad = (uint8_t)(v >> 28);
		x.has_resp = *end == '=';
		x.resp = x.has_resp ? (uint32_t)strtoul(end + 1, NULL, 16) : 0;
	}
	codec_decode(b->dec, &x, &b->d);
	if (!b->fx) {
		fine(b->text->ops->put(b->text, &x, &b->d));
		fine(b->json->ops->put(b->json, &x, &b->d));
		return;
	}
	fine(effects_put(b->fx, &x, &b->d));
	give(b);
}

static void one_line(char *line)
{
	struct both b = { .fd = memfd_create("text", 0), .jfd = memfd_create("json", 0) };
	struct text_options topt = { .fd = b.fd, .time = TEXT_TIME_NONE, .raw = true };
	struct json_options jopt = { .fd = b.jfd };
	char *save, *word, *text, *json, *ts, *js;
	uint64_t index = 0;

	fine(decoder_create(&b.dec));
	fine(text_sink_create(&topt, &b.text));
	fine(json_sink_create(&jopt, &b.json));
	strtok_r(line, " ", &save);
	while ((word = strtok_r(NULL, " ", &save))) {
		if (!strcmp(word, "--vendor-id")) {
			word = strtok_r(NULL, " ", &save);
			for (unsigned int cad = 0; cad < 16; cad++)
				fine(decoder_set_codec(b.dec, 0, cad,
						       (uint32_t)strtoul(word, NULL, 16)));
		} else if (!strcmp(word, "--effects")) {
			fine(effects_create(b.dec, &b.fx));
		} else if (strspn(word, "0123456789abcdef=/") == strlen(word)) {
			put(&b, word, ++index);
		}
	}
	if (b.fx) {
		fine(effects_flush(b.fx));
		give(&b);
	}
	fine(b.text->ops->flush(b.text));
	fine(b.json->ops->flush(b.json));
	text = contents(b.fd);
	json = contents(b.jfd);
	word = strtok_r(text, "\n", &ts);
	for (line = strtok_r(json, "\n", &js); line; line = strtok_r(NULL, "\n", &js)) {
		assert_non_null(word);
		compare(word, line);
		word = strtok_r(NULL, "\n", &ts);
	}
	assert_null(word);
	free(text);
	free(json);
	sink_destroy(b.text);
	sink_destroy(b.json);
	effects_destroy(b.fx);
	decoder_destroy(b.dec);
	close(b.fd);
	close(b.jfd);
}

static void text_and_json_agree(void **state)
{
	FILE *f = fopen(testlist, "r");

	(void)state;
	assert_non_null(f);
	for (char *line; (line = testlist_next_verb(f)); free(line))
		one_line(line);
	fclose(f);
	print_message("%u lines, %u fields\n", lines_compared, fields_compared);
	assert_true(lines_compared > 1000);
	assert_true(fields_compared > 1500);
}

/* The comparison itself can fail. */
static void a_difference_is_found(void **state)
{
	struct json_object *o = json_tokener_parse("{\"OUT\":true,\"HP\":false,"
						   "\"vref\":\"80\",\"tag\":3}");

	(void)state;
	assert_true(token_in_json("OUT", o));
	assert_false(token_in_json("HP", o));
	assert_false(token_in_json("IN", o));
	assert_true(token_in_json("vref 80", o));
	assert_false(token_in_json("vref 50", o));
	assert_true(token_in_json("tag 3", o));
	assert_false(token_in_json("tag 4", o));
	char tokens[1][128] = { "OUT" };
	assert_true(member_in_text("OUT", get(o, "OUT"), tokens, 1));
	assert_true(member_in_text("HP", get(o, "HP"), tokens, 1));
	assert_false(member_in_text("tag", get(o, "tag"), tokens, 1));
	assert_false(member_in_text("vref", get(o, "vref"), tokens, 1));
	json_object_put(o);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_difference_is_found),
		cmocka_unit_test(text_and_json_agree),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: test_xact_json TESTLIST\n");
		return 2;
	}
	testlist = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
