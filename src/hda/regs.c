// SPDX-License-Identifier: GPL-2.0-or-later
#include "hda/regs.h"

#include <stddef.h>

#define RO REG_RO
#define RW REG_RW
#define W1C REG_W1C

static const struct hda_reg global_regs[] = {
#define REG(off, width, name, access, what) { off, width, access, #name, what },
#define SDREG(off, width, name, access, what)
#include "hda/regs.def"
#undef REG
#undef SDREG
	{ 0 }
};

static const struct hda_reg sd_regs[] = {
#define REG(off, width, name, access, what)
#define SDREG(off, width, name, access, what) { off, width, access, "SD" #name, what },
#include "hda/regs.def"
#undef REG
#undef SDREG
	{ 0 }
};

const struct hda_reg *reg_table(void)
{
	return global_regs;
}

const struct hda_reg *reg_sd_table(void)
{
	return sd_regs;
}

static const struct hda_reg *find_in(const struct hda_reg *r, uint32_t offset)
{
	for (; r->name; r++)
		if (offset >= r->offset && offset < (uint32_t)r->offset + r->width)
			return r;
	return NULL;
}

const struct hda_reg *reg_find(uint32_t offset, int *stream)
{
	*stream = -1;
	if (offset < R_SD_BASE)
		return find_in(global_regs, offset);
	offset -= R_SD_BASE;
	if (offset / R_SD_SIZE >= R_SD_MAX)
		return NULL;
	*stream = (int)(offset / R_SD_SIZE);
	return find_in(sd_regs, offset % R_SD_SIZE);
}
