// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decoding, effects and both sinks with random verbs for any codec: each verb belongs to
 * exactly one effect, and every line of JSON is valid.
 *
 * Input: one byte that picks the codec, then records of an op byte, a word,
 * and with op bit 0 a response.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/reader.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"
#include "event/event.h"
#include "flow/sink.h"
#include "print/json/xact_json.h"
#include "print/xact_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t codecs[] = {
	0, 0x10ec0298, 0x10ec0287, 0x10ec0256, 0x10ec0880, 0x10138409, 0x10134206, 0x11020011,
	0x14f15111, 0x1fa86186, 0x8384761f, 0x111d7605, 0x11060397, 0x1002aa01, 0x10de0020,
	0x8086280b, 0x13f69825, 0x11c13026,
};

static uint64_t verbs_in, verbs_out;

static void check(struct err *e)
{
	if (!e)
		return;
	err_free(e);
	abort();
}

static void give(struct effects *fx, struct sink *text, struct sink *json)
{
	struct effect e;

	while (effects_next(fx, &e)) {
		if (e.kind != EFFECT_XACT)
			verbs_out += e.verbs;
		else if (xact_is_verb(e.x))
			verbs_out++;
		if (e.first > e.last || !e.repeats || e.kind >= EFFECT_KINDS ||
		    e.space >= SPACE_KINDS)
			abort();
		check(text->ops->effect(text, &e));
		check(json->ops->effect(json, &e));
	}
}

static void next_xact(struct reader *r, struct xact *x)
{
	static const char words[] = "mark \"\\\033[2J\x80";
	uint8_t op = reader_u8(r);
	uint32_t word = reader_u32(r);

	*x = (struct xact){
		.index = x->index, .t_verb = (int64_t)(x->index * 1000), .t_resp = EVENT_TIME_NONE,
		.certainty = op & 0x80 ? (op >> 4 & 7) % CERT_KINDS : CERT_EXACT,
		.has_resp = op & 1, .cad = (uint8_t)(word >> 28),
	};
	if (op & 1)
		x->resp = reader_u32(r);
	switch (op >> 1 & 7) {
	case 5:
		x->kind = XACT_UNSOL;
		x->has_resp = true;
		x->resp = word;
		x->cad = 0;
		break;
	case 6:
		x->kind = XACT_MMIO;
		x->offset = word & 0xfff;
		x->bar = (uint8_t)(1 + (word >> 12) % 5);
		x->count = x->resp;
		x->write = word >> 31;
		x->width = 4;
		break;
	case 7:
		x->kind = XACT_RESET + word % 4;
		x->text = words;
		x->text_len = sizeof(words) - 1;
		break;
	default:
		x->kind = op & 0x40 ? XACT_IMMEDIATE : XACT_CORB;
		x->has_verb = x->certainty != CERT_LOST;
		x->verb = word;
		verbs_in++;
	}
	x->index++;
}

static void check_json(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = malloc((size_t)len + 1), *save = NULL;

	if (!text)
		return;
	if (pread(fd, text, (size_t)len, 0) != len)
		abort();
	text[len] = '\0';
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct json_object *o = json_tokener_parse(line);

		if (!o)
			abort();
		json_object_put(o);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_make(data, size);
	int fd = memfd_create("text", 0), jfd = memfd_create("json", 0);
	struct text_options topt = { .fd = fd, .raw = true };
	struct json_options jopt = { .fd = jfd };
	struct sink *text = NULL, *json = NULL;
	struct decoder *dec = NULL;
	struct effects *fx = NULL;
	struct xact x = { 0 };
	static struct decoded d;

	verbs_in = verbs_out = 0;
	check(decoder_create(&dec));
	check(effects_create(dec, &fx));
	check(text_sink_create(&topt, &text));
	check(json_sink_create(&jopt, &json));
	check(decoder_set_codec(dec, 0, 0, codecs[reader_u8(&r) % ARRAY_SIZE(codecs)]));
	while (!r.failed && reader_left(&r)) {
		next_xact(&r, &x);
		codec_decode(dec, &x, &d);
		check(text->ops->put(text, &x, &d));
		check(json->ops->put(json, &x, &d));
		check(effects_put(fx, &x, &d));
		give(fx, text, json);
	}
	check(effects_flush(fx));
	give(fx, text, json);
	check(text->ops->flush(text));
	check(json->ops->flush(json));
	if (verbs_in != verbs_out)
		abort();
	check_json(jfd);
	sink_destroy(text);
	sink_destroy(json);
	effects_destroy(fx);
	decoder_destroy(dec);
	close(fd);
	close(jfd);
	return 0;
}
