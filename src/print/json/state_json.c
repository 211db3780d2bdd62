// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/json/state_json.h"

#include "base/buf.h"
#include "codec/effect/effect.h"
#include "model/model.h"
#include "print/json/json_build.h"

/* The document is an object of json-c, which only this file knows. */
static json *object_of(struct state_doc *doc)
{
	return (json *)doc;
}

struct state_doc *state_doc_create(void)
{
	json *doc = json_object_new_object();

	json_put_array(doc, "codecs");
	return (struct state_doc *)doc;
}

static json *add_codec(struct state_doc *doc)
{
	json *codecs = NULL;

	json_object_object_get_ex(object_of(doc), "codecs", &codecs);
	return json_add_object(codecs);
}

static json *row_json(const struct state *s, size_t i)
{
	const struct state_row *r = &s->rows[i];
	json *k = json_object_new_object();
	struct buf text = { 0 };

	state_text(s, i, false, &text);
	json_put(k, "space", json_word(effect_spaces[reg_key_space(r->key)].name));
	json_put(k, "nid", json_number(reg_key_nid(r->key)));
	json_put(k, "unit", json_number(r->key >> 32 & 0xffff));
	json_put(k, "addr", json_number((uint32_t)r->key));
	json_put(k, "value", json_number(r->value));
	json_put(k, "known", json_number(r->known));
	json_put_flag(k, "written", r->written);
	json_put(k, "text", json_of_buf(&text));
	buf_deinit(&text);
	return k;
}

static void put_codec(json *k, const struct state *s)
{
	struct reg subsystem = model_subsystem(s->model);

	if (s->model->has_cad)
		json_put(k, "address", json_number(s->model->cad));
	json_put(k, "vendor", json_hex(s->vendor_id, 8));
	json_put(k, "subsystem", json_hex(subsystem.val, 8));
}

void state_doc_rows(struct state_doc *doc, const struct state_show *o, const struct state *s)
{
	json *k = add_codec(doc), *rows;

	put_codec(k, s);
	rows = json_put_array(k, "registers");
	for (size_t n = 0; n < s->n; n++)
		if ((!o->written || s->rows[n].written) && state_shows(o, s->rows[n].key))
			json_add(rows, row_json(s, n));
}

void state_doc_against(struct state_doc *doc, const struct state *here, const struct state *there,
		       const struct state_differences *d)
{
	static const char *const sides[] = {
		[STATE_BOTH] = "differ", [STATE_HERE] = "here", [STATE_THERE] = "there",
	};
	json *codec = add_codec(doc), *list;

	put_codec(codec, here);
	put_codec(json_put_object(codec, "against"), there);
	json_put(codec, "same", json_number(d->same));
	list = json_put_array(codec, "differences");
	for (size_t i = 0; i < d->n; i++) {
		const struct state_difference *v = &d->v[i];
		json *k = json_add_object(list);

		json_put(k, "side", json_word(sides[v->side]));
		if (v->side != STATE_THERE)
			json_put(k, "here", row_json(here, v->here));
		if (v->side != STATE_HERE)
			json_put(k, "there", row_json(there, v->there));
	}
}

struct err *state_doc_answer(struct state_doc *doc, struct buf *out)
{
	return json_answer(object_of(doc), out);
}
