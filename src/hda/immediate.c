// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Immediate commands, 0x60-0x68: the verb is written to ICOI and sent when ICIS.ICB is set;
 * the answer is in ICII when ICIS.IRV reads 1. HD Audio specification 3.4 (optional), used by
 * firmware, by Linux with single_cmd=1 and by its newest platforms.
 */
#include "base/bits.h"
#include "hda/ctrl.h"
#include "hda/regs.h"

static bool covers(const struct event *ev, uint32_t offset)
{
	return offset >= ev->addr && offset < ev->addr + ev->width;
}

static uint8_t byte_of(const struct event *ev, uint32_t offset)
{
	return (uint8_t)(ev->value >> (8 * (offset - ev->addr)));
}

static void answer(struct ctrl *c, int64_t time, bool sure)
{
	struct queue_item *it = c->icmd_item ? queue_at(&c->queue, c->icmd_item - 1) : NULL;

	c->icmd_item = 0;
	if (!it)
		return;
	it->x.resp = c->icmd_read;
	it->x.resp_ex = it->x.cad;
	it->x.has_resp = true;
	it->x.t_resp = time;
	it->answer = PART_CLOSED;
	it->conflict |= !sure;
}

void immediate_end(struct ctrl *c)
{
	struct queue_item *it = c->icmd_item ? queue_at(&c->queue, c->icmd_item - 1) : NULL;

	if (it && c->icmd_have)
		/* read, but the guest has not seen that it was valid */
		answer(c, it->x.t_verb, false);
	else if (it)
		it->answer = PART_CLOSED;
	c->icmd_item = 0;
}

void immediate_write(struct ctrl *c, const struct event *ev)
{
	uint64_t id;

	if (!covers(ev, R_ICIS) || !(byte_of(ev, R_ICIS) & ICIS_ICB))
		return;
	immediate_end(c);
	pair_expire(c, ev->time);
	struct queue_item *it = ctrl_push(c, XACT_IMMEDIATE, &id);
	if (!it)
		return;
	it->x.t_verb = ev->time;
	it->x.line = ev->line;
	it->x.verb = load_le32(c->regs.value + R_ICOI);
	it->x.has_verb = reg_is_known(&c->regs, R_ICOI);
	it->x.cad = (uint8_t)bits(it->x.verb, 31, 28);
	it->x.batch = 1;
	it->word = PART_CLOSED;
	it->answer = PART_DUE;
	c->icmd_item = id + 1;
	c->icmd_valid = false;
	c->icmd_have = false;
}

void immediate_read(struct ctrl *c, const struct event *ev)
{
	if (!c->icmd_item)
		return;
	/* one access may cover status and answer: the answer is valid then */
	if (covers(ev, R_ICIS) && (byte_of(ev, R_ICIS) & ICIS_IRV))
		c->icmd_valid = true;
	if (ev->addr <= R_ICII && ev->addr + ev->width >= R_ICII + 4u) {
		c->icmd_read = load_le32(c->regs.value + R_ICII);
		c->icmd_have = true;
		if (c->icmd_valid)
			answer(c, ev->time, true);
	}
}
