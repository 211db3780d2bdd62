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

static void count(struct stats *s, const struct xact *x)
{
	s->verbs += xact_is_verb(x) && !x->counted;
	s->responses += xact_is_verb(x) && x->has_resp;
	s->immediate += x->kind == XACT_IMMEDIATE;
	s->broadcast += x->kind == XACT_BROADCAST;
	s->unsolicited += x->kind == XACT_UNSOL;
	s->spurious += x->kind == XACT_SPURIOUS;
	s->gaps += x->kind == XACT_GAP;
	s->missing += x->kind == XACT_GAP && x->gap == GAP_VERBS ? x->count : 0;
	s->moved += x->moved;
	s->resets += x->kind == XACT_RESET;
	s->marks += x->kind == XACT_MARK;
	s->suspect += x->certainty == CERT_SUSPECT;
	s->conflicting += x->certainty == CERT_CONFLICTING;
	s->unanswered += x->certainty == CERT_UNANSWERED;
	s->lost += x->certainty == CERT_LOST && !x->counted;
}

/*
 * A guest must not suffer for a full disk or a closed terminal: while it runs,
 * the part that failed is left out and the rest goes on.
 */
static struct err *store_event(struct pipeline *p, const struct event *ev)
{
	struct err *e;

	if (!p->store || p->store_failed)
		return NULL;
	e = ev ? store_put(p->store, ev) : store_flush(p->store);
	if (!e || !p->live)
		return e;
	log_err(err_wrap(e, "nothing more is stored"));
	p->store_failed = true;
	return NULL;
}

/* Shows a xact, or with none what is held back; what failed is left out while a guest runs. */
static struct err *show(struct pipeline *p, struct fold *fold, const struct xact *x,
			const struct decoded *d)
{
	struct err *e;

	if (!p->sink)
		return NULL;
	e = x ? fold_put(fold, x, d) : fold_flush(fold);
	if (!e || !p->live)
		return e;
	log_err(err_wrap(e, "nothing more is shown"));
	p->sink = NULL;
	return NULL;
}

/* What is outside of the range is for sinks that learn from it. */
static struct err *leave_out(struct pipeline *p, const struct xact *x, const struct decoded *d,
			     enum range_place place)
{
	return p->sink->ops->outside ? p->sink->ops->outside(p->sink, x, d, place) : NULL;
}

static struct err *give_out(struct pipeline *p, struct hda *hda, struct decoder *dec,
			    struct fold *fold, struct range_walk *walk)
{
	struct decoded d;
	struct xact x;
	struct err *e = NULL;

	while (!e && hda_next_xact(hda, &x)) {
		enum range_place place = range_walk(walk, &x, p->stats.origin);

		if (place == RANGE_WITHIN)
			count(&p->stats, &x);
		if (!p->sink)
			continue;
		codec_decode(dec, &x, &d);
		e = place == RANGE_WITHIN ? show(p, fold, &x, &d) : leave_out(p, &x, &d, place);
	}
	return e;
}

/* All times are told from here on. */
static void begin(struct pipeline *p, const struct event *ev)
{
	const struct source *s = p->source;

	p->stats.origin = s->has_began && s->began < ev->time ? s->began : ev->time;
	if (p->sink)
		p->sink->origin = p->stats.origin;
}

static struct err *observe(struct pipeline *p, struct hda *hda, const struct event *ev)
{
	struct err *e;

	p->stats.events++;
	if (p->stats.origin == EVENT_TIME_NONE && ev->time != EVENT_TIME_NONE)
		begin(p, ev);
	if (ev->kind == EV_CONTROLLER)
		ctrl_names_learn(&p->names, ev);
	e = p->store ? store_event(p, ev) : NULL;
	return e ? e : hda_feed(hda, ev);
}

/* Codecs that an input names itself: no answer to a verb may be in it. */
static struct err *name_codecs(struct source *source, struct decoder *dec)
{
	const struct list_head *h = source->ops->list_head ? source->ops->list_head(source) : NULL;
	struct err *e = NULL;

	for (unsigned int i = 0; !e && h && i < LIST_CODECS; i++)
		if (h->codec[i].named)
			e = decoder_set_codec(dec, 0, i, h->codec[i].vendor_id);
	return e;
}

struct err *pipeline_run(struct pipeline *p)
{
	struct decoder *dec = NULL;
	struct fold *fold = NULL;
	struct hda *hda = NULL;
	struct range_walk walk;
	struct event ev;
	struct mem_range r;
	struct err *e;
	bool more;

	p->stats = (struct stats){ .origin = EVENT_TIME_NONE };
	range_walk_init(&walk, &p->range);
	if (p->sink)
		p->sink->origin = EVENT_TIME_NONE;
	e = hda_create(&hda);
	p->hda = hda;
	if (!e)
		e = decoder_create(&dec);
	if (!e)
		e = name_codecs(p->source, dec);
	if (!e && p->fold.registers)
		hda_show_registers(hda);
	if (!e && p->sink)
		e = fold_create(&p->fold, dec, p->sink, &fold);
	while (!e) {
		e = p->source->ops->next(p->source, &ev, &more);
		if (e || !more)
			break;
		if (ev.kind == EV_NONE) {	/* a quiet moment */
			e = store_event(p, NULL);
			if (!e)
				e = show(p, fold, NULL, NULL);
			continue;
		}
		e = observe(p, hda, &ev);
		if (!e && !hda_stirred(hda))
			continue;
		while (!e && hda_wants(hda, &r)) {
			if (!p->source->ops->read_memory)
				continue;	/* a capture file holds the answer already */
			e = p->source->ops->read_memory(p->source, r.ctrl, r.addr, r.len, &ev);
			/* one part of a joined input may be a capture file */
			if (!e && ev.kind != EV_NONE)
				e = observe(p, hda, &ev);
		}
		if (!e)
			e = give_out(p, hda, dec, fold, &walk);
	}
	/* whatever happened: what was seen is given out */
	struct err *end = hda ? hda_finish(hda) : NULL;
	if (!end && (fold || !p->sink) && dec)
		end = give_out(p, hda, dec, fold, &walk);
	if (!end && fold)
		end = show(p, fold, NULL, NULL);
	if (e)
		err_free(end);
	else
		e = end;
	end = store_event(p, NULL);
	if (!end && !e)
		end = range_walk_result(&walk, p->name);
	if (e)
		err_free(end);
	else
		e = end;
	range_walk_deinit(&walk);
	fold_destroy(fold);
	decoder_destroy(dec);
	p->hda = NULL;
	hda_destroy(hda);
	return e;
}

void pipeline_deinit(struct pipeline *p)
{
	ctrl_names_deinit(&p->names);
}
