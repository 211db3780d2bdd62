// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/segments.h"
#include "base/buf.h"
#include "event/event.h"
#include "print/json/json_build.h"
#include "print/segments_text.h"
#include "print/step_text.h"

static void add_change(json *changes, const struct steps *a, const struct step *t, struct buf *text)
{
	json *w = json_add_object(changes);

	step_text(a, t, text);
	json_put(w, "n", json_number(t->first));
	json_put(w, "cad", json_number(step_codec(a, t)->cad));
	json_put(w, "nid", json_number(t->nid));
	json_put(w, "text", json_of_buf(text));
}

struct err *segments_json(const struct segments *s, const struct steps *a, bool summary,
			  struct buf *b)
{
	json *doc = json_object_new_object(), *list = json_put_array(doc, "segments");
	struct buf text = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		const struct segment *g = &s->v[i];
		json *k = json_add_object(list), *anchors, *changes;

		if (g->time != EVENT_TIME_NONE)
			json_put(k, "time", json_seconds(g->time - s->sink.origin));
		json_put(k, "verbs", json_number(g->verbs));
		if (g->gaps)
			json_put(k, "gaps", json_number(g->gaps));
		anchors = json_put_array(k, "anchors");
		for (size_t n = g->first_anchor; n < g->first_anchor + g->n_anchors; n++) {
			const struct anchor *c = &s->anchors[n];
			json *w = json_add_object(anchors);

			anchor_text(a, c, &text);
			json_put(w, "kind", json_word(anchor_kind_name((enum anchor_kind)c->kind)));
			json_put(w, "text", json_of_buf(&text));
		}
		changes = json_put_array(k, "changes");
		for (size_t n = g->first; n < g->first + g->n && !summary; n++)
			if (s->changed[n])
				add_change(changes, a, &a->v[n], &text);
	}
	buf_deinit(&text);
	return json_answer(doc, b);
}
