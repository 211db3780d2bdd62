// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/fold.h"

#include <stdlib.h>

#include "base/err.h"
#include "codec/effect/effect.h"
#include "event/event.h"
#include "flow/sink.h"

/* Shorter runs are not folded. */
#define FOLD_MIN 4

/* A run of xacts that may be folded. */
struct fold_run {
	struct xact x[FOLD_MIN];	/* its first xacts, until it is long enough */
	struct decoded d[FOLD_MIN];
	struct effect walk;		/* the line for the whole run */
	uint64_t count;
};

struct fold {
	struct fold_options opt;
	struct sink *sink;
	struct effects *fx;
	struct fold_run fold;
	struct xact last;		/* the last one given, to find repetitions */
	uint64_t again;
};

struct err *fold_create(const struct fold_options *opt, struct decoder *dec, struct sink *sink,
			struct fold **out)
{
	struct fold *v = calloc(1, sizeof(*v));
	struct err *e = NULL;

	if (!v)
		return err_nomem();
	v->opt = *opt;
	v->sink = sink;
	if (opt->effects)
		e = effects_create(dec, &v->fx);
	if (e) {
		fold_destroy(v);
		return e;
	}
	*out = v;
	return NULL;
}

void fold_destroy(struct fold *v)
{
	if (!v)
		return;
	effects_destroy(v->fx);
	free(v);
}

/* --- effects --------------------------------------------------------------- */

static struct err *give_effects(struct fold *v)
{
	struct effect effect;
	struct err *e = NULL;

	while (!e && effects_next(v->fx, &effect))
		if (filter_passes_effect(&v->opt.filter, &effect))
			e = v->sink->ops->effect(v->sink, &effect);
	return e;
}

/* --- verbs, with the noise folded ------------------------------------------ */

static struct err *show(struct fold *v, const struct xact *x, const struct decoded *d)
{
	v->last = *x;
	return v->sink->ops->put(v->sink, x, d);
}

static struct err *end_again(struct fold *v)
{
	uint64_t n = v->again;

	v->again = 0;
	return n ? v->sink->ops->again(v->sink, &v->last, n) : NULL;
}

static struct err *end_fold(struct fold *v)
{
	struct fold_run *f = &v->fold;
	uint64_t n = f->count;
	struct err *e = NULL;

	f->count = 0;
	if (n >= FOLD_MIN)
		return v->sink->ops->effect(v->sink, &f->walk);
	for (uint64_t i = 0; !e && i < n; i++)
		e = show(v, &f->x[i], &f->d[i]);
	return e;
}

/* True for reads that a driver or the proc file makes for every widget. */
static bool is_walk(const struct xact *x, const struct decoded *d)
{
	return x->certainty == CERT_EXACT && x->has_verb && d->row && d->dir == DIR_GET &&
	       (d->class == CLASS_CAPS || d->class == CLASS_CONFIG);
}

static bool is_same(const struct xact *a, const struct xact *b)
{
	return a->kind == b->kind && xact_is_verb(a) && a->ctrl == b->ctrl && a->verb == b->verb &&
	       a->has_verb && b->has_verb && a->has_resp && b->has_resp && a->resp == b->resp &&
	       a->certainty == CERT_EXACT && b->certainty == CERT_EXACT;
}

static struct err *walk_on(struct fold *v, const struct xact *x, const struct decoded *d)
{
	struct fold_run *f = &v->fold;
	struct effect *w = &f->walk;

	if (f->count && (w->ctrl != x->ctrl || w->cad != x->cad)) {
		struct err *e = end_fold(v);

		if (e)
			return e;
	}
	if (!f->count)
		*w = (struct effect){
			.kind = EFFECT_WALK, .noise = true, .repeats = 1, .first = x->index,
			.time = x->t_verb, .ctrl = x->ctrl, .cad = x->cad, .nid = d->verb.nid,
			.last_nid = d->verb.nid, .class = d->class, .certainty = CERT_EXACT,
		};
	if (f->count < FOLD_MIN) {
		f->x[f->count] = *x;
		f->d[f->count] = *d;
	}
	f->count++;
	w->verbs++;
	w->last = x->index;
	if (d->verb.nid < w->nid)
		w->nid = d->verb.nid;
	if (d->verb.nid > w->last_nid)
		w->last_nid = d->verb.nid;
	return NULL;
}

static struct err *put_verb(struct fold *v, const struct xact *x, const struct decoded *d)
{
	struct err *e;

	if (is_walk(x, d)) {
		e = end_again(v);
		return e ? e : walk_on(v, x, d);
	}
	if (!v->fold.count && d->dir == DIR_GET && is_same(x, &v->last)) {
		v->again++;
		v->last.t_verb = x->t_verb;
		v->last.index = x->index;
		return NULL;
	}
	e = end_again(v);
	if (!e)
		e = end_fold(v);
	return e ? e : show(v, x, d);
}

struct err *fold_put(struct fold *v, const struct xact *x, const struct decoded *d)
{
	struct err *e;

	if (v->fx) {
		e = effects_put(v->fx, x, d);
		return e ? e : give_effects(v);
	}
	if (!filter_passes(&v->opt.filter, x, d))
		return NULL;
	return v->opt.noise ? v->sink->ops->put(v->sink, x, d) : put_verb(v, x, d);
}

struct err *fold_flush(struct fold *v)
{
	struct err *e = NULL;

	if (v->fx) {
		e = effects_flush(v->fx);
		if (!e)
			e = give_effects(v);
	} else {
		e = end_again(v);
		if (!e)
			e = end_fold(v);
	}
	return e ? e : v->sink->ops->flush(v->sink);
}
