// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/segments.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/steps/regmap.h"
#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"
#include "event/event.h"

const char *anchor_kind_name(enum anchor_kind kind)
{
	static const char *const names[ANCHOR_KINDS] = {
		[ANCHOR_START] = "start", [ANCHOR_MARK] = "mark",
		[ANCHOR_LINK_RESET] = "controller-reset", [ANCHOR_RESET] = "reset",
		[ANCHOR_POWER] = "power", [ANCHOR_STREAM] = "stream", [ANCHOR_DMA] = "dma",
		[ANCHOR_GPIO] = "gpio", [ANCHOR_JACK] = "jack", [ANCHOR_IDLE] = "idle",
	};

	return kind < ANCHOR_KINDS ? names[kind] : "unknown";
}

/* --- watching ----------------------------------------------------------------------- */

static struct err *see(struct segments *s, enum anchor_kind kind, int64_t time, uint32_t value,
		       unsigned int stream)
{
	if (!vec_room(s->seen, s->n_seen, s->cap_seen))
		return err_nomem();
	s->seen[s->n_seen++] = (struct watched){ .seq = s->seq, .time = time, .value = value,
						 .kind = (uint8_t)kind, .stream = (uint8_t)stream };
	return NULL;
}

/* Stream descriptors in BAR 0 (HDA 1.0a 3.3.35): 32 bytes each, at most 30. */
enum { SD_BASE = 0x80, SD_SIZE = 0x20, SD_MAX = 30 };

/* The lowest byte of a stream descriptor's control: bit 1 is RUN. */
static struct err *see_register(struct segments *s, const struct xact *x)
{
	uint32_t at = x->offset - SD_BASE, n = at / SD_SIZE;
	uint8_t run = x->count >> 1 & 1, *was;

	if (x->bar || !x->write || x->offset < SD_BASE || n >= SD_MAX || at % SD_SIZE)
		return NULL;
	was = &s->running[x->ctrl % EVENT_MAX_CTRL][n];
	if (*was == run)
		return NULL;
	*was = run;
	return see(s, ANCHOR_DMA, x->t_verb, run, n);
}

static struct err *segments_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct segments *s = (struct segments *)base;
	int64_t t = x->t_verb != EVENT_TIME_NONE ? x->t_verb : x->t_resp;
	struct err *e = NULL;

	(void)d;
	if (s->first_time == EVENT_TIME_NONE)
		s->first_time = t;
	if (x->kind == XACT_MMIO)
		return see_register(s, x);
	if (x->kind == XACT_UNSOL)
		return see(s, ANCHOR_JACK, t, x->resp, x->cad);
	if (!xact_is_verb(x) || !x->has_verb)
		return NULL;
	if (t != EVENT_TIME_NONE && s->last != EVENT_TIME_NONE && t - s->last >= s->idle_ns)
		e = see(s, ANCHOR_IDLE, t, (uint32_t)((t - s->last) / 1000000), 0);
	s->last = t;
	s->seq++;
	return e;
}

static struct err *segments_flush(struct sink *base)
{
	(void)base;
	return NULL;
}

void segments_init(struct segments *s, int64_t idle_ns)
{
	static const struct sink_ops ops = { .put = segments_put, .flush = segments_flush };

	*s = (struct segments){ .sink = { .ops = &ops, .origin = EVENT_TIME_NONE }, .idle_ns = idle_ns, .last = EVENT_TIME_NONE,
				.first_time = EVENT_TIME_NONE };
}

void segments_deinit(struct segments *s)
{
	free(s->anchors);
	free(s->v);
	free(s->changed);
	free(s->seen);
	*s = (struct segments){ 0 };
}

/* --- anchors --------------------------------------------------------------------------- */

static struct err *add_anchor(struct segments *s, const struct anchor *anchor)
{
	if (!vec_room(s->anchors, s->n_anchors, s->cap))
		return err_nomem();
	s->anchors[s->n_anchors++] = *anchor;
	return NULL;
}

/* The anchor that a step is; ANCHOR_KINDS = none. */
static enum anchor_kind anchor_of(const struct steps *a, const struct step *t, uint8_t *streams)
{
	const struct codec_model *m = step_codec(a, t)->model;
	uint8_t *stream = &streams[(size_t)t->codec * 256 + t->nid];
	bool had = *stream;

	switch (t->kind) {
	case STEP_LINK_RESET:
		return ANCHOR_LINK_RESET;
	case STEP_RESET:
		return ANCHOR_RESET;
	case STEP_GPIO:
		return ANCHOR_GPIO;
	case STEP_POWER:
		return t->nid == (m->afg ? m->afg : 1) ? ANCHOR_POWER : ANCHOR_KINDS;
	case STEP_VERB:
		if (t->space != SPACE_VERB || t->addr != 0x706)
			return ANCHOR_KINDS;
		*stream = t->value & 0xf0;
		return had == (*stream != 0) ? ANCHOR_KINDS : ANCHOR_STREAM;
	default:
		return ANCHOR_KINDS;
	}
}

static int by_place(const void *x, const void *y)
{
	const struct anchor *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return a->kind < b->kind ? -1 : a->kind > b->kind;
}

static struct err *find_anchors(struct segments *s, const struct steps *a)
{
	uint8_t *streams = calloc(a->n_codecs + 1, 256);
	struct err *e = streams ? NULL : err_nomem();
	size_t at = 0;

