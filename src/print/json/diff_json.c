// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "event/event.h"
#include "print/diff_text.h"
#include "print/json/json_build.h"
#include "print/json/step_json.h"

struct err *diff_json(const struct diff_show *o, const struct diff *d)
{
	json *doc = json_object_new_object(), *changes;
	struct buf out = { 0 };
	struct err *e;

	json_put(doc, "a", json_word(o->path[0]));
	json_put(doc, "b", json_word(o->path[1]));
	json_put(doc, "same", json_number(d->side[0].same));
	changes = json_put_array(doc, "changes");
	for (size_t i = 0; i < d->n_lines; i++) {
		const struct diff_line *l = &d->lines[i];
		const struct step *t = diff_step(d, l);
		json *k;

		if (l->side == 2 || !diff_shows(o, d, l))
			continue;
		k = json_add_object(changes);
		json_put(k, "side", json_word(l->side ? "b" : "a"));
		if (t->time != EVENT_TIME_NONE)
			json_put(k, "time", json_seconds(t->time - o->start[l->side == 1]));
		json_put_step(k, d->side[l->side == 1].a, t);
	}
	e = json_answer(doc, &out);
	if (!e)
		e = out_answer(&out);
	buf_deinit(&out);
	return e;
}
