// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/save_schedule.h"

#include <string.h>

#include "base/bits.h"
#include "event/event.h"

#define RING_SIZE 256

void save_schedule_init(struct save_schedule *l)
{
	*l = (struct save_schedule){ 0 };
	for (int i = 0; i < LANES; i++)
		l->ring[i].size = RING_SIZE;
}

/* --- saves ---------------------------------------------------------------- */

/* Marks entries as lost that were overwritten before they could be saved. */
static void give_up(struct save_schedule *l, enum lane lane, uint64_t upto)
{
	struct lap_ring *r = &l->ring[lane];
	struct save none = { 0 };

	none.part[lane].at = r->at;
	if (r->saved >= upto)
		return;
	save_schedule_say(l, LAP_LOST, &none, lane, r->saved + 1, upto);
	r->saved = upto;
	if (r->last_k < upto)
		r->last_k = upto;
}

static bool unsaved(const struct save_schedule *l)
{
	for (int i = 0; i < LANES; i++)
		if (l->ring[i].k > l->ring[i].saved)
			return true;
	return false;
}

/* True if all entries that are not in a frame are in the exit_dump. */
static bool kept(const struct save_schedule *l)
{
	for (int i = 0; i < LANES; i++)
		if (l->ring[i].k > l->ring[i].last_k)
			return false;
	return l->have_last;
}

static void want(struct save_schedule *l, enum save_kind kind)
{
	struct save s = { .kind = kind, .number = kind == SAVE_MORE ? l->more++ : l->frame };

	if (l->n_saves == SCHEDULE_SAVES)
		return;
	for (int i = 0; i < LANES; i++) {
		struct lap_ring *r = &l->ring[i];
		struct save_part *p = &s.part[i];

		p->epoch = r->epoch;
		p->at = r->at;
		if (!r->base_known) {
			give_up(l, (enum lane)i, r->k);
			continue;
		}
		if (r->k > r->size)
			give_up(l, (enum lane)i, r->k - r->size);
		p->base = r->base;
		p->size = r->size;
		p->first = r->saved + 1;
		p->count = (uint16_t)(r->k - r->saved);
		p->lap = r->lap + 1;
		p->good = r->good;
		p->stopped = !r->running && reg_is_known(&l->regs, i == LANE_CORB ? R_CORBCTL : R_RIRBCTL);
		r->last_k = r->k;
		if (kind != SAVE_LAST)
			r->saved = r->k;
		if (kind == SAVE_FRAME || kind == SAVE_KEEP)
			r->lap = r->k;
	}
	if (kind == SAVE_FRAME || kind == SAVE_KEEP)
		l->frame++;
	l->have_last = kind == SAVE_LAST;
	l->quiet_due = false;
	if (s.part[LANE_CORB].count || s.part[LANE_RIRB].count)
		l->saves[l->n_saves++] = s;
}

/* The number of the next entry after @k that completes a half of the ring. */
static uint64_t next_half(uint64_t k, uint16_t size)
{
	uint64_t half = size / 2;

	return ((k + 1) / half + 1) * half - 1;
}

static void after_announcement(struct save_schedule *l)
{
	const struct lap_ring *c = &l->ring[LANE_CORB], *r = &l->ring[LANE_RIRB];
	uint64_t n = c->k - c->saved;

	l->quiet_due = true;
	if (c->k >= next_half(c->saved, c->size)) {
		bool lap = (c->k + 1) / c->size > (c->saved + 1) / c->size;

		want(l, lap ? SAVE_FRAME : SAVE_HALF);
	} else if (n + c->biggest > c->size) {
		want(l, SAVE_MORE);
	} else if (r->k - r->saved >= r->size - r->size / 4u) {
		want(l, SAVE_MORE);
	}
}

void save_schedule_quiet(struct save_schedule *l)
{
	if (l->quiet_due && unsaved(l) && !kept(l))
		want(l, SAVE_LAST);
	l->quiet_due = false;
}

/* The ring stops: its memory may soon be used for something else. */
static void stop(struct save_schedule *l, enum lane lane, uint64_t pos)
{
	save_schedule_teardown(l, lane, pos);
	l->ring[lane].running = false;
	if (unsaved(l) && !kept(l))
		want(l, SAVE_LAST);
}

/*
 * The ring was set up again and counts from entry @start: the frame ends here, and in the
 * joined file the next entry follows the last one.
 */
