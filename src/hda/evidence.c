// SPDX-License-Identifier: GPL-2.0-or-later
#include "hda/evidence.h"

#include <stddef.h>

#include "hda/regs.h"

/* No known controller has a first BAR larger than 64 KiB. */
#define BAR_END 0x10000

#define SEEN_STREAM 1u
#define SEEN_LINK_SHIFT 28	/* bits for the four link registers, at the top */

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

/* The bit for a telling register of one or two bytes; four bits are the link registers' own. */
static uint32_t seen_bit(const struct hda_reg *r)
{
	static const uint16_t link[] = { R_CORBWP, R_CORBRP, R_RIRBWP, R_ICIS };
	unsigned int small = 1;

	for (unsigned int i = 0; i < sizeof(link) / sizeof(*link); i++)
		if (r->offset == link[i])
			return 1u << (SEEN_LINK_SHIFT + i);
	for (const struct hda_reg *s = reg_table(); s != r; s++)
		small += s->width < 4 && small + 1 < SEEN_LINK_SHIFT;
	return 1u << small;
}

static void global(struct evidence *e, bool write, unsigned int width, unsigned int offset)
{
	int stream;
	const struct hda_reg *r = reg_find(offset, &stream);

	if (!r) {
		odd(e);
		return;
	}
	/* some drivers read RIRBWP as a byte */
	bool whole = offset == r->offset &&
		     (width == r->width || (r->offset == R_RIRBWP && width == 1 && !write));

	if (whole && r->width < 4)
		telling(e, seen_bit(r));
	else if (width == 8 && r->offset != R_CORBLBASE && r->offset != R_RIRBLBASE &&
		 r->offset != R_DPLBASE)
		odd(e);
}

void evidence_add(struct evidence *e, bool write, unsigned int width, uint64_t offset,
		  uint64_t value)
{
	if (offset >= BAR_END || (offset & (width - 1)))
		odd(e);
	else if (offset < R_SD_BASE)
		global(e, write, width, (unsigned int)offset);
	else if (offset < R_SD_BASE + R_SD_MAX * R_SD_SIZE && offset % R_SD_SIZE == R_SD_STS &&
		 width == 1)
		telling(e, SEEN_STREAM);

	if (write && width == 2 && offset == R_CORBWP) {
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
