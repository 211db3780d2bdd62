// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pairs responses with verbs: for each codec address, in order, never by index (a codec
 * answers in the order of its verbs; the order between codecs is not defined). HD Audio
 * specification 4.4.2, 4.4.3.
 */
#include "base/bits.h"
#include "hda/ctrl.h"
#include "hda/regs.h"

/* A verb that has waited this long will not be answered; Linux gives up after 1 s. */
#define PATIENCE_NS 1000000000ll
/* Nor will the oldest of so many verbs: the entries of two whole rings. */
#define PATIENCE_VERBS (2 * RING_MAX)

void pair_verb(struct ctrl *c, struct queue_item *it, uint64_t id)
{
	if (it->x.cad == PAIR_BROADCAST) {
		it->x.kind = XACT_BROADCAST;
		return;
	}
	c->codecs |= (uint16_t)(1u << it->x.cad);
	it->answer = PART_DUE;
	if (!idlist_push(&c->fifo[it->x.cad], id)) {
		c->nomem = true;
		return;
	}
	c->outstanding++;
}

static struct queue_item *next_waiting(struct ctrl *c, uint8_t cad, uint64_t *id)
{
	struct idlist *l = &c->fifo[cad];

	while (!idlist_empty(l)) {
		*id = idlist_pop(l);
		c->outstanding--;
		struct queue_item *it = queue_at(&c->queue, *id);
		if (it && it->answer == PART_DUE)
			return it;
	}
	return NULL;
}

struct queue_item *pair_response(struct ctrl *c, uint32_t resp, uint32_t ex, int64_t time, uint64_t *id)
{
	uint8_t cad = ex & 0xf;
	bool unsol = ex & RIRB_EX_UNSOL;
	struct queue_item *it = unsol ? NULL : next_waiting(c, cad, id);

	if (it) {
		it->conflict |= c->doubt[cad];
		if (idlist_empty(&c->fifo[cad]))
			/* the codec has answered everything, so the order is certain again */
			c->doubt[cad] = false;
	} else {
		it = ctrl_push(c, unsol ? XACT_UNSOL : XACT_SPURIOUS, id);
		if (!it)
			return NULL;
		it->x.cad = cad;
		it->conflict = !unsol;
	}
	it->x.resp = resp;
	it->x.resp_ex = ex;
	it->x.has_resp = true;
	it->x.t_resp = time;
	return it;
}

void pair_flush(struct ctrl *c)
{
	uint64_t id;

	for (uint8_t cad = 0; cad < CODECS; cad++) {
		struct queue_item *it;

		while ((it = next_waiting(c, cad, &id)))
			it->answer = PART_CLOSED;
		c->doubt[cad] = false;
	}
	c->lost_verbs = 0;
}

void pair_doubt(struct ctrl *c)
{
	for (uint8_t cad = 0; cad < CODECS; cad++)
		if (!idlist_empty(&c->fifo[cad]))
			c->doubt[cad] = true;
}

/* The only codec that got verbs; -1 = none or several. */
static int only_codec(const struct ctrl *c)
{
	return c->codecs && !(c->codecs & (c->codecs - 1)) ? __builtin_ctz(c->codecs) : -1;
}

/*
 * Lost verbs are put into the codec's list like others, so that the responses after theirs
 * are paired correctly. Which codec they went to is certain only if there is just one.
 */
void pair_lost_verbs(struct ctrl *c, uint64_t n, const struct event *ev)
{
	int cad = only_codec(c);

	if (cad < 0 || n > RING_MAX) {
		for (cad = 0; cad < CODECS; cad++)
			c->doubt[cad] |= c->codecs >> cad & 1;
		return;
	}
	while (n--) {
		uint64_t id;
		struct queue_item *it = ctrl_push(c, XACT_CORB, &id);

		if (!it)
			return;
		it->x.t_verb = ev->time;
		it->x.line = ev->line;
		it->x.cad = (uint8_t)cad;
		it->x.batch = 1;
		it->word = PART_CLOSED;
		it->counted_by_gap = true;
		pair_verb(c, it, id);
	}
}

/* If as many came as were expected, they answered all of those. */
uint64_t pair_lost_responses(struct ctrl *c, uint64_t n)
{
	bool all = n >= c->outstanding;
	int only = only_codec(c);
	uint64_t matter = n;

	if (!all && only < 0) {
		pair_doubt(c);
		return n;
	}
	for (uint8_t cad = 0; cad < CODECS; cad++) {
		struct queue_item *it;
		uint64_t id;

		while (n && (all || cad == only) && (it = next_waiting(c, cad, &id))) {
			it->answer = PART_CLOSED;
			it->x.unrecorded = true;
			matter -= it->counted_by_gap;
			n--;
		}
	}
	/* one of them may be unsolicited, and no answer */
	pair_doubt(c);
	return matter;
}

void pair_give_up(struct ctrl *c, struct queue_item *it)
{
	uint64_t id;
	struct queue_item *first;

	/* an immediate command is not in a list; the next one ends it */
	if (it->x.kind == XACT_IMMEDIATE) {
		immediate_end(c);
		it->answer = PART_CLOSED;
		return;
	}
	/* the oldest of all waiting items is also its codec's oldest */
	first = next_waiting(c, it->x.cad, &id);
	if (first)
		first->answer = PART_CLOSED;
	if (first != it)
		it->answer = PART_CLOSED;
	if (!idlist_empty(&c->fifo[it->x.cad]))
		c->doubt[it->x.cad] = true;
}

void pair_expire(struct ctrl *c, int64_t now)
{
	struct queue_item *it;

	for (uint64_t id = c->queue.head; (it = queue_at(&c->queue, id)); id++) {
		bool old = now != EVENT_TIME_NONE && it->x.t_verb != EVENT_TIME_NONE &&
			   now - it->x.t_verb > PATIENCE_NS;

		if (it->answer != PART_DUE)
			continue;
		if (!old && c->outstanding < PATIENCE_VERBS)
			return;
		pair_give_up(c, it);
	}
}
