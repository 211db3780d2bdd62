// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Accesses of which nothing can come.  They are most of what a driver does:
 * around every verb it reads INTSTS, RIRBSTS and its own pointers back, and
 * clears what it saw.
 */
#include "hda/ctrl.h"

/* Bit n is the byte at R_CORBLBASE + n: this half of the window is the rings'. */
#define BYTES(offset, n) (((1ull << (n)) - 1) << ((offset) - R_CORBLBASE))
#define RINGS_HALF 1

_Static_assert(R_CORBLBASE == 64 * RINGS_HALF, "one word of reg_file.known is the rings'");

static inline uint64_t bytes_of(const struct event *ev)
{
	return ((1ull << ev->width) - 1) << (ev->addr - R_CORBLBASE);
}

static inline bool read_matters(const struct ctrl *c, const struct event *ev)
{
	const uint64_t always = BYTES(R_CORBSIZE, 1) | BYTES(R_RIRBWP, 1) | BYTES(R_RIRBSIZE, 1) |
				BYTES(R_ICII, 6);
	/* what a capture that began late learns of the rings */
	const uint64_t rings = BYTES(R_CORBLBASE, 0x1f);
	uint64_t mask = always | (rings & ~c->regs.known[RINGS_HALF]);

	if (ev->addr < R_CORBLBASE)
		return ev->addr + ev->width > R_CORBLBASE;
	if (ev->addr >= REG_WINDOW)
		return false;
	if (ev->addr != R_RIRBSTS || ev->value & RIRBSTS_OIS)
		mask |= BYTES(R_RIRBSTS, 1);
	return mask & bytes_of(ev);
}

bool ctrl_read_matters(const struct ctrl *c, const struct event *ev)
{
	return read_matters(c, ev);
}

static inline bool write_matters(const struct event *ev)
{
	const uint64_t none = BYTES(R_CORBSTS, 1) | BYTES(R_RINTCNT, 2) | BYTES(R_RIRBSTS, 1);

	if (ev->addr < R_CORBLBASE)
		return reg_touched(ev, R_GCTL, 1) || ev->addr + ev->width > R_CORBLBASE;
	return ev->addr < REG_WINDOW && bytes_of(ev) & ~none;
}

/* Takes an access of which nothing can come; false, and it is not taken, for all others. */
static inline bool pass(struct ctrl *c, const struct event *ev)
{
	if (ev->bar || ev->width - 1u >= 8 || c->show_registers || !rirb_is_settled(c))
		return false;
	if (ev->kind == EV_MMIO_READ)
		return !read_matters(c, ev);
	if (ev->kind != EV_MMIO_WRITE || write_matters(ev))
		return false;
	reg_file_write(&c->regs, ev);
	return true;
}

size_t ctrl_feed_run(struct ctrl *c, const struct event *ev, size_t n, bool *came)
{
	*came = false;
	for (size_t i = 0; i < n; i++, ev++) {
		if (ev->ctrl != c->id || ev->kind == EV_PART)
			return i;
		if (pass(c, ev))
			continue;
		*came = ctrl_feed(c, ev);
		if (*came || c->nomem || ev->kind == EV_CONTROLLER)
			return i + 1;
	}
	return n;
}
