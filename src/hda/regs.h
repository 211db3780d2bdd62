/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The register table of regs.def, and the offsets and bits by name. */
#ifndef HDADUMP_HDA_REGS_H
#define HDADUMP_HDA_REGS_H

#include <stdint.h>

enum reg_access { REG_RO, REG_RW, REG_W1C };

struct hda_reg {
	uint16_t offset;	/* offset in the BAR, or in the stream descriptor */
	uint8_t width;		/* bytes */
	uint8_t access;		/* enum reg_access */
	const char *name;
	const char *what;
};

enum {
#define REG(off, width, name, access, what) R_##name = off,
#define SDREG(off, width, name, access, what) R_SD_##name = off,
#include "hda/regs.def"
#undef REG
#undef SDREG
	R_SD_BASE = 0x80,	/* first stream descriptor */
	R_SD_SIZE = 0x20,
	R_SD_MAX = 30,		/* INTCTL has 30 stream bits */
};

enum {
	GCTL_CRST = 1 << 0,
	CORBRP_RST = 1 << 15,
	CORBCTL_RUN = 1 << 1,
	RIRBWP_RST = 1 << 15,
	RIRBCTL_DMAEN = 1 << 1,
	RIRBSTS_OIS = 1 << 2,
	ICIS_ICB = 1 << 0,
	ICIS_IRV = 1 << 1,
	RIRB_EX_UNSOL = 1 << 4,
};

/*
 * The register that covers byte @offset of BAR 0, or NULL. *stream is the stream descriptor's
 * index; -1 = a global register.
 */
const struct hda_reg *reg_find(uint32_t offset, int *stream);
/* All rows, global ones first; a NULL name ends them. */
const struct hda_reg *reg_table(void);
const struct hda_reg *reg_sd_table(void);

#endif
