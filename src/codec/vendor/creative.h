/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of the CA0132, for its rules and for tests. */
#ifndef HDADUMP_CODEC_VENDOR_CREATIVE_H
#define HDADUMP_CODEC_VENDOR_CREATIVE_H

#include <stdbool.h>
#include <stdint.h>

/* One row of creative_scp.def: a request to a module of the DSP. */
struct creative_scp {
	uint8_t module, request;
	bool is_float;
	const char *name;
};

/* One row of creative_hic.def: a range of the chip's address space. */
struct creative_hic {
	uint32_t first, last;
	const char *name;
};

extern const struct creative_scp *const creative_scp_rows;
extern const unsigned int creative_scp_count;
extern const struct creative_hic *const creative_hic_rows;
extern const unsigned int creative_hic_count;

#endif
