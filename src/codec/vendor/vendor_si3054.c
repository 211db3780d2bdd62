// SPDX-License-Identifier: GPL-2.0-or-later
/* Silicon Labs Si3054 modems, under many vendors' ids: the NID is a register number. */
#include "base/bits.h"
#include "codec/fields.h"
#include "codec/rows.h"
#include "codec/vendor/vendor.h"

/* Source: kernel sound/hda/codecs/si3054.c, SI3054_VERB_READ_NODE and _WRITE_NODE. */
static const struct verb_row si3054[] = {
	VERB2(0x900, 0x100, 16, "SI3054_READ_NODE", "SI3054_WRITE_NODE", none, half, half, VENDOR,
	      "kernel si3054.c")
};

static const struct vendor_node nodes[] = {
	{ .nid_first = 0x00, .nid_last = 0xff, .row = si3054, .n = ARRAY_SIZE(si3054) },
};

/* Source: kernel si3054.c, snd_hda_id_si3054. */
static bool match(uint32_t vendor_id)
{
	static const uint32_t ids[] = {
		0x163c3055, 0x163c3155, 0x11c13026, 0x11c13055, 0x11c13155, 0x10573055,
		0x10573057, 0x10573155, 0x11063288, 0x15433155, 0x18540018,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++)
		if (ids[i] == vendor_id)
			return true;
	return false;
}

const struct vendor vendor_si3054 = {
	.name = "si3054", .match = match, .node = nodes, .nnodes = ARRAY_SIZE(nodes),
};
