// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/json/step_json.h"

#include "analyse/steps/steps.h"
#include "base/buf.h"
#include "print/step_text.h"

void json_put_step(json *k, const struct steps *a, const struct step *t)
{
	struct buf text = { 0 };
	json *words;

	step_text(a, t, &text);
	json_put(k, "n", json_number(t->first));
	json_put(k, "cad", json_number(step_codec(a, t)->cad));
	json_put(k, "nid", json_number(t->nid));
	json_put(k, "kind", json_word(step_kind_name((enum step_kind)t->kind)));
	json_put(k, "text", json_of_buf(&text));
	words = json_put_array(k, "verbs");
	for (uint32_t i = 0; i < t->n_verbs; i++)
		json_add(words, json_hex(step_verbs(a, t)[i].word, 8));
	buf_deinit(&text);
}
