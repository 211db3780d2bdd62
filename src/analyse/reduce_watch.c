// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/reduce_watch.h"

#include <string.h>

#include "analyse/doubled.h"
#include "analyse/reduce.h"
#include "analyse/steps/steps.h"
#include "base/err.h"

static struct err *watch_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct reduce_watch *w = (struct reduce_watch *)base;
	const struct proof_verb v = {
		.word = x->verb, .resp = x->resp, .ctrl = x->ctrl, .reset = x->kind == XACT_RESET,
		.has_resp = x->has_resp,
	};
	struct err *e;

	(void)d;
	if (!v.reset && (!xact_is_verb(x) || !x->has_verb))
		return NULL;
	/* a list with answers was not made by such a filter */
	if (!v.reset && x->unrecorded)
		buf_add(&w->verbs, &x->verb, sizeof(x->verb));
	e = buf_err(&w->verbs);
	return e ? e : proof_add(&w->all, &v);
}

void reduce_watch_init(struct reduce_watch *w)
{
	static const struct sink_ops ops = { .put = watch_put };

	*w = (struct reduce_watch){ .sink = { .ops = &ops } };
}

void reduce_watch_deinit(struct reduce_watch *w)
{
	buf_deinit(&w->verbs);
	buf_deinit(&w->all.verbs);
}

struct err *reduce_watch_is_doubled(const struct reduce_watch *w, bool *doubled)
{
	struct doubled d;
	struct err *e = doubled_find((const uint32_t *)(const void *)w->verbs.data,
				     w->verbs.len / sizeof(uint32_t), &d);

	*doubled = !e && d.is_doubled;
	doubled_deinit(&d);
	return e;
}

/* Adds the verbs of the chosen steps, as a list with only these would send them. */
static struct err *add_steps(const struct steps *a, const bool *chosen, bool wanted,
			     struct proof_list *l)
{
	struct step_verbs em;
	struct buf words = { 0 };
	struct err *e = NULL;

	step_verbs_init(&em, a);
	for (size_t i = 0; !e && i < a->n; i++) {
		if (chosen[i] != wanted)
			continue;
		buf_clear(&words);
		e = step_verbs_put(&em, &a->v[i], &words);
		for (size_t k = 0; !e && k + sizeof(uint32_t) <= words.len; k += sizeof(uint32_t)) {
			struct proof_verb v = { .ctrl = step_codec(a, &a->v[i])->ctrl };

			memcpy(&v.word, words.data + k, sizeof(v.word));
			e = proof_add(l, &v);
		}
	}
	step_verbs_deinit(&em);
	buf_deinit(&words);
	return e;
}

struct err *reduce_watch_prove(const struct reduce_watch *w, const struct steps *a, const bool *unwanted,
			       const struct reduction *r, struct proof *p, uint64_t *verbs)
{
	struct proof_list wanted = { 0 }, after = { 0 };
	struct err *e = unwanted ? add_steps(a, unwanted, false, &wanted) : NULL;

	if (!e)
		e = add_steps(a, r->chosen, true, &after);
	if (!e)
		e = proof_check(unwanted ? &wanted : &w->all, &after, a->codecs, a->n_codecs, p);
	*verbs = after.verbs.len / sizeof(struct proof_verb);
	buf_deinit(&wanted.verbs);
	buf_deinit(&after.verbs);
	return e;
}
