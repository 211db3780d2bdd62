// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict as one JSON object; docs/json-info.md has every key. */
#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "analyse/verdict.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "codec/ids.h"
#include "event/names.h"
#include "model/model_names.h"
#include "print/info.h"

typedef struct json_object json;

static json *number(uint64_t v)
{
	return json_object_new_int64((int64_t)v);
}

static json *string(struct buf *b)
{
	json *o = json_object_new_string(buf_str(b));

	buf_clear(b);
	return o;
}

static json *safe(const char *text)
{
	struct buf b = { 0 };
	json *o;

	text_add_safe(&b, text, strlen(text));
	o = string(&b);
	buf_deinit(&b);
	return o;
}

static void put(json *o, const char *key, json *value)
{
	json_object_object_add(o, key, value);
}

static json *input(const struct verdict *v)
{
	const struct source_facts *f = &v->facts;
	json *o = json_object_new_object();

	put(o, "format", json_object_new_string(source_format_name(f->format)));
	put(o, "what", json_object_new_string(source_format_what(f->format)));
	put(o, "packing", f->packing ? json_object_new_string(f->packing) : NULL);
	put(o, "lines", number(f->lines));
	put(o, "other_lines", number(f->other));
	put(o, "damaged_lines", number(f->damaged));
	return o;
}

static json *counts(const struct verdict *v)
{
	json *o = json_object_new_object();

	put(o, "verbs", number(v->verbs));
	put(o, "missing", number(v->findings[FINDING_VERBS_MISSING].count));
	put(o, "lost", number(v->findings[FINDING_VERBS_LOST].count));
	put(o, "wraps", number(v->facts.wraps));
	put(o, "immediate", number(v->immediate));
	put(o, "responses", number(v->responses));
	put(o, "unsolicited", number(v->unsolicited));
	return o;
}

static json *controllers(const struct info *info)
{
	json *a = json_object_new_array();

	for (unsigned int i = 0; i < info->names->count; i++) {
		json *o = json_object_new_object();

		put(o, "name", safe(info->names->name[i] ? info->names->name[i] : "?"));
		put(o, "kind", json_object_new_string(ctrl_kind_name(info->names->kind[i])));
		json_object_array_add(a, o);
	}
	return a;
}

static json *codecs(const struct verdict *v)
{
	json *a = json_object_new_array();
	struct buf b = { 0 };

	for (size_t i = 0; i < v->n_codecs; i++) {
		const struct codec_seen *c = &v->codecs[i];
		const char *name = c->vendor_id ? codec_id_name(c->vendor_id) : NULL;
		json *o = json_object_new_object();
		unsigned int asked, announced;
		bool known = codec_asked(c, &asked, &announced);

		put(o, "controller", number(c->ctrl));
		put(o, "address", number(c->cad));
		buf_addf(&b, "0x%08x", c->vendor_id);
		put(o, "vendor_id", c->vendor_id ? string(&b) : NULL);
		buf_clear(&b);
		put(o, "name", name ? json_object_new_string(name) : NULL);
		put(o, "verbs", number(c->verbs));
		put(o, "gets", number(c->gets));
		put(o, "sets", number(c->sets));
		put(o, "widgets", known ? number(announced) : NULL);
		put(o, "widgets_asked", number(asked));
		json_object_array_add(a, o);
	}
	buf_deinit(&b);
	return a;
}

static json *driver(const struct driver_guess *g)
{
	json *o = json_object_new_object(), *a = json_object_new_array();

	put(o, "guess", json_object_new_string(driver_name(g->driver)));
	put(o, "confidence", json_object_new_string(confidence_name(g->confidence)));
	for (size_t i = 0; i < REASONS_MAX && g->reasons[i]; i++)
		json_object_array_add(a, json_object_new_string(g->reasons[i]));
	put(o, "reasons", a);
	return o;
}

static json *activity(const struct activity *d)
{
	json *o = json_object_new_object();

	put(o, "streams_started", number(d->streams));
	put(o, "streams_given", number(d->tags));
	put(o, "amplifiers", number(d->amps));
	put(o, "eapd_on", number(d->eapd));
	put(o, "pins", number(d->pins));
	put(o, "coefs", number(d->coefs));
	put(o, "gpio", number(d->gpio));
	put(o, "power", number(d->power));
	put(o, "resets", number(d->resets));
	return o;
}

static json *places(const struct finding *f)
{
	json *a = json_object_new_array();

	for (size_t i = 0; i < f->kept; i++) {
		json *o = json_object_new_object();

		if (f->where[i].line)
			put(o, "line", number(f->where[i].line));
		put(o, "controller", number(f->where[i].ctrl));
		put(o, "after", number(f->where[i].index));
		put(o, "count", number(f->where[i].count));
		json_object_array_add(a, o);
	}
	return a;
}

static json *findings(const struct info *info)
{
	const struct verdict *v = info->verdict;
	json *a = json_object_new_array();
	struct buf b = { 0 };

	for (int i = 0; i < FINDINGS; i++) {
		const struct finding_text *text = finding_text(i);
		const struct finding *f = &v->findings[i];

		if (!f->count)
			continue;
		json *o = json_object_new_object();

		put(o, "id", json_object_new_string(text->id));
		put(o, "severity", json_object_new_string(severity_name(text->severity)));
		put(o, "count", number(f->count));
		info_add_what(&b, info, text->what, f->count);
		put(o, "text", string(&b));
		info_add_what(&b, info, finding_advice(i, v->facts.format), f->count);
		put(o, "advice", string(&b));
		put(o, "places", number(f->places));
		put(o, "where", places(f));
		json_object_array_add(a, o);
	}
	buf_deinit(&b);
	return a;
}

static json *marks(const struct verdict *v)
{
	json *a = json_object_new_array();

	for (size_t i = 0; i < v->marks.n; i++) {
		const struct mark_seen *s = &v->marks.v[i];
		json *o = json_object_new_object();

		put(o, "text", safe(s->text));
		put(o, "seconds", json_object_new_double((double)(s->time - v->began) / 1e9));
		put(o, "after", number(s->after));
		json_object_array_add(a, o);
	}
	return a;
}

struct err *info_json(const struct info *info, struct buf *out)
{
	const struct verdict *v = info->verdict;
	json *o = json_object_new_object();
	struct buf b = { 0 };

	if (!o)
		return err_nomem();
	put(o, "file", safe(info->file));
	put(o, "trust", json_object_new_string(trust_name(v->trust)));
	info_add_sentence(&b, info);
	put(o, "verdict", string(&b));
	put(o, "input", input(v));
	put(o, "counts", counts(v));
	if (v->first != EVENT_TIME_NONE)
		put(o, "seconds", json_object_new_double((double)(v->last - v->first) / 1e9));
	put(o, "marks", marks(v));
	put(o, "controllers", controllers(info));
	put(o, "codecs", codecs(v));
	put(o, "driver", driver(&v->driver));
	put(o, "did", activity(&v->activity));
	put(o, "findings", findings(info));
	buf_adds(out, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
						     JSON_C_TO_STRING_NOSLASHESCAPE));
	buf_addc(out, '\n');
	json_object_put(o);
	buf_deinit(&b);
	return buf_err(out);
}
