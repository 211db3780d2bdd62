// SPDX-License-Identifier: GPL-2.0-or-later
/* Completes the list: its order, its marks, and what is known about its codecs. */
#include <stdlib.h>

#include "analyse/steps/steps_int.h"
#include "base/err.h"
#include "codec/ids.h"
#include "model/model_names.h"

/* Sets the reads before writes that a list's comments describe. */
void steps_set_updates(struct steps *a, const struct list_update *u, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < a->n && k < n; i++) {
		struct step *t = &a->v[i];

		while (k < n && u[k].line < t->line)
			k++;
		if (k == n || u[k].line != t->line || t->kind != STEP_COEF)
			continue;
		t->effect_kind = EFFECT_UPDATE;
		t->has_old = true;
		t->old = u[k].old;
		t->mask = u[k].mask;
	}
}

static int by_seq(const void *x, const void *y)
{
	const struct step *a = *(const struct step *const *)x, *b = *(const struct step *const *)y;

	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* Effects come when they are complete; sorts the steps by the order in which they were done. */
static struct err *sort(struct steps *a)
{
	const struct step **order = calloc(a->n + 1, sizeof(*order));
	struct step *v = calloc(a->n + 1, sizeof(*v));
	uint32_t *place = calloc(a->n + 1, sizeof(*place));
	struct err *e = order && v && place ? NULL : err_nomem();

	if (e)
		goto out;
	for (size_t i = 0; i < a->n; i++)
		order[i] = &a->v[i];
	qsort(order, a->n, sizeof(*order), by_seq);
	for (size_t i = 0; i < a->n; i++) {
		v[i] = *order[i];
		place[order[i] - a->v] = (uint32_t)i;
	}
	for (size_t i = 0; i < a->n; i++)
		if (v[i].before != STEP_NONE)
			v[i].before = place[v[i].before];
	free(a->v);
	a->v = v;
	a->cap = a->n + 1;
	v = NULL;
out:
	free(order);
	free(place);
	free(v);
	return e;
}

static void place_marks(struct steps *a)
{
	size_t at = 0;

	for (size_t i = 0; i < a->n_marks; i++) {
		while (at < a->n && a->v[at].seq <= a->marks[i].seq)
			at++;
		a->marks[i].at = at;
	}
}

struct err *steps_finish(struct steps *a)
{
	struct err *e = effects_flush(a->fx);
	bool sorted = true;

	if (!e)
		e = steps_take_effects(a, true);
	for (size_t i = 1; i < a->n; i++)
		sorted &= a->v[i].seq >= a->v[i - 1].seq;
	if (!e && !sorted)
		e = sort(a);
	if (!e)
		place_marks(a);
	for (size_t i = 0; !e && i < a->n_codecs; i++) {
		struct step_codec *c = a->codecs[i];
		uint32_t vendor = model_vendor_id(c->model);
		struct reg subsystem = model_subsystem(c->model);
		struct model_node *root;

		if (vendor && vendor != UINT32_MAX) {
			c->vendor_id = vendor;
		} else if (c->vendor_id) {
			root = model_node(c->model, 0);
			if (!root)
				return err_nomem();
			reg_set(&root->param[PARAM_VENDOR_ID], c->vendor_id);
		}
		if (subsystem.known == UINT32_MAX && subsystem.val)
			c->subsystem_id = subsystem.val;
		c->name = codec_id_name(c->vendor_id);
	}
	return e;
}