	for (size_t i = 0; !e && i < a->n; i++) {
		const struct step *t = &a->v[i];
		enum anchor_kind kind = anchor_of(a, t, streams);

		if (kind != ANCHOR_KINDS)
			e = add_anchor(s, &(struct anchor){
				.kind = (uint8_t)kind, .seq = t->seq - (t->n_verbs != 0), .at = i,
				.time = t->time });
	}
	for (size_t i = 0; !e && i < a->n_marks; i++) {
		const struct step_mark *m = &a->marks[i];

		/* gaps are counted in their segment */
		if (!m->gap)
			e = add_anchor(s, &(struct anchor){
				.kind = ANCHOR_MARK, .seq = m->seq, .at = m->at, .time = m->time,
				.mark = m->text });
	}
	for (size_t i = 0; !e && i < s->n_seen; i++) {
		const struct watched *w = &s->seen[i];

		while (at < a->n && a->v[at].seq <= w->seq)
			at++;
		e = add_anchor(s, &(struct anchor){
			.kind = w->kind, .seq = w->seq, .at = at, .time = w->time,
			.value = w->value, .source = w->stream });
	}
	if (!e && (!s->n_anchors || s->seq))
		e = add_anchor(s, &(struct anchor){
			.kind = ANCHOR_START, .time = s->first_time });
	if (!e)
		qsort(s->anchors, s->n_anchors, sizeof(*s->anchors), by_place);
	free(streams);
	return e;
}

/* --- segments ---------------------------------------------------------------------------- */

/*
 * Anchors with only anchors between them make one segment: a driver that takes the streams
 * from all converters does one thing. A user's mark always begins a segment.
 */
static struct err *cut(struct segments *s, const struct steps *a)
{
	size_t reached = 0, mark = 0;

	s->v = calloc(s->n_anchors + 1, sizeof(*s->v));
	if (!s->v)
		return err_nomem();
	for (size_t i = 0; i < s->n_anchors; i++) {
		const struct anchor *n = &s->anchors[i];
		struct segment *g = s->n ? &s->v[s->n - 1] : NULL;
		bool own = n->kind >= ANCHOR_LINK_RESET && n->kind <= ANCHOR_STREAM;

		own |= n->kind == ANCHOR_GPIO;
		if (!g || n->at > reached || (n->kind == ANCHOR_MARK && n->at > g->first)) {
			s->v[s->n++] = (struct segment){ .time = n->time, .first_anchor = i,
							 .first = n->at };
			g = &s->v[s->n - 1];
		}
		if (g->time == EVENT_TIME_NONE)
			g->time = n->time;
		g->n_anchors++;
		/* an anchor that is a step belongs to the segment */
		reached = n->at + own > reached ? n->at + own : reached;
	}
	for (size_t i = 0; i < s->n; i++) {
		struct segment *g = &s->v[i];
		uint64_t from = s->anchors[g->first_anchor].seq, to = s->seq;

		g->n = (i + 1 < s->n ? g[1].first : a->n) - g->first;
		if (i + 1 < s->n)
			to = s->anchors[g[1].first_anchor].seq;
		g->verbs = to > from ? to - from : 0;
		for (; mark < a->n_marks && (i + 1 == s->n || a->marks[mark].seq < to); mark++)
			g->gaps += a->marks[mark].gap;
		g->end = g->n ? a->v[g->first + g->n - 1].time : g->time;
	}
	return NULL;
}

/* Finds the steps whose value differs from the one before the segment and lasts to its end. */
static struct err *find_changes(struct segments *s, const struct steps *a)
{
	struct regmap now = { 0 };
	struct step_reg regs[STEP_REGS_MAX];
	struct err *e = NULL;

	s->changed = calloc(a->n + 1, sizeof(*s->changed));
	if (!s->changed)
		return err_nomem();
	for (size_t g = 0; !e && g < s->n; g++) {
		struct segment *seg = &s->v[g];

		/* backwards: the last write of each register, if it is a change */
		for (size_t i = seg->first + seg->n; !e && i-- > seg->first;) {
			const struct step *t = &a->v[i];
			unsigned int n = step_regs(a, t, regs);
			bool kept = t->order == ORDER_KEPT || t->order == ORDER_RESET;

			for (unsigned int k = 0; k < n && t->order != ORDER_NOTHING; k++) {
				struct regmap_entry *r = regmap_get(&now, t->codec, regs[k].key);

				if (!r) {
					e = err_nomem();
					break;
				}
				if (r->epoch != g + 1) {
					r->epoch = (uint32_t)g + 1;
					r->covered = 0;
				}
				s->changed[i] |= (regs[k].mask & ~r->covered & ~r->mask) ||
						 ((r->value ^ regs[k].value) & regs[k].mask &
						  ~r->covered);
				r->covered |= regs[k].mask;
			}
			s->changed[i] |= kept && !t->asks;
			seg->changes += s->changed[i];
		}
		for (size_t i = seg->first; !e && i < seg->first + seg->n; i++) {
			unsigned int n = step_regs(a, &a->v[i], regs);

			for (unsigned int k = 0; k < n; k++) {
				struct regmap_entry *r = regmap_get(&now, a->v[i].codec, regs[k].key);

				if (!r)
					continue;	/* the register had this value before */
				r->value = (r->value & ~regs[k].mask) | (regs[k].value & regs[k].mask);
				r->mask |= regs[k].mask;
			}
		}
	}
	regmap_deinit(&now);
	return e;
}

struct err *segments_finish(struct segments *s, const struct steps *a)
{
	struct err *e = find_anchors(s, a);

	if (!e)
		e = cut(s, a);
	return e ? e : find_changes(s, a);
}
