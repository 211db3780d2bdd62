// SPDX-License-Identifier: GPL-2.0-or-later
/* The command ring: which words the guest has announced, and their contents. */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "hda/ctrl.h"

static void word_known(struct ctrl *c, struct queue_item *it, uint64_t id, uint32_t word)
{
	it->x.verb = word;
	it->x.has_verb = true;
	it->x.cad = (uint8_t)bits(word, 31, 28);
	pair_verb(c, it, id);
}

/*
 * The guest has made the words after the last one taken, up to @wp, valid. One CORBWP write
 * may announce several, and they may wrap round the ring's end.
 */
void corb_announce(struct ctrl *c, uint16_t wp, const struct event *ev)
{
	struct ring *r = &c->ring[RING_CORB];
	uint16_t mask, count;

	ring_take_size(c, r);
	mask = (uint16_t)(r->size - 1);
	wp &= mask;
	if (!r->pos_known) {
		ctrl_say(c, XACT_NOTE, 0, "the ring was in use before the capture began: "
			 "verbs up to slot %u are not known", (wp - 1) & mask);
		r->pos = (wp - 1) & mask;
		r->pos_known = true;
	}
	count = (wp - r->pos) & mask;
	if (!count)
		return;

	uint16_t first = (r->pos + 1) & mask;
	for (uint16_t i = 0; i < count; i++)
		ring_claim(c, r, (first + i) & mask);
	/* this is the further announcement that the proof waits for */
	ring_close_past(c, r);
	pair_expire(c, ev->time);

	uint64_t first_id = c->queue.tail;
	for (uint16_t i = 0; i < count; i++) {
		uint64_t id;
		struct queue_item *it = ctrl_push(c, XACT_CORB, &id);

		if (!it)
			return;
		it->x.t_verb = ev->time;
		it->x.line = ev->line;
		it->x.batch = count;
		it->x.slot = (first + i) & mask;
		it->word = PART_DUE;
		r->owner[it->x.slot] = id + 1;
	}
	r->pos = wp;
	if (r->base_known) {
		ring_want(c, r, first, count, first_id, ev->time);
		return;
	}
	if (!r->told_no_base)
		ctrl_say(c, XACT_NOTE, 0, "verbs are sent, but the write of the CORB's base "
			 "address (0x40) was not seen: their words are not known");
	r->told_no_base = true;
	for (uint64_t id = first_id; id < first_id + count; id++) {
		queue_at(&c->queue, id)->word = PART_CLOSED;
		c->lost_verbs++;
	}
}

static void tell_reason(struct ctrl *c, const struct event *ev)
{
	const char *why = ev->data ? ev->data : "";
	size_t len = strnlen(why, ev->data ? ev->len : 0);
	char *reason;

	if (c->last_reason && strlen(c->last_reason) == len && !memcmp(c->last_reason, why, len))
		return;
	reason = strndup(why, len);
	if (!reason) {
		c->nomem = true;
		return;
	}
	ctrl_say(c, XACT_NOTE, 0, "guest memory at 0x%llx could not be read: %s",
		 (unsigned long long)ev->addr, reason);
	free(c->last_reason);
	c->last_reason = reason;
}

void corb_memory(struct ctrl *c, const struct mem_request *w, const struct event *ev)
{
	bool have = ev->kind == EV_MEM;

	if (!have)
		tell_reason(c, ev);
	for (uint16_t i = 0; i < w->count; i++) {
		struct queue_item *it = queue_at(&c->queue, w->item + i);

		if (!it || it->word != PART_DUE)
			continue;
		if (!have) {
			it->word = PART_CLOSED;
			c->lost_verbs++;
			continue;
		}
		if (ev->origin == ORIGIN_BPF)	/* read at the trapped access itself */
			it->word = PART_CLOSED;
		else
			ring_open(c, &c->ring[RING_CORB], it->x.slot, it, w->item + i);
		word_known(c, it, w->item + i, load_le32((const uint8_t *)ev->data + i * 4));
	}
}

/* A word that another tool has read from the ring. */
void corb_word(struct ctrl *c, const struct event *ev)
{
	uint64_t id;
	struct queue_item *it;

	pair_expire(c, ev->time);
	it = ctrl_push(c, XACT_CORB, &id);
	if (!it)
		return;
	it->x.t_verb = ev->time;
	it->x.line = ev->line;
	it->x.batch = ev->bar ? ev->bar : 1;
	it->x.slot = ev->addr == EVENT_NO_SLOT ? 0 : (uint16_t)ev->addr;
	it->word = PART_CLOSED;
	if (ev->width == ANSWER_UNRECORDED) {
		it->x.verb = (uint32_t)ev->value;
		it->x.has_verb = true;
		it->x.cad = (uint8_t)bits(it->x.verb, 31, 28);
		if (it->x.cad == PAIR_BROADCAST)
			it->x.kind = XACT_BROADCAST;
		it->x.unrecorded = true;
		return;
	}
	word_known(c, it, id, (uint32_t)ev->value);
}
