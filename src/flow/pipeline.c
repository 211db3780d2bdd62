// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/pipeline.h"

#include "base/err.h"
#include "base/log.h"
#include "codec/decode.h"
#include "event/source.h"
#include "flow/sink.h"
#include "hda/hda.h"
#include "input/list_head.h"
#include "store/store.h"

static void count_kind(struct stats *s, const struct xact *x)
{
	s->immediate += x->kind == XACT_IMMEDIATE;
	s->broadcast += x->kind == XACT_BROADCAST;
	s->unsolicited += x->kind == XACT_UNSOL;
	s->spurious += x->kind == XACT_SPURIOUS;
	s->gaps += x->kind == XACT_GAP;
	s->missing += x->kind == XACT_GAP && x->gap == GAP_VERBS ? x->count : 0;
	s->resets += x->kind == XACT_RESET;
	s->marks += x->kind == XACT_MARK;
}

static void count(struct stats *s, const struct xact *x)
{
	s->verbs += xact_is_verb(x) && !x->counted;
	s->responses += xact_is_verb(x) && x->has_resp;
	s->moved += x->moved;
	if (x->kind != XACT_CORB)
		count_kind(s, x);
	if (x->certainty == CERT_EXACT)
		return;
	s->suspect += x->certainty == CERT_SUSPECT;
	s->conflicting += x->certainty == CERT_CONFLICTING;
	s->unanswered += x->certainty == CERT_UNANSWERED;
	s->lost += x->certainty == CERT_LOST && !x->counted;
}

/*
 * A full disk or a closed terminal must not affect the guest: while it runs, the part that
 * failed is left out and the rest continues.
 */
static struct err *store_event(struct pipeline *p, const struct event *ev)
{
	struct err *e;

	if (!p->store || p->store_failed)
		return NULL;
	e = ev ? store_put(p->store, ev) : store_flush(p->store);
	/* what the user has named is to survive a machine that hangs right after it */
	if (!e && p->live && ev && ev->kind == EV_MARK)
		e = store_sync(p->store);
	if (!e || !p->live)
		return e;
	log_err(err_wrap(e, "nothing more is stored"));
	p->store_failed = true;
	return NULL;
}

/* The state of one run of the pipeline. */
struct flow {
	struct pipeline *p;
	struct hda *hda;
	struct decoder *dec;
	struct fold *fold;	/* NULL = nothing is shown */
	struct range_walk walk;
};

/*
 * Shows a xact, or without one everything that is held; while a guest runs, a part that fails
 * is left out.
 */
static struct err *show(struct flow *f, const struct xact *x, const struct decoded *d)
{
	struct err *e;

	if (!f->fold)
		return NULL;
	e = x ? fold_put(f->fold, x, d) : fold_flush(f->fold);
	if (!e || !f->p->live)
		return e;
	log_err(err_wrap(e, "nothing more is shown"));
	fold_destroy(f->fold);
	f->fold = NULL;
	return NULL;
}

/* Gives xacts outside the range to sinks that learn from them. */
static struct err *leave_out(struct flow *f, const struct xact *x, const struct decoded *d,
			     enum range_place place)
{
	struct sink *sink = f->p->sink;

	return sink->ops->outside ? sink->ops->outside(sink, x, d, place) : NULL;
}

static struct err *give_out(struct flow *f)
{
	struct decoded d;
	struct xact x;
	struct err *e = NULL;

	while (!e && hda_next_xact(f->hda, &x)) {
		enum range_place place = range_walk(&f->walk, &x, f->p->stats.origin);

		if (place == RANGE_WITHIN)
			count(&f->p->stats, &x);
		if (!f->fold)
			continue;
		codec_decode(f->dec, &x, &d);
		e = place == RANGE_WITHIN ? show(f, &x, &d) : leave_out(f, &x, &d, place);
	}
	return e;
}

/* All times count from the first event that has one. */
static void find_origin(struct pipeline *p, const struct event *ev, size_t n)
{
	const struct source *s = p->source;

	if (p->stats.origin != EVENT_TIME_NONE)
		return;
	while (n && ev->time == EVENT_TIME_NONE) {
		ev++;
		n--;
	}
	if (n)
		p->stats.origin = s->has_began && s->began < ev->time ? s->began : ev->time;
	if (p->sink)
		p->sink->origin = p->stats.origin;
}

