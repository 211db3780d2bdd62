// SPDX-License-Identifier: GPL-2.0-or-later
/* Common parts of CORB and RIRB: slots, proof, and requests for memory. */
#include "base/vec.h"
#include "hda/ctrl.h"

#include <stdlib.h>
#include <string.h>

#define WANTS_MAX 512
#define OPEN_MAX (4 * RING_MAX)
/* Bounds the reads without a horizon, for a source that gives none. */
#define READS_MAX 65536

static uint32_t entry_bytes(const struct ring *r)
{
	return r->id == RING_CORB ? 4 : 8;
}

void ring_init(struct ring *r, enum ring_id id)
{
	r->id = id;
	r->size = RING_MAX;
}

void ring_open(struct ctrl *c, struct ring *r, uint16_t slot, struct queue_item *it, uint64_t id)
{
	struct queue_item *first;

	r->owner[slot] = id + 1;
	*item_part(it, r->id) = PART_OPEN;
	/* bounds the list if no horizon comes: each slot has one open item */
	while (r->open.tail - r->open.head >= OPEN_MAX &&
	       (!(first = queue_at(&c->queue, *idlist_at(&r->open, r->open.head))) ||
		*item_part(first, r->id) != PART_OPEN))
		idlist_pop(&r->open);
	if (!idlist_push(&r->open, id))
		c->nomem = true;
}

void ring_claim(struct ctrl *c, struct ring *r, uint16_t slot)
{
	struct queue_item *it = r->owner[slot] ? queue_at(&c->queue, r->owner[slot] - 1) : NULL;

	r->owner[slot] = 0;
	if (!it)
		return;
	/* no horizon can prove it later */
	if (*item_part(it, r->id) == PART_OPEN)
		*item_part(it, r->id) = PART_CLOSED;
	else if (*item_part(it, r->id) != PART_DUE)
		return;
	it->suspect = true;
}

static void close_first(struct ctrl *c, struct ring *r, bool suspect)
{
	struct queue_item *it = queue_at(&c->queue, idlist_pop(&r->open));

	if (it && *item_part(it, r->id) == PART_OPEN) {
		*item_part(it, r->id) = PART_CLOSED;
		it->suspect |= suspect;
	}
}

void ring_close_before(struct ctrl *c, struct ring *r, uint64_t index)
{
	while (r->open.head < index)
		close_first(c, r, false);
}

void ring_horizon(struct ctrl *c, uint64_t later)
{
	struct ring *corb = &c->ring[RING_CORB];

	for (int i = 0; i < RINGS; i++) {
		struct ring *r = &c->ring[i];

		if (r->reads.tail - r->reads.head > later) {
			r->reads.head = r->reads.tail - later;
			r->past = *idlist_at(&r->reads, r->reads.head - 1);
		}
	}
	/*
	 * The newest word of all is proven at once: the next announcement can have at most a
	 * ring less one slot, and that slot is this word's own.
	 */
	if (!idlist_empty(&corb->open) && corb->past == corb->open.tail) {
		struct queue_item *it = queue_at(&c->queue, *idlist_at(&corb->open, corb->open.tail - 1));

		if (it && it->word == PART_OPEN && it->x.slot == corb->pos)
			it->word = PART_CLOSED;
	}
}

void ring_teardown(struct ctrl *c, struct ring *r)
{
	ring_close_past(c, r);
	/* these were read when the guest may already have been past this point */
	while (!idlist_empty(&r->open))
		close_first(c, r, true);
	r->past = r->open.head;
	memset(r->owner, 0, sizeof(r->owner));
}

void ring_gap(struct ctrl *c, struct ring *r)
{
	while (!idlist_empty(&r->open))
		close_first(c, r, true);
	r->past = r->open.head;
}

void ring_finish(struct ctrl *c, struct ring *r)
{
	ring_close_past(c, r);
	while (!idlist_empty(&r->open))
		close_first(c, r, true);
	r->past = r->open.head;
}

void ring_forget(struct ring *r)
{
	enum ring_id id = r->id;
	struct idlist open = r->open, reads = r->reads;

	open.head = open.tail;
	reads.head = reads.tail;
	*r = (struct ring){ .open = open, .reads = reads, .past = open.head };
	ring_init(r, id);
}

