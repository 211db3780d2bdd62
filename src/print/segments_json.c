// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>

#include "analyse/segments.h"
#include "base/buf.h"
#include "print/segments_text.h"
#include "print/step_text.h"

void segments_json(const struct segments *s, const struct steps *a, bool summary, struct buf *b)
{
	json_object *doc = json_object_new_object(), *list = json_object_new_array();
	struct buf text = { 0 };

	json_object_object_add(doc, "segments", list);
	for (size_t i = 0; i < s->n; i++) {
		const struct segment *g = &s->v[i];
		json_object *k = json_object_new_object(), *anchors = json_object_new_array();
		json_object *changes = json_object_new_array();

		if (g->time != EVENT_TIME_NONE)
			json_object_object_add(k, "time", json_object_new_double(
					       (double)(g->time - s->first_time) / 1e9));
		json_object_object_add(k, "verbs", json_object_new_int64((int64_t)g->verbs));
		if (g->gaps)
			json_object_object_add(k, "gaps", json_object_new_int64((int64_t)g->gaps));
		json_object_object_add(k, "anchors", anchors);
		for (size_t n = g->first_anchor; n < g->first_anchor + g->n_anchors; n++) {
			json_object *w = json_object_new_object();

			json_object_object_add(w, "kind", json_object_new_string(anchor_kind_name(
					       (enum anchor_kind)s->anchors[n].kind)));
			buf_clear(&text);
			anchor_text(a, &s->anchors[n], &text);
			json_object_object_add(w, "text", json_object_new_string(buf_str(&text)));
			json_object_array_add(anchors, w);
		}
		json_object_object_add(k, "changes", changes);
		for (size_t n = g->first; n < g->first + g->n && !summary; n++) {
			json_object *w;

			if (!s->changed[n])
				continue;
			w = json_object_new_object();
			buf_clear(&text);
			step_text(a, &a->v[n], &text);
			json_object_object_add(w, "n", json_object_new_int64((int64_t)a->v[n].first));
			json_object_object_add(w, "cad",
					       json_object_new_int(step_codec(a, &a->v[n])->cad));
			json_object_object_add(w, "nid", json_object_new_int(a->v[n].nid));
			json_object_object_add(w, "text", json_object_new_string(buf_str(&text)));
			json_object_array_add(changes, w);
		}
		json_object_array_add(list, k);
	}
	buf_adds(b, json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PRETTY |
							JSON_C_TO_STRING_SPACED |
							JSON_C_TO_STRING_NOSLASHESCAPE));
	buf_addc(b, '\n');
	json_object_put(doc);
	buf_deinit(&text);
}
