// SPDX-License-Identifier: GPL-2.0-or-later
#include "hda/evidence.h"

#include "base/bits.h"

/* Registers below 0x80; those of one and two bytes are telling. */
static const struct {
	uint8_t offset, size;
	bool link;	/* only a driver that talks to codecs uses it */
} regs[] = {
	{ 0x00, 2 }, { 0x02, 1 }, { 0x03, 1 }, { 0x04, 2 }, { 0x06, 2 }, { 0x08, 4 },
	{ 0x0c, 2 }, { 0x0e, 2 }, { 0x10, 2 }, { 0x12, 2 }, { 0x14, 2 }, { 0x18, 2 },
	{ 0x1a, 2 }, { 0x20, 4 }, { 0x24, 4 }, { 0x30, 4 }, { 0x34, 4 }, { 0x38, 4 },
	{ 0x40, 4 }, { 0x44, 4 }, { 0x48, 2, true }, { 0x4a, 2, true }, { 0x4c, 1 }, { 0x4d, 1 },
	{ 0x4e, 1 }, { 0x50, 4 }, { 0x54, 4 }, { 0x58, 2, true }, { 0x5a, 2 }, { 0x5c, 1 },
	{ 0x5d, 1 }, { 0x5e, 1 }, { 0x60, 4 }, { 0x64, 4 }, { 0x68, 2, true }, { 0x70, 4 },
	{ 0x74, 4 },
};

#define SD_FIRST 0x80
#define SD_END (SD_FIRST + 30 * 0x20)	/* 30 stream descriptors at most: INTCTL's bits */
#define SD_STRIDE 0x20
#define SD_STS 3
#define CORBWP 0x48
#define RIRBWP 0x58
/* No controller known has a larger first BAR than 64 KiB. */
#define BAR_END 0x10000

#define SEEN_STREAM 1u
#define SEEN_LINK_SHIFT 28	/* four link registers: the top bits */

static void telling(struct evidence *e, uint32_t bit)
{
	e->seen |= bit;
	if (e->telling < UINT32_MAX)
		e->telling++;
}

static void odd(struct evidence *e)
{
	if (e->odd < UINT32_MAX)
		e->odd++;
}

static void global(struct evidence *e, bool write, unsigned int width, unsigned int offset)
{
	unsigned int link = SEEN_LINK_SHIFT, small = 1;

	for (unsigned int i = 0; i < ARRAY_SIZE(regs); i++) {
		unsigned int at = regs[i].offset, size = regs[i].size;

		if (offset >= at && offset < at + size) {
			/* RIRBWP is read as a byte by some drivers */
			bool whole = offset == at &&
				     (width == size || (at == RIRBWP && width == 1 && !write));

			if (whole && size < 4)
				telling(e, 1u << (regs[i].link ? link : small));
			else if (width == 8 && at != 0x40 && at != 0x50 && at != 0x70)
				odd(e);
			return;
		}
		link += regs[i].link;
		small += size < 4 && !regs[i].link;
	}
	odd(e);
}

void evidence_add(struct evidence *e, bool write, unsigned int width, uint64_t offset,
		  uint64_t value)
{
	if (offset >= BAR_END || (offset & (width - 1)))
		odd(e);
	else if (offset < SD_FIRST)
		global(e, write, width, (unsigned int)offset);
	else if (offset < SD_END && offset % SD_STRIDE == SD_STS && width == 1)
		telling(e, SEEN_STREAM);

	if (write && width == 2 && offset == CORBWP) {
		if (value == e->last_wp + 1u && value < 256)
			e->wp_steps += e->wp_steps < UINT16_MAX;
		e->last_wp = (uint16_t)value;
	}
}

enum evidence_verdict evidence_verdict(const struct evidence *e, bool last)
{
	uint32_t link = e->seen >> SEEN_LINK_SHIFT;
	int kinds = __builtin_popcount(e->seen);

	if (link && e->odd <= e->telling / 4 && (kinds >= 4 || e->wp_steps >= 16))
		return VERDICT_HDA;
	if (last)
		return link && !e->odd ? VERDICT_HDA : VERDICT_OTHER;
	return e->odd >= 64 && e->odd / 8 > e->telling ? VERDICT_OTHER : VERDICT_OPEN;
}
