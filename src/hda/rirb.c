// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The response ring. The hardware writes it; the model learns its position from the guest's
 * reads of RIRBWP.
 */
#include "base/bits.h"
#include "hda/ctrl.h"
#include "hda/regs.h"

void rirb_observe(struct ctrl *c, uint16_t wp, const struct event *ev)
{
	struct ring *r = &c->ring[RING_RIRB];
	uint16_t mask, count;

	ring_take_size(c, r);
	mask = (uint16_t)(r->size - 1);
	wp &= mask;
	if (!r->pos_known) {
		/* earlier responses belong to verbs that were not captured either */
		r->pos = wp;
		r->pos_known = true;
		return;
	}
	count = (wp - r->pos) & mask;
	if (!count)
		return;

	uint16_t first = (r->pos + 1) & mask;
	for (uint16_t i = 0; i < count; i++)
		ring_claim(c, r, (first + i) & mask);
	ring_close_past(c, r);
	r->pos = wp;
	if (r->base_known) {
		ring_want(c, r, first, count, 0, ev->time);
	} else if (!r->told_no_base) {
		ctrl_say(c, XACT_NOTE, 0, "responses arrive, but the write of the RIRB's base "
			 "address (0x50) was not seen: they are not known");
		r->told_no_base = true;
	}
}

static struct queue_item *response(struct ctrl *c, uint32_t resp, uint32_t ex, uint16_t slot,
			     int64_t time, bool proven)
{
	uint64_t id = 0;
	struct queue_item *it = pair_response(c, resp, ex, time, &id);

	if (!it)
		return NULL;
	if (!xact_is_verb(&it->x))
		it->x.slot = slot;
	if (proven)
		it->answer = PART_CLOSED;
	else
		ring_open(c, &c->ring[RING_RIRB], slot, it, id);
	return it;
}

void rirb_memory(struct ctrl *c, const struct mem_request *w, const struct event *ev)
{
	if (ev->kind != EV_MEM) {
		/* without a single readable verb these belong to no verb */
		uint32_t lost = w->count > c->lost_verbs ? w->count - c->lost_verbs : 0;

		c->lost_verbs -= w->count - lost;
		if (lost) {
			ctrl_say(c, XACT_GAP, lost, "%u response%s in the RIRB from slot %u could "
				 "not be read: %.*s", lost, lost == 1 ? "" : "s", w->slot,
				 (int)ev->len, ev->data ? (const char *)ev->data : "");
			pair_doubt(c);
		}
		return;
	}
	for (uint16_t i = 0; i < w->count; i++) {
		const uint8_t *entry = (const uint8_t *)ev->data + i * 8;

		response(c, load_le32(entry), load_le32(entry + 4), w->slot + i, w->time,
			 ev->origin == ORIGIN_BPF);
	}
}

/*
 * Called after an event after the horizon. A response's slot can be reused only after the
 * hardware has written a whole ring, and it answers no verb that was not announced: if fewer
 * verbs are unanswered than there are slots, the responses read are proven without waiting
 * for the guest's next read of RIRBWP. (Unsolicited responses come at most one a frame and
 * codec; a lap of them takes at least a third of a millisecond.)
 */
void rirb_settle(struct ctrl *c)
{
	struct ring *r = &c->ring[RING_RIRB];

	if (!rirb_is_settled(c) && r->open.tail - r->open.head + c->outstanding < r->size)
		ring_close_past(c, r);
}

void rirb_pair(struct ctrl *c, const struct event *ev)
{
	struct queue_item *it = response(c, (uint32_t)ev->value, (uint32_t)(ev->value >> 32),
				   ev->addr == EVENT_NO_SLOT ? 0 :
				   (uint16_t)(ev->addr & (RING_MAX - 1)), ev->time, true);

	if (!it)
		return;
	if (!xact_is_verb(&it->x))
		it->x.line = ev->line;
	/* the tool may have shown a NID without its top bit */
	if (ev->len == 4)
		it->x.moved = !it->x.has_verb ||
			      ((it->x.verb ^ load_le32(ev->data)) & ~(0x80u << 20)) != 0;
}
