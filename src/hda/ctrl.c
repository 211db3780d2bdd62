// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The controller's registers. An access of 1, 2, 4 or 8 bytes may cover several registers (a
 * dword at 0x48 also writes CORBRP), so each write goes byte by byte into the register file,
 * and then every register that it covered is handled, in the order in which changes must take
 * effect: reset, place and size of the rings, pointers, run bits, and last the words that
 * become valid.
 */
#include "hda/ctrl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "hda/regs.h"

void ctrl_init(struct ctrl *c, uint16_t id)
{
	*c = (struct ctrl){ .id = id };
	ring_init(&c->ring[RING_CORB], RING_CORB);
	ring_init(&c->ring[RING_RIRB], RING_RIRB);
}

void ctrl_deinit(struct ctrl *c)
{
	queue_deinit(&c->queue);
	for (int i = 0; i < RINGS; i++) {
		idlist_deinit(&c->ring[i].open);
		idlist_deinit(&c->ring[i].reads);
	}
	for (int i = 0; i < CODECS; i++)
		idlist_deinit(&c->fifo[i]);
	free(c->wants.list);
	free(c->last_reason);
}

struct queue_item *ctrl_push(struct ctrl *c, enum xact_kind kind, uint64_t *id)
{
	struct queue_item *it = queue_push(&c->queue, id);

	if (!it) {
		c->nomem = true;
		return NULL;
	}
	it->x.kind = (uint8_t)kind;
	it->x.ctrl = c->id;
	it->x.t_verb = it->x.t_resp = EVENT_TIME_NONE;
	return it;
}

void ctrl_say(struct ctrl *c, enum xact_kind kind, uint64_t count, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	struct queue_item *it = n < 0 ? NULL : ctrl_push(c, kind, NULL);
	if (!it) {
		if (n >= 0)
			free(text);
		c->nomem = true;
		return;
	}
	it->text = text;
	it->x.text_len = (uint32_t)n;
	c->text_bytes += (uint32_t)n;
	it->x.count = count;
}

/* --- writes -------------------------------------------------------------- */

static void reset(struct ctrl *c, const struct event *ev)
{
	bool was_known = reg_is_known(&c->regs, R_GCTL);

	for (int i = 0; i < RINGS; i++) {
		struct ring *r = &c->ring[i];

		ring_teardown(c, r);
		r->base = 0;
		r->base_known = false;
		r->told_no_base = false;
		r->size = RING_MAX;
		r->asked = 0;
		r->pos = 0;
		r->pos_known = true;
		r->running = false;
	}
	immediate_end(c);
	pair_flush(c);
	reg_file_reset(&c->regs);
	if (!c->in_reset) {
		/* a driver's first access is a reset: report only a later one */
		struct queue_item *it = ctrl_push(c, XACT_RESET, NULL);

		if (it) {
			it->x.t_verb = ev->time;
			it->x.line = ev->line;
			it->x.count = was_known;
		}
	}
	c->in_reset = true;
}

/* Handles a ring's registers; offsets are relative to CORBLBASE. */
static void ring_registers(struct ctrl *c, struct ring *r, const struct event *ev)
{
	uint32_t at = r->id == RING_CORB ? R_CORBLBASE : R_RIRBLBASE;
	const char *name = r->id == RING_CORB ? "CORB" : "RIRB";
	bool moved = false;

	if (reg_touched(ev, at, 8)) {
		uint64_t written = reg_file_base(&c->regs, at), base = written & ~RING_BASE_LOW;

		if (written != base)
			ctrl_say(c, XACT_NOTE, 0, "%s base 0x%llx is not a multiple of 128; the "
				 "low bits do not exist", name, (unsigned long long)written);
		/* ignore a half-written base: no word is sent between the two writes */
		moved = r->base_known && base != r->base;
		r->base = base;
		r->base_known = true;
	}
	if (reg_touched(ev, at + 0xe, 1)) {
		unsigned int code = c->regs.value[at + 0xe] & 3;

		/* the hardware does not accept a size that it does not have */
		if (!r->sizes || r->sizes & 1u << code) {
			r->asked = reg_ring_entries((uint8_t)code);
			r->asked_running = r->running;
		} else {
			ctrl_say(c, XACT_NOTE, 0, "%sSIZE: %u entries were set, which the "
				 "controller does not have", name, reg_ring_entries((uint8_t)code));
		}
	}
	if (moved) {
		ring_teardown(c, r);
		if (r->id == RING_RIRB)
			pair_flush(c);
	}
}

