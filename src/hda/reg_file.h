/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controller's registers before the stream descriptors, as the guest's accesses show
 * them, byte by byte: an access of 1, 2, 4 or 8 bytes may cover several registers. Pure: its
 * users (the model in this room, compat/) get the changes of an access here, and decide what
 * they mean.
 */
#ifndef HDADUMP_HDA_REG_FILE_H
#define HDADUMP_HDA_REG_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"
#include "hda/regs.h"

#define REG_WINDOW 0x80

struct reg_file {
	uint8_t value[REG_WINDOW];	/* last value written or read */
	/* bit n of all: byte n was accessed, or set by a reset */
	uint64_t known[REG_WINDOW / 64];
};

static inline bool reg_is_known(const struct reg_file *f, uint32_t offset)
{
	return f->known[offset / 64] >> offset % 64 & 1;
}

/* True if @ev covers a byte of the register of @width bytes at @offset. */
static inline bool reg_touched(const struct event *ev, uint32_t offset, uint32_t width)
{
	return ev->addr < offset + width && ev->addr + ev->width > offset;
}

/* The byte at @offset, which @ev must cover. */
static inline uint8_t reg_byte(const struct event *ev, uint32_t offset)
{
	return (uint8_t)(ev->value >> (8 * (offset - ev->addr)));
}

/*
 * The registers of the rings and of immediate commands are the second half of the window. Its
 * bytes as a mask: bit n is the byte at R_CORBLBASE + n.
 */
#define RINGS_HALF 1
#define RING_BYTES(offset, n) (((1ull << (n)) - 1) << ((offset) - R_CORBLBASE))

/* The bytes that @ev covers; its width is 1 to 8. */
static inline uint64_t reg_ring_bytes(const struct event *ev)
{
	uint64_t at = ev->addr - R_CORBLBASE, bytes = (1ull << ev->width) - 1;

	if (at < 64)
		return bytes << at;
	return ev->addr < R_CORBLBASE && 0 - at < 8 ? bytes >> (0 - at) : 0;
}

/* The bytes of the two rings that are still unknown. */
static inline uint64_t reg_unknown_rings(const struct reg_file *f)
{
	return RING_BYTES(R_CORBLBASE, 0x1f) & ~f->known[RINGS_HALF];
}

/* True if the write @ev holds the controller in reset (GCTL.CRST is 0). */
static inline bool reg_resets(const struct event *ev)
{
	return reg_touched(ev, R_GCTL, 1) && !(reg_byte(ev, R_GCTL) & GCTL_CRST);
}

/* The entries of a ring, from the low two bits of CORBSIZE or RIRBSIZE: 2, 16 or 256. */
uint16_t reg_ring_entries(uint8_t size);

/* Sets all registers to 0, and known. */
void reg_file_reset(struct reg_file *f);
/* Stores the bytes of a write, whose width is 1 to 8. */
void reg_file_write(struct reg_file *f, const struct event *ev);
/*
 * Stores the bytes of a read that no write has set: a capture that began late learns where
 * the rings are. *news is the access with known bytes unchanged; false if it shows nothing
 * new.
 */
bool reg_file_learn(struct reg_file *f, const struct event *ev, struct event *news);

/* A ring's base as written; @lbase is R_CORBLBASE or R_RIRBLBASE. */
uint64_t reg_file_base(const struct reg_file *f, uint32_t lbase);
/* The low bits of a base, which the controller does not have. */
#define RING_BASE_LOW 0x7full

#endif
