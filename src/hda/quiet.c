// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Accesses that cannot have a result. They are most of what a driver does: around every verb
 * it reads INTSTS, RIRBSTS and its own pointers, and clears status bits.
 */
#include "hda/ctrl.h"

/* The bytes from whose reads the model can learn, except RIRBSTS. */
static inline uint64_t telling_reads(const struct ctrl *c)
{
	const uint64_t always = RING_BYTES(R_CORBSIZE, 1) | RING_BYTES(R_RIRBWP, 1) |
				RING_BYTES(R_RIRBSIZE, 1) | RING_BYTES(R_ICII, 6);

	return always | reg_unknown_rings(&c->regs);
}

static inline bool read_matters(const struct event *ev, uint64_t telling)
{
	uint64_t bytes = reg_ring_bytes(ev);

	/* in the way drivers read it, it can only show an overrun */
	if (bytes & RING_BYTES(R_RIRBSTS, 1) &&
	    (ev->addr != R_RIRBSTS || ev->value & RIRBSTS_OIS))
		return true;
	return bytes & telling;
}

bool ctrl_read_matters(const struct ctrl *c, const struct event *ev)
{
	return read_matters(ev, telling_reads(c));
}

static inline bool write_matters(const struct event *ev)
{
	const uint64_t none = RING_BYTES(R_CORBSTS, 1) | RING_BYTES(R_RINTCNT, 2) |
			      RING_BYTES(R_RIRBSTS, 1);

	return reg_touched(ev, R_GCTL, 1) || reg_ring_bytes(ev) & ~none;
}

/* True if an access cannot have a result; a write is taken then. */
static inline bool pass(struct ctrl *c, const struct event *ev, uint64_t telling)
{
	if (ev->bar || ev->width - 1u >= 8)
		return false;
	if (ev->kind == EV_MMIO_READ)
		return !read_matters(ev, telling);
	if (ev->kind != EV_MMIO_WRITE || write_matters(ev))
		return false;
	reg_file_write(&c->regs, ev);
	return true;
}

size_t ctrl_feed_run(struct ctrl *c, const struct event *ev, size_t n, bool *came)
{
	bool passes = !c->show_registers;
	uint64_t telling = telling_reads(c);	/* changes only with events that ctrl_feed() takes */

	*came = false;
	for (size_t i = 0; i < n; i++, ev++) {
		if (ev->ctrl != c->id)
			return i;
		if (passes && pass(c, ev, telling)) {
			if (rirb_is_settled(c) || ev->addr >= REG_WINDOW)
				continue;
			/* it is behind the horizon of what was read */
			rirb_settle(c);
			*came = ctrl_is_stirred(c);
		} else if (ev->kind == EV_PART) {
			return i;
		} else {
			*came = ctrl_feed(c, ev);
			telling = telling_reads(c);
		}
		if (*came || c->nomem || ev->kind == EV_CONTROLLER)
			return i + 1;
	}
	return n;
}