static void new_epoch(struct save_schedule *l, enum lane lane, uint16_t start, uint64_t pos)
{
	struct lap_ring *r = &l->ring[lane];

	save_schedule_teardown(l, lane, pos);
	if (lane == LANE_RIRB)
		l->owed = 0;
	if (r->k > r->saved) {
		if (kept(l))
			want(l, SAVE_KEEP);
		else
			want(l, lane == LANE_CORB ? SAVE_FRAME : SAVE_MORE);
	} else if (lane == LANE_CORB && r->k > r->lap) {
		/* the half frame holds the whole lap; the next lap gets a new number */
		l->frame++;
	}
	int64_t next = r->at + (int64_t)r->k + 1;
	r->epoch++;
	r->k = r->start = r->saved = r->last_k = r->lap = r->good = start;
	r->pos = start;
	r->at = next - start - 1;
}

/* --- registers ------------------------------------------------------------- */

static void reset(struct save_schedule *l, uint64_t pos)
{
	/* one save contains both rings */
	if (unsaved(l))
		want(l, kept(l) ? SAVE_KEEP : SAVE_FRAME);
	for (int i = 0; i < LANES; i++) {
		struct lap_ring *r = &l->ring[i];

		new_epoch(l, (enum lane)i, 0, pos);
		r->base = 0;
		r->base_known = false;
		r->running = false;
		r->pos_known = true;
		r->size = RING_SIZE;
		r->asked = 0;
	}
	reg_file_reset(&l->regs);
}

static void take_size(struct save_schedule *l, enum lane lane, uint64_t pos)
{
	struct lap_ring *r = &l->ring[lane];

	if (r->asked && r->asked != r->size) {
		new_epoch(l, lane, r->pos & (r->asked - 1), pos);
		r->size = r->asked;
	}
	r->asked = 0;
}

static void ring_registers(struct save_schedule *l, enum lane lane, const struct event *ev, uint64_t pos)
{
	uint32_t at = lane == LANE_CORB ? R_CORBLBASE : R_RIRBLBASE;
	struct lap_ring *r = &l->ring[lane];

	if (reg_touched(ev, at, 8)) {
		uint64_t base = reg_file_base(&l->regs, at) & ~RING_BASE_LOW;

		/* ignore the state between the two halves of a 2x32-bit write */
		if (r->base_known && base != r->base)
			new_epoch(l, lane, r->pos, pos);
		r->base = base;
		r->base_known = true;
	}
	if (reg_touched(ev, at + 0xe, 1))
		r->asked = reg_ring_entries(l->regs.value[at + 0xe]);
}

/* Entries written before the capture began are not saved. */
static void begin_late(struct save_schedule *l, enum lane lane, uint16_t start, uint64_t pos)
{
	struct lap_ring *r = &l->ring[lane];
	bool first = !r->k && !r->epoch;

	new_epoch(l, lane, start, pos);
	if (first)
		r->at = 0;
	r->pos_known = true;
}

static void announce(struct save_schedule *l, uint8_t wp, uint64_t pos)
{
	struct lap_ring *r = &l->ring[LANE_CORB], *answers = &l->ring[LANE_RIRB];
	uint16_t mask, count;

	take_size(l, LANE_CORB, pos);
	mask = (uint16_t)(r->size - 1);
	wp &= mask;
	if (!r->pos_known)
		begin_late(l, LANE_CORB, (wp - 1) & mask, pos);
	count = (wp - r->pos) & mask;
	if (!count)
		return;
	l->said = (struct announced){
		.at = (uint64_t)(r->at + (int64_t)r->k + 1), .frame = l->frame,
		.slot = (r->pos + 1) & mask, .count = count, .size = r->size,
	};
	l->have_said = true;
	r->k += count;
	r->pos = wp;
	l->owed += count;
	if (count > r->biggest)
		r->biggest = count;
	save_schedule_advance(l, LANE_CORB, pos);
	if (!l->reads) {
		/* assume one response for each verb */
		answers->k += count;
		save_schedule_advance(l, LANE_RIRB, pos);
	}
	after_announcement(l);
}

static void corb_registers(struct save_schedule *l, const struct event *ev, uint64_t pos)
{
	struct lap_ring *r = &l->ring[LANE_CORB];

	if (reg_touched(ev, R_CORBRP, 2) && reg_touched(ev, R_CORBRP + 1, 1) &&
	    load_le16(l->regs.value + R_CORBRP) & CORBRP_RST) {
		if (r->pos_known)
			new_epoch(l, LANE_CORB, 0, pos);
		else
			r->pos = 0;
		r->pos_known = true;
	}
	if (reg_touched(ev, R_CORBCTL, 1)) {
		bool run = l->regs.value[R_CORBCTL] & CORBCTL_RUN;

		if (r->running && !run)
			stop(l, LANE_CORB, pos);
		r->running = run;
	}
	bool running = r->running || !reg_is_known(&l->regs, R_CORBCTL);
	if (running && reg_is_known(&l->regs, R_CORBWP) && reg_touched(ev, R_CORBWP, 5))
		announce(l, l->regs.value[R_CORBWP], pos);
}