static void corb_registers(struct ctrl *c, const struct event *ev)
{
	struct ring *r = &c->ring[RING_CORB];

	if (reg_touched(ev, R_CORBRP, 2) && reg_touched(ev, R_CORBRP + 1, 1) &&
	    load_le16(c->regs.value + R_CORBRP) & CORBRP_RST) {
		r->pos = 0;
		r->pos_known = true;
	}
	if (reg_touched(ev, R_CORBCTL, 1)) {
		bool run = c->regs.value[R_CORBCTL] & CORBCTL_RUN;

		if (r->running && !run)
			ring_teardown(c, r);
		r->running = run;
	}
	/* a capture that starts late has not seen CORBRUN set, but a write of WP shows it */
	bool running = r->running || !reg_is_known(&c->regs, R_CORBCTL);
	if (running && reg_is_known(&c->regs, R_CORBWP) && reg_touched(ev, R_CORBWP, 5))
		corb_announce(c, c->regs.value[R_CORBWP], ev);
}

static void rirb_registers(struct ctrl *c, const struct event *ev)
{
	struct ring *r = &c->ring[RING_RIRB];

	if (reg_touched(ev, R_RIRBWP + 1, 1) && c->regs.value[R_RIRBWP + 1] & 0x80) {
		ring_teardown(c, r);
		pair_flush(c);
		r->pos = 0;
		r->pos_known = true;
	}
	if (reg_touched(ev, R_RIRBCTL, 1)) {
		bool run = c->regs.value[R_RIRBCTL] & RIRBCTL_DMAEN;

		if (r->running && !run) {
			ring_teardown(c, r);
			pair_flush(c);
		}
		r->running = run;
	}
}

static void mmio_write(struct ctrl *c, const struct event *ev)
{
	uint64_t bytes = reg_ring_bytes(ev);

	if (reg_resets(ev)) {
		reset(c, ev);
		return;
	}
	if (reg_touched(ev, R_GCTL, 1))
		c->in_reset = false;
	reg_file_write(&c->regs, ev);
	if (bytes & (RING_BYTES(R_CORBLBASE, 8) | RING_BYTES(R_CORBSIZE, 1)))
		ring_registers(c, &c->ring[RING_CORB], ev);
	if (bytes & RING_BYTES(R_CORBWP, 6))
		corb_registers(c, ev);
	if (bytes & (RING_BYTES(R_RIRBLBASE, 8) | RING_BYTES(R_RIRBSIZE, 1)))
		ring_registers(c, &c->ring[RING_RIRB], ev);
	if (bytes & RING_BYTES(R_RIRBWP, 6))
		rirb_registers(c, ev);
	if (bytes & RING_BYTES(R_ICOI, 0xa))
		immediate_write(c, ev);
}

/* --- reads --------------------------------------------------------------- */

/*
 * Learns from the guest's reads where the rings are, for a capture that began late: only
 * values that no write has set.
 */
static void learn(struct ctrl *c, const struct event *ev)
{
	struct event new;

	/* everything that it covers is known already, as for most reads of a pointer */
	if (ev->addr >= R_CORBLBASE && !(reg_ring_bytes(ev) & ~c->regs.known[RINGS_HALF]))
		return;
	if (!reg_file_learn(&c->regs, ev, &new))
		return;
	for (int i = 0; i < RINGS; i++)
		if (reg_touched(ev, i == RING_CORB ? R_CORBLBASE : R_RIRBLBASE, 0xf))
			ring_registers(c, &c->ring[i], &new);
	if (reg_touched(ev, R_CORBCTL, 1))
		c->ring[RING_CORB].running = c->regs.value[R_CORBCTL] & CORBCTL_RUN;
	if (reg_touched(ev, R_RIRBCTL, 1))
		c->ring[RING_RIRB].running = c->regs.value[R_RIRBCTL] & RIRBCTL_DMAEN;
	if (reg_touched(ev, R_CORBWP, 1) && !c->ring[RING_CORB].pos_known) {
		c->ring[RING_CORB].pos = c->regs.value[R_CORBWP] & (c->ring[RING_CORB].size - 1);
		c->ring[RING_CORB].pos_known = true;
	}
}

