// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random traffic: a model learns from pairs of verb and response, answers the same verbs, and
 * prints itself in every form; its proc text is read without a note and printed as the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "model/answer.h"
#include "model/learn.h"
#include "print/json/model_json.h"
#include "print/model_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(const struct buf *text)
{
	struct model_list l = { 0 };
	struct buf again = { 0 };

	err_free(proc_read(text->data, text->len, &l));
	for (uint32_t i = 0; i < l.n; i++)
		proc_print(l.v[i], NULL, &again);
	if (l.left || again.len != text->len ||
	    (text->len && memcmp(again.data, text->data, text->len)))
		abort();
	buf_deinit(&again);
	model_list_deinit(&l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_make(data, size);
	struct buf text = { 0 };
	struct codec_model *m;
	struct json_object *o;
	uint32_t resp;

	if (model_create(MODEL_FROM_TRAFFIC, &m))
		abort();
	while (reader_left(&r) >= 8) {
		struct xact x = { .kind = XACT_CORB, .certainty = CERT_EXACT, .has_verb = true,
				  .has_resp = true };

		x.verb = reader_u32(&r) & 0x0fffffff;
		x.resp = reader_u32(&r);
		err_free(codec_learn(m, &x));
		codec_answer(m, x.verb, &resp);
	}
	model_to_text(m, &text);
	buf_clear(&text);
	proc_print(m, NULL, &text);
	read_back(&text);
	o = model_to_json(m);
	if (!o || !json_object_to_json_string(o))
		abort();
	json_object_put(o);
	buf_deinit(&text);
	model_destroy(m);
	return 0;
}
