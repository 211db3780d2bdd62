// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict as one JSON object; docs/json-info.md has every key. */
#include <inttypes.h>
#include <string.h>

#include "analyse/verdict.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "codec/ids.h"
#include "event/names.h"
#include "model/model_names.h"
#include "print/info.h"
#include "print/json/json_build.h"

static json *input(const struct verdict *v)
{
	const struct source_facts *f = &v->facts;
	json *o = json_object_new_object();

	json_put(o, "format", json_object_new_string(source_format_name(f->format)));
	json_put(o, "what", json_object_new_string(source_format_what(f->format)));
	json_put(o, "packing", f->packing ? json_object_new_string(f->packing) : NULL);
	json_put(o, "lines", json_number(f->lines));
	json_put(o, "other_lines", json_number(f->other));
	json_put(o, "damaged_lines", json_number(f->damaged));
	return o;
}

static json *counts(const struct verdict *v)
{
	json *o = json_object_new_object();

	json_put(o, "verbs", json_number(v->verbs));
	json_put(o, "missing", json_number(v->findings[FINDING_VERBS_MISSING].count));
	json_put(o, "lost", json_number(v->findings[FINDING_VERBS_LOST].count));
	json_put(o, "wraps", json_number(v->facts.wraps));
	json_put(o, "immediate", json_number(v->immediate));
	json_put(o, "responses", json_number(v->responses));
	json_put(o, "unsolicited", json_number(v->unsolicited));
	return o;
}

static json *controllers(const struct info *info)
{
	json *a = json_object_new_array();

	for (unsigned int i = 0; i < info->names->count; i++) {
		json *o = json_object_new_object();

		json_put(o, "name", json_safe(info->names->name[i] ? info->names->name[i] : "?"));
		json_put(o, "kind", json_object_new_string(ctrl_kind_name(info->names->kind[i])));
		json_add(a, o);
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

		json_put(o, "controller", json_number(c->ctrl));
		json_put(o, "address", json_number(c->cad));
		buf_addf(&b, "0x%08x", c->vendor_id);
		json_put(o, "vendor_id", c->vendor_id ? json_of_buf(&b) : NULL);
		buf_clear(&b);
		json_put(o, "name", name ? json_object_new_string(name) : NULL);
		json_put(o, "verbs", json_number(c->verbs));
		json_put(o, "gets", json_number(c->gets));
		json_put(o, "sets", json_number(c->sets));
		json_put(o, "widgets", known ? json_number(announced) : NULL);
		json_put(o, "widgets_asked", json_number(asked));
		json_add(a, o);
	}
	buf_deinit(&b);
	return a;
}

static json *driver(const struct driver_guess *g)
{
	json *o = json_object_new_object(), *a = json_object_new_array();

	json_put(o, "guess", json_object_new_string(driver_name(g->driver)));
	json_put(o, "confidence", json_object_new_string(confidence_name(g->confidence)));
	for (size_t i = 0; i < REASONS_MAX && g->reasons[i]; i++)
		json_add(a, json_object_new_string(g->reasons[i]));
	json_put(o, "reasons", a);
	return o;
}

static json *activity(const struct activity *d)
{
	json *o = json_object_new_object();

	json_put(o, "streams_started", json_number(d->streams));
	json_put(o, "streams_given", json_number(d->tags));
	json_put(o, "amplifiers", json_number(d->amps));
	json_put(o, "eapd_on", json_number(d->eapd));
	json_put(o, "pins", json_number(d->pins));
	json_put(o, "coefs", json_number(d->coefs));
	json_put(o, "gpio", json_number(d->gpio));
	json_put(o, "power", json_number(d->power));
	json_put(o, "resets", json_number(d->resets));
	return o;
}

static json *places(const struct finding *f)
{
	json *a = json_object_new_array();

	for (size_t i = 0; i < f->kept; i++) {
		json *o = json_object_new_object();

		if (f->where[i].line)
			json_put(o, "line", json_number(f->where[i].line));
		json_put(o, "controller", json_number(f->where[i].ctrl));
		json_put(o, "after", json_number(f->where[i].index));
		json_put(o, "count", json_number(f->where[i].count));
		json_add(a, o);
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

		json_put(o, "id", json_object_new_string(text->id));
		json_put(o, "severity", json_object_new_string(severity_name(text->severity)));
		json_put(o, "count", json_number(f->count));
		info_add_what(&b, info, text->what, f->count);
		json_put(o, "text", json_of_buf(&b));
		info_add_what(&b, info, finding_advice(i, v->facts.format), f->count);
		json_put(o, "advice", json_of_buf(&b));
		json_put(o, "places", json_number(f->places));
		json_put(o, "where", places(f));
		json_add(a, o);
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

		json_put(o, "text", json_safe(s->text));
		json_put(o, "seconds", json_object_new_double((double)(s->time - v->sink.origin) / 1e9));
		json_put(o, "after", json_number(s->after));
		json_add(a, o);
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
	json_put(o, "file", json_safe(info->file));
	json_put(o, "trust", json_object_new_string(trust_name(v->trust)));
	info_add_sentence(&b, info);
	json_put(o, "verdict", json_of_buf(&b));
	json_put(o, "input", input(v));
	json_put(o, "counts", counts(v));
	if (v->first != EVENT_TIME_NONE)
		json_put(o, "seconds", json_object_new_double((double)(v->last - v->first) / 1e9));
	json_put(o, "marks", marks(v));
	json_put(o, "controllers", controllers(info));
	json_put(o, "codecs", codecs(v));
	json_put(o, "driver", driver(&v->driver));
	json_put(o, "did", activity(&v->activity));
	json_put(o, "findings", findings(info));
	buf_deinit(&b);
	return json_answer(o, out);
}
