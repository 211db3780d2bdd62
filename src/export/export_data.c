// SPDX-License-Identifier: GPL-2.0-or-later
/* For programs: a table (CSV) and an object (JSON), one row for each verb. */
#include <string.h>

#include <json-c/json.h>

#include "base/err.h"
#include "codec/decode.h"
#include "export/exporter.h"

static const char *kind_name(const struct verb_fix_step *s)
{
	return s->kind == FIX_COEF ? "coef" : s->kind == FIX_CONFIG ? "config" : "verbs";
}

/* RFC 4180: in quotes, with quotes doubled. */
static void add_csv(struct buf *b, const char *text)
{
	buf_addc(b, '"');
	for (; text && *text; text++) {
		if (*text == '"')
			buf_addc(b, '"');
		buf_addc(b, (uint8_t)*text);
	}
	buf_addc(b, '"');
}

/* An unknown id is an empty field. */
static void add_id(struct buf *b, uint32_t id)
{
	if (id)
		buf_addf(b, "0x%08x", id);
	buf_addc(b, ',');
}

struct err *fix_csv(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
		    struct fix_notes *notes)
{
	(void)o;
	(void)notes;
	buf_adds(out, "step,kind,codec,subsystem,address,nid,verb,parameter,word,what\n");
	for (size_t i = 0; i < f->n; i++) {
		const struct verb_fix_step *s = &f->step[i];

		for (size_t k = 0; k < s->n; k++) {
			struct verb_parts v = verb_split(s->words[k]);

			buf_addf(out, "%zu,%s,", i + 1, kind_name(s));
			add_id(out, f->vendor_id);
			add_id(out, f->subsystem_id);
			buf_addf(out, "%u,0x%02x,0x%03x,0x%04x,0x%08x,", v.cad, v.nid, v.id, v.payload,
				 s->words[k]);
			add_csv(out, s->text);
			buf_adds(out, "\n");
		}
	}
	return NULL;
}

static json_object *hex(uint32_t v, int digits)
{
	struct buf b = { 0 };
	json_object *s;

	buf_addf(&b, "0x%0*x", digits, v);
	s = json_object_new_string(buf_str(&b));
	buf_deinit(&b);
	return s;
}

static void add_string(json_object *o, const char *key, const char *text)
{
	if (text && *text)
		json_object_object_add(o, key, json_object_new_string(text));
}

static json_object *json_step(const struct verb_fix_step *s)
{
	json_object *o = json_object_new_object(), *verbs = json_object_new_array();

	add_string(o, "kind", kind_name(s));
	add_string(o, "what", s->text);
	add_string(o, "mark", s->mark);
	if (s->kind == FIX_COEF) {
		json_object_object_add(o, "nid", hex(s->nid, 2));
		json_object_object_add(o, "index", hex(s->index, 2));
		json_object_object_add(o, "value", hex(s->value, 4));
		json_object_object_add(o, "mask", hex(s->mask, 4));
	}
	if (s->kind == FIX_CONFIG) {
		json_object_object_add(o, "nid", hex(s->nid, 2));
		json_object_object_add(o, "config", hex(s->config, 8));
	}
	for (size_t k = 0; k < s->n; k++) {
		struct verb_parts v = verb_split(s->words[k]);
		json_object *j = json_object_new_object();

		json_object_object_add(j, "nid", hex(v.nid, 2));
		json_object_object_add(j, "verb", hex(v.id, 3));
		json_object_object_add(j, "parameter", hex(v.payload, v.wide ? 4 : 2));
		json_object_object_add(j, "word", hex(s->words[k], 8));
		json_object_array_add(verbs, j);
	}
	json_object_object_add(o, "verbs", verbs);
	return o;
}

struct err *fix_json(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
		     struct fix_notes *notes)
{
	json_object *doc = json_object_new_object(), *codec = json_object_new_object();
	json_object *steps = json_object_new_array();

	(void)o;
	(void)notes;
	if (!doc || !codec || !steps) {
		json_object_put(doc);
		json_object_put(codec);
		json_object_put(steps);
		return err_nomem();
	}
	json_object_object_add(doc, "codec", codec);
	json_object_object_add(codec, "address", json_object_new_int(f->cad));
	if (f->vendor_id)
		json_object_object_add(codec, "vendor_id", hex(f->vendor_id, 8));
	if (f->subsystem_id)
		json_object_object_add(codec, "subsystem_id", hex(f->subsystem_id, 8));
	if (f->pci_subsystem)
		json_object_object_add(codec, "pci_subsystem", hex(f->pci_subsystem, 8));
	add_string(codec, "name", f->codec_name);
	add_string(doc, "from", f->from);
	add_string(doc, "sha256", f->sha256);
	add_string(doc, "made", f->made);
	for (size_t i = 0; i < f->n; i++)
		json_object_array_add(steps, json_step(&f->step[i]));
	json_object_object_add(doc, "steps", steps);
	buf_adds(out, json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_SPACED |
							  JSON_C_TO_STRING_NOSLASHESCAPE));
	buf_addc(out, '\n');
	json_object_put(doc);
	return NULL;
}