void ring_take_size(struct ctrl *c, struct ring *r)
{
	if (r->asked && r->asked != r->size) {
		if (r->asked_running)
			ctrl_say(c, XACT_NOTE, 0, "%sSIZE changed from %u to %u entries while "
				 "the ring runs", r->id == RING_CORB ? "CORB" : "RIRB", r->size,
				 r->asked);
		r->size = r->asked;
		r->pos &= r->size - 1;
		ring_teardown(c, r);
	}
	r->asked = 0;
}

/* --- requests for memory ------------------------------------------------ */

/* Makes room for one more; NULL if memory ran out. */
static struct mem_request *requests_add(struct wants *w)
{
	if (w->head == w->tail) {
		w->head = w->asked = w->tail = 0;
	} else if (w->head && w->tail == w->cap) {
		memmove(w->list, w->list + w->head, (w->tail - w->head) * sizeof(*w->list));
		w->tail -= w->head;
		w->asked -= w->head < w->asked ? w->head : w->asked;
		w->head = 0;
	}
	return vec_room(w->list, w->tail, w->cap) ? &w->list[w->tail++] : NULL;
}

static void want_lost(struct ctrl *c, const struct mem_request *w, const char *why)
{
	const struct event ev = {
		.kind = EV_NOMEM, .origin = ORIGIN_SELF, .addr = w->range.addr,
		.value = w->range.len, .data = why, .len = (uint32_t)strlen(why),
	};

	if (w->ring == RING_CORB)
		corb_memory(c, w, &ev);
	else
		rirb_memory(c, w, &ev);
}

void ring_want(struct ctrl *c, struct ring *r, uint16_t slot, uint16_t count, uint64_t item,
	       int64_t time)
{
	/* bounds the list, for a file that never answers */
	while (c->wants.tail - c->wants.head > WANTS_MAX) {
		struct mem_request w = c->wants.list[c->wants.head++];

		want_lost(c, &w, "the record of this memory is missing");
	}
	if (c->wants.asked < c->wants.head)
		c->wants.asked = c->wants.head;
	while (count) {
		uint16_t left = (uint16_t)(r->size - slot), n = left < count ? left : count;
		struct mem_request *w = requests_add(&c->wants);

		if (!w) {
			c->nomem = true;
			return;
		}
		w->ring = r->id;
		w->range.addr = r->base + (uint64_t)slot * entry_bytes(r);
		w->range.len = n * entry_bytes(r);
		w->range.ctrl = c->id;
		w->time = time;
		w->item = item;
		w->slot = slot;
		w->count = n;
		count = (uint16_t)(count - n);
		item += n;
		slot = 0;
	}
}

bool ring_next_want(struct ctrl *c, struct mem_range *range)
{
	if (!ring_wants(c))
		return false;
	*range = c->wants.list[c->wants.asked++].range;
	return true;
}

/*
 * Memory arrives in the order of the requests. So an answer to a later request means that the
 * answers to earlier ones were lost (a damaged capture file); an answer to no request is
 * ignored.
 */
static void answer_want(struct ctrl *c, const struct event *ev)
{
	struct wants *w = &c->wants;
	size_t i;

	for (i = w->head; i < w->tail; i++) {
		uint64_t len = ev->kind == EV_MEM ? ev->len : ev->value;

		if (w->list[i].range.addr == ev->addr && w->list[i].range.len == len)
			break;
	}
	if (i == w->tail)
		return;
	while (w->head < i)
		want_lost(c, &w->list[w->head++], "the record of this memory is missing");
	const struct mem_request *want = &w->list[w->head++];
	if (w->asked < w->head)
		w->asked = w->head;
	if (want->ring == RING_CORB)
		corb_memory(c, want, ev);
	else
		rirb_memory(c, want, ev);
}

/* Stores which parts this read of memory gave, until its horizon comes. */
static void note_read(struct ctrl *c)
{
	for (int i = 0; i < RINGS; i++) {
		if (c->ring[i].reads.tail - c->ring[i].reads.head == READS_MAX)
			idlist_pop(&c->ring[i].reads);
		if (!idlist_push(&c->ring[i].reads, c->ring[i].open.tail))
			c->nomem = true;
	}
}

void ring_memory(struct ctrl *c, const struct event *ev)
{
	answer_want(c, ev);
	/* a read at the access itself needs no horizon */
	if (ev->kind == EV_MEM && ev->origin != ORIGIN_BPF)
		note_read(c);
}