/* Gives events to the model until there is a result; *taken says how many. */
static struct err *observe(struct flow *f, const struct event *ev, size_t n, size_t *taken)
{
	struct err *e = NULL;

	*taken = 0;
	if (f->p->store) {	/* record first, then interpret */
		e = store_event(f->p, ev);
		n = 1;
	}
	if (!e)
		e = hda_feed_run(f->hda, ev, n, taken);
	f->p->stats.events += *taken;
	if (*taken && ev[*taken - 1].kind == EV_CONTROLLER)
		ctrl_names_learn(&f->p->names, &ev[*taken - 1]);
	return e;
}

/* The model asks for memory, it never reads; a file has the answers already. */
static struct err *read_memory(struct flow *f)
{
	struct source *s = f->p->source;
	struct err *e = NULL;
	struct mem_range r;
	struct event ev;
	size_t n;

	while (!e && hda_wants(f->hda, &r)) {
		e = s->ops->read_memory(s, r.ctrl, r.addr, r.len, &ev);
		/* in a joined input, one part may be a capture file */
		if (!e && ev.kind != EV_NONE)
			e = observe(f, &ev, 1, &n);
	}
	return e;
}

static struct err *take(struct flow *f, const struct event_run *run)
{
	struct err *e = NULL;

	if (run->ev->kind == EV_NONE) {		/* a quiet moment */
		e = store_event(f->p, NULL);
		return e ? e : show(f, NULL, NULL);
	}
	find_origin(f->p, run->ev, run->n);
	for (size_t i = 0, n; !e && i < run->n; i += n) {
		e = observe(f, run->ev + i, run->n - i, &n);
		if (e || !hda_stirred(f->hda))
			continue;
		e = read_memory(f);
		if (!e)
			e = give_out(f);
	}
	return e;
}

/* Sets the codecs that an input names: their ids may not be in the traffic. */
static struct err *name_codecs(struct source *source, struct decoder *dec)
{
	const struct list_head *h = source->ops->list_head ? source->ops->list_head(source) : NULL;
	struct err *e = NULL;

	for (unsigned int i = 0; !e && h && i < LIST_CODECS; i++)
		if (h->codec[i].named)
			e = decoder_set_codec(dec, 0, i, h->codec[i].vendor_id);
	return e;
}

static struct err *begin(struct flow *f)
{
	struct pipeline *p = f->p;
	struct err *e = hda_create(&f->hda);

	p->hda = f->hda;
	p->stats = (struct stats){ .origin = EVENT_TIME_NONE };
	if (p->sink)
		p->sink->origin = EVENT_TIME_NONE;
	range_walk_init(&f->walk, &p->range);
	if (!e)
		e = decoder_create(&f->dec);
	if (!e)
		e = name_codecs(p->source, f->dec);
	if (!e && p->fold.registers)
		hda_show_registers(f->hda);
	if (!e && !p->source->ops->read_memory)
		hda_memory_follows(f->hda);
	if (!e && p->sink)
		e = fold_create(&p->fold, f->dec, p->sink, &f->fold);
	return e;
}

/* Gives out what is held, in any case, and returns the first error. */
static struct err *end(struct flow *f, struct err *e)
{
	struct err *later = f->hda ? hda_finish(f->hda) : NULL;

	if (!later && f->dec)
		later = give_out(f);
	if (!later)
		later = show(f, NULL, NULL);
	e = err_first(e, later);
	e = err_first(e, store_event(f->p, NULL));
	if (!e)
		e = range_walk_result(&f->walk, f->p->name);
	range_walk_deinit(&f->walk);
	fold_destroy(f->fold);
	decoder_destroy(f->dec);
	f->p->hda = NULL;
	hda_destroy(f->hda);
	return e;
}

struct err *pipeline_run(struct pipeline *p)
{
	struct flow f = { .p = p };
	struct event_run run;
	struct err *e = begin(&f);

	while (!e) {
		e = p->source->ops->next(p->source, &run);
		if (e || !run.n)
			break;
		e = take(&f, &run);
	}
	return end(&f, e);
}

void pipeline_deinit(struct pipeline *p)
{
	ctrl_names_deinit(&p->names);
}
