// SPDX-License-Identifier: GPL-2.0-or-later
/* VIA (1106): verbs of the function group that set, though their ids look like gets. */
#include "base/bits.h"
#include "codec/fields.h"
#include "codec/rows.h"
#include "codec/vendor/vendor.h"

/* Source: kernel sound/hda/codecs/via.c, __analog_low_current_mode() and the init verbs. */
static const struct verb_row group[] = {
	SET(0xf70, 8, "VIA_SET_LOW_CURRENT_VT1708B", byte, POWER, "kernel via.c, VT1708B")
	SET(0xf73, 8, "VIA_SET_LOW_CURRENT_VT1708S", byte, POWER,
	    "kernel via.c, VT1708S, 1718S, 1702")
	SET(0xf81, 8, "VIA_SET_JACK_DETECT_POWER", byte, JACK, "kernel via.c, VT1708")
	SET(0xf82, 8, "VIA_SET_LOW_CURRENT_VT1705CF", byte, POWER, "kernel via.c, VT1705CF, 1808")
	SET(0xf88, 8, "VIA_SET_F88", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xf8a, 8, "VIA_SET_F8A", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xf90, 8, "VIA_SET_F90", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xf93, 8, "VIA_SET_LOW_CURRENT_VT2002P", byte, POWER,
	    "kernel via.c, VT2002P, 1812, 1802")
	SET(0xf98, 8, "VIA_SET_F98", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xfb2, 8, "VIA_SET_FB2", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xfb8, 8, "VIA_SET_FB8", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xfb9, 8, "VIA_SET_FB9", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xfe0, 8, "VIA_SET_FE0", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xfe2, 8, "VIA_SET_FE2", byte, VENDOR, "kernel via.c, init verbs")
	SET(0xfe9, 8, "VIA_SET_FE9", byte, VENDOR, "kernel via.c, init verbs")
};

static const struct vendor_node nodes[] = {
	{ .nid_first = 0x01, .nid_last = 0x01, .row = group, .n = ARRAY_SIZE(group) },
};

static bool match(uint32_t vendor_id)
{
	/* 11063288 is a Si3054 modem */
	return vendor_id >> 16 == 0x1106 && vendor_id != 0x11063288;
}

const struct vendor vendor_via = {
	.name = "via", .match = match, .node = nodes, .nnodes = ARRAY_SIZE(nodes),
};
