// SPDX-License-Identifier: GPL-2.0-or-later
/* SigmaTel (8384) and IDT (111d). */
#include "base/bits.h"
#include "codec/fields.h"
#include "codec/rows.h"
#include "codec/vendor/vendor.h"

/* Source: kernel sound/hda/codecs/sigmatel.c: powerdown, aloopback, stac_gpio_set(). */
static const struct verb_row group[] = {
	VERB2(0xfa0, 0x7a0, 8, "STAC_GET_ANALOG_LOOPBACK", "STAC_SET_ANALOG_LOOPBACK", none,
	      byte, byte, VENDOR, "kernel sigmatel.c, 92HD7x")
	VERB2(0xfe0, 0x7e0, 8, "STAC_GET_ANALOG_LOOPBACK_9205", "STAC_SET_ANALOG_LOOPBACK_9205",
	      none, byte, byte, VENDOR, "kernel sigmatel.c, STAC9205")
	SET(0x7e7, 8, "STAC_SET_GPIO_CMOS", gpio_mask, GPIO, "kernel sigmatel.c, stac_gpio_set()")
	VERB2(0xfeb, 0x7eb, 8, "STAC_GET_ANALOG_LOOPBACK_927X", "STAC_SET_ANALOG_LOOPBACK_927X",
	      none, byte, byte, VENDOR, "kernel sigmatel.c, STAC927x")
	VERB2(0xfec, 0x7ec, 8, "STAC_GET_POWER_MAP", "STAC_SET_POWER_MAP", none, byte, byte, POWER,
	      "kernel sigmatel.c, stac_proc_hook()")
};

static const struct verb_row microphone[] = {
	SET(0x771, 8, "STAC_SET_DMIC_771", byte, VENDOR, "kernel sigmatel.c, init verbs of NID 22")
	SET(0x772, 8, "STAC_SET_DMIC_772", byte, VENDOR, "kernel sigmatel.c, init verbs of NID 22")
	SET(0x782, 8, "STAC_SET_DMIC_782", byte, VENDOR, "kernel sigmatel.c, init verbs of NID 22")
	SET(0x785, 8, "STAC_SET_DMIC_785", byte, VENDOR, "kernel sigmatel.c, init verbs of NID 22")
	SET(0x788, 8, "STAC_SET_DMIC_788", byte, VENDOR, "kernel sigmatel.c, init verbs of NID 22")
	SET(0x795, 8, "STAC_SET_HIGH_PASS", byte, VENDOR, "kernel sigmatel.c, init verbs")
};

static const struct vendor_node nodes[] = {
	{ .nid_first = 0x01, .nid_last = 0x01, .row = group, .n = ARRAY_SIZE(group) },
	{ .nid_first = 0x22, .nid_last = 0x22, .row = microphone, .n = ARRAY_SIZE(microphone) },
	{ .nid_first = 0x1a, .nid_last = 0x1a, .row = microphone + ARRAY_SIZE(microphone) - 1,
	  .n = 1 },
};

static bool match(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x8384 || vendor_id >> 16 == 0x111d;
}

const struct vendor vendor_sigmatel = {
	.name = "sigmatel", .match = match, .node = nodes, .nnodes = ARRAY_SIZE(nodes),
};