static void rirb_registers(struct save_schedule *l, const struct event *ev, uint64_t pos)
{
	struct lap_ring *r = &l->ring[LANE_RIRB];

	if (reg_touched(ev, R_RIRBWP + 1, 1) && l->regs.value[R_RIRBWP + 1] & 0x80) {
		new_epoch(l, LANE_RIRB, 0, pos);
		r->pos_known = true;
	}
	if (reg_touched(ev, R_RIRBCTL, 1)) {
		bool run = l->regs.value[R_RIRBCTL] & RIRBCTL_DMAEN;

		if (r->running && !run)
			stop(l, LANE_RIRB, pos);
		r->running = run;
	}
}

static void mmio_write(struct save_schedule *l, const struct event *ev, uint64_t pos)
{
	if (reg_resets(ev)) {
		reset(l, pos);
		return;
	}
	reg_file_write(&l->regs, ev);
	if (reg_touched(ev, R_CORBLBASE, 0xf)) {
		ring_registers(l, LANE_CORB, ev, pos);
		corb_registers(l, ev, pos);
	}
	if (reg_touched(ev, R_RIRBLBASE, 0xf)) {
		ring_registers(l, LANE_RIRB, ev, pos);
		rirb_registers(l, ev, pos);
	}
}

/* The guest reads RIRBWP: this shows which responses have come. */
static void look(struct save_schedule *l, uint8_t wp, uint64_t pos)
{
	struct lap_ring *r = &l->ring[LANE_RIRB];

	take_size(l, LANE_RIRB, pos);
	uint16_t mask = (uint16_t)(r->size - 1);
	wp &= mask;
	if (!r->pos_known)
		begin_late(l, LANE_RIRB, wp, pos);
	uint16_t count = (wp - r->pos) & mask;
	r->k += count;
	r->pos = wp;
	l->owed -= count < l->owed ? count : l->owed;
	save_schedule_advance(l, LANE_RIRB, pos);
	if (count)
		after_announcement(l);
}

/* Learns from the guest's reads where the rings are, for a trace that begins late. */
static void learn(struct save_schedule *l, const struct event *ev)
{
	struct event news;

	if (!reg_file_learn(&l->regs, ev, &news))
		return;
	for (int i = 0; i < LANES; i++) {
		uint32_t at = i == LANE_CORB ? R_CORBLBASE : R_RIRBLBASE;

		if (reg_touched(ev, at, 8)) {
			l->ring[i].base = reg_file_base(&l->regs, at) & ~RING_BASE_LOW;
			l->ring[i].base_known = true;
		}
	}
	if (reg_touched(ev, R_CORBCTL, 1))
		l->ring[LANE_CORB].running = l->regs.value[R_CORBCTL] & CORBCTL_RUN;
	if (reg_touched(ev, R_RIRBCTL, 1))
		l->ring[LANE_RIRB].running = l->regs.value[R_RIRBCTL] & RIRBCTL_DMAEN;
}

static void mmio_read(struct save_schedule *l, const struct event *ev, uint64_t pos)
{
	if (!l->reads) {
		l->reads = true;
		/* until now the places of the responses were assumed */
		if (l->ring[LANE_RIRB].k > l->ring[LANE_RIRB].start)
			l->ring[LANE_RIRB].pos_known = false;
	}
	if (reg_touched(ev, R_RIRBWP, 1))
		look(l, reg_byte(ev, R_RIRBWP), pos);
	if (reg_touched(ev, R_CORBLBASE, 0x1f))
		learn(l, ev);
	for (int i = 0; i < LANES; i++) {
		uint32_t at = i == LANE_CORB ? R_CORBSIZE : R_RIRBSIZE;

		/* the controller's own value for a ring's size */
		if (reg_touched(ev, at, 1))
			l->ring[i].asked = reg_ring_entries(reg_byte(ev, at));
	}
}

void save_schedule_feed(struct save_schedule *l, const struct event *ev, uint64_t pos)
{
	if (ev->bar != 0 || ev->addr >= REG_WINDOW || ev->width < 1 || ev->width > 8)
		return;
	if (ev->kind == EV_MMIO_WRITE)
		mmio_write(l, ev, pos);
	else if (ev->kind == EV_MMIO_READ)
		mmio_read(l, ev, pos);
}

/* --- in and out ------------------------------------------------------------- */

bool save_schedule_said(struct save_schedule *l, struct announced *a)
{
	if (!l->have_said)
		return false;
	*a = l->said;
	l->have_said = false;
	return true;
}

bool save_schedule_wants(struct save_schedule *l, struct save *s)
{
	if (!l->n_saves)
		return false;
	*s = l->saves[0];
	memmove(l->saves, l->saves + 1, --l->n_saves * sizeof(*l->saves));
	return true;
}