/* The controller's own values for a ring's size, and for the sizes that it can have. */
static void size_read(struct ring *r, uint8_t value)
{
	r->asked = reg_ring_entries(value);
	r->sizes = value >> 4;
}

static void mmio_read(struct ctrl *c, const struct event *ev)
{
	uint64_t bytes = reg_ring_bytes(ev);

	if (bytes & RING_BYTES(R_RIRBWP, 1))
		rirb_observe(c, reg_byte(ev, R_RIRBWP), ev);
	if (bytes & RING_BYTES(R_RIRBSTS, 1) && reg_byte(ev, R_RIRBSTS) & RIRBSTS_OIS &&
	    c->outstanding) {
		ctrl_say(c, XACT_GAP, 0, "the controller reports a RIRB overrun: "
			 "it dropped responses");
		pair_doubt(c);
	}
	if (bytes & RING_BYTES(R_CORBLBASE, 0x1f))
		learn(c, ev);
	if (bytes & RING_BYTES(R_CORBSIZE, 1))
		size_read(&c->ring[RING_CORB], reg_byte(ev, R_CORBSIZE));
	if (bytes & RING_BYTES(R_RIRBSIZE, 1))
		size_read(&c->ring[RING_RIRB], reg_byte(ev, R_RIRBSIZE));
	if (bytes & RING_BYTES(R_ICII, 6)) {
		for (unsigned int i = 0; i < ev->width && ev->addr + i < R_ICII + 4u; i++)
			if (ev->addr + i >= R_ICII)
				c->regs.value[ev->addr + i] = (uint8_t)(ev->value >> (8 * i));
		immediate_read(c, ev);
	}
}

/* --- the rest ------------------------------------------------------------ */

static void text_event(struct ctrl *c, enum xact_kind kind, const struct event *ev)
{
	ctrl_say(c, kind, ev->value, "%.*s", (int)ev->len,
		 ev->data ? (const char *)ev->data : "");
	if (c->queue.tail > c->queue.head && !c->nomem) {
		struct queue_item *it = queue_at(&c->queue, c->queue.tail - 1);

		it->x.t_verb = ev->time;
		it->x.line = ev->line;
		it->x.part = ev->kind == EV_PART;
	}
}

/*
 * Creative cards are driven through their second BAR too. It has no verbs, but its writes
 * have a place between them; so have accesses to the controller's own registers if the user
 * wants to see them.
 */
static void give_access(struct ctrl *c, const struct event *ev)
{
	struct queue_item *it = ev->addr <= UINT32_MAX ? ctrl_push(c, XACT_MMIO, NULL) : NULL;

	if (!it)
		return;
	it->x.t_verb = ev->time;
	it->x.line = ev->line;
	it->x.count = ev->value;
	it->x.offset = (uint32_t)ev->addr;
	it->x.bar = ev->bar;
	it->x.width = ev->width;
	it->x.write = ev->kind == EV_MMIO_WRITE;
	it->x.inferred = ev->origin == ORIGIN_MONITOR;
}

static void gap_event(struct ctrl *c, const struct event *ev)
{
	struct queue_item *it;

	/* the responses of lost verbs are not losses themselves */
	if (ev->addr == GAP_RESPONSES && ev->value && !pair_lost_responses(c, ev->value))
		return;
	if (ev->addr != GAP_RESPONSES)
		for (int i = 0; i < RINGS; i++)
			ring_gap(c, &c->ring[i]);
	text_event(c, XACT_GAP, ev);
	it = queue_at(&c->queue, c->queue.tail - 1);
	if (it && !c->nomem)
		it->x.gap = (uint8_t)(ev->addr <= GAP_END ? ev->addr : GAP_EVENTS);
	if (ev->addr == GAP_VERBS)
		pair_lost_verbs(c, ev->value, ev);
	else if (ev->addr != GAP_RESPONSES)
		pair_doubt(c);
}


bool ctrl_feed(struct ctrl *c, const struct event *ev)
{
	if (ctrl_is_full(c))
		ctrl_relieve(c);
	switch (ev->kind) {
	case EV_MMIO_READ:
	case EV_MMIO_WRITE:
		if (ev->width < 1 || ev->width > 8)
			return false;
		if (ev->bar != 0) {
			give_access(c, ev);
			return true;
		}
		if (c->show_registers)
			give_access(c, ev);
		/* the stream descriptors are shown, but they contain no verbs */
		if (ev->addr >= REG_WINDOW)
			return c->show_registers;
		if (ev->kind == EV_MMIO_WRITE)
			mmio_write(c, ev);
		else if (ctrl_read_matters(c, ev))
			mmio_read(c, ev);
		if (!rirb_is_settled(c))
			rirb_settle(c);
		break;
	case EV_MEM:
	case EV_NOMEM:
		ring_memory(c, ev);
		break;
	case EV_HORIZON:
		ring_horizon(c, ev->value);
		break;
	case EV_CORB_WORD:
		corb_word(c, ev);
		break;
	case EV_RIRB_PAIR:
		rirb_pair(c, ev);
		break;
	case EV_GAP:
		gap_event(c, ev);
		break;
	case EV_MARK:
	case EV_PART:
		text_event(c, XACT_MARK, ev);
		break;
	case EV_NOTE:
		text_event(c, XACT_NOTE, ev);
		break;
	default:
		break;
	}
	return ctrl_is_stirred(c);
}

static uint8_t certainty_of(const struct queue_item *it)
{
	if (xact_is_verb(&it->x) && !it->x.has_verb)
		return CERT_LOST;
	if (it->suspect)
		return CERT_SUSPECT;
	if (it->conflict)
		return CERT_CONFLICTING;
	if (xact_is_verb(&it->x) && it->x.kind != XACT_BROADCAST && !it->x.has_resp)
		return it->x.unrecorded ? CERT_EXACT : CERT_UNANSWERED;
	return CERT_EXACT;
}

bool ctrl_next(struct ctrl *c, struct xact *x, char **text)
{
	struct queue_item *it;

	do {
		it = queue_first(&c->queue);
		if (!queue_is_done(it))
			return false;
		c->queue.head++;
	} while (it->counted_by_gap && !it->x.has_resp);
	*x = it->x;
	*text = it->text;
	c->text_bytes -= it->text ? it->x.text_len : 0;
	x->certainty = certainty_of(it);
	x->text = it->text;
	x->counted = it->counted_by_gap;
	if (x->kind <= XACT_SPURIOUS)
		x->index = ++c->next_index;
	return true;
}

void ctrl_finish(struct ctrl *c)
{
	static const char why[] = "the capture ends before this memory was read";
	const struct event none = {
		.kind = EV_NOMEM, .data = why, .len = sizeof(why) - 1, .origin = ORIGIN_SELF,
	};

	while (c->wants.head < c->wants.tail) {
		struct mem_request w = c->wants.list[c->wants.head++];

		if (w.ring == RING_CORB)
			corb_memory(c, &w, &none);
		else
			rirb_memory(c, &w, &none);
	}
	for (int i = 0; i < RINGS; i++)
		ring_finish(c, &c->ring[i]);
	immediate_end(c);
	pair_flush(c);
}

void ctrl_part(struct ctrl *c)
{
	ctrl_finish(c);
	for (int i = 0; i < RINGS; i++)
		ring_forget(&c->ring[i]);
	c->regs = (struct reg_file){ 0 };
	c->wants.head = c->wants.asked = c->wants.tail = 0;
	c->in_reset = false;
	c->codecs = 0;
	free(c->last_reason);
	c->last_reason = NULL;
}
