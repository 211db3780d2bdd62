// SPDX-License-Identifier: GPL-2.0-or-later
/* C-Media CM9825 (13f6:9825): vendor registers on many widgets. */
#include "base/bits.h"
#include "codec/fields.h"
#include "codec/rows.h"
#include "codec/vendor/vendor.h"

/* Source: kernel sound/hda/codecs/cm9825.c, CM9825_VERB_SET_*. */
static const struct verb_row cm9825[] = {
	SET(0x781, 8, "CM9825_SET_HPF_1", byte, VENDOR, "kernel cm9825.c")
	SET(0x785, 8, "CM9825_SET_HPF_2", byte, VENDOR, "kernel cm9825.c")
	SET(0x7a0, 8, "CM9825_SET_PLL", byte, VENDOR, "kernel cm9825.c")
	SET(0x7a1, 8, "CM9825_SET_NEG", byte, VENDOR, "kernel cm9825.c")
	SET(0x7a2, 8, "CM9825_SET_ADCL", byte, VENDOR, "kernel cm9825.c")
	SET(0x7a3, 8, "CM9825_SET_DACL", byte, VENDOR, "kernel cm9825.c")
	SET(0x7a4, 8, "CM9825_SET_MBIAS", byte, VENDOR, "kernel cm9825.c")
	SET(0x7a8, 8, "CM9825_SET_VNEG", byte, VENDOR, "kernel cm9825.c")
	SET(0x7a9, 8, "CM9825_SET_D2S", byte, VENDOR, "kernel cm9825.c")
	SET(0x7aa, 8, "CM9825_SET_DACTRL", byte, VENDOR, "kernel cm9825.c")
	SET(0x7ac, 8, "CM9825_SET_PDNEG", byte, POWER, "kernel cm9825.c")
	SET(0x7ad, 8, "CM9825_SET_VDO", byte, VENDOR, "kernel cm9825.c")
	SET(0x7b0, 8, "CM9825_SET_CDALR", byte, VENDOR, "kernel cm9825.c")
	SET(0x7b1, 8, "CM9825_SET_MTCBA", byte, VENDOR, "kernel cm9825.c")
	SET(0x7b2, 8, "CM9825_SET_OTP", byte, VENDOR, "kernel cm9825.c")
	SET(0x7b3, 8, "CM9825_SET_OCP", byte, VENDOR, "kernel cm9825.c")
	SET(0x7b4, 8, "CM9825_SET_GAD", byte, VENDOR, "kernel cm9825.c")
	SET(0x7b5, 8, "CM9825_SET_TMOD", byte, VENDOR, "kernel cm9825.c")
	SET(0x7b6, 8, "CM9825_SET_SNR", byte, VENDOR, "kernel cm9825.c")
};

static const struct vendor_node nodes[] = {
	{ .nid_first = 0x01, .nid_last = 0xff, .row = cm9825, .n = ARRAY_SIZE(cm9825) },
};

static bool match(uint32_t vendor_id)
{
	return vendor_id == 0x13f69825;
}

const struct vendor vendor_cmedia = {
	.name = "cmedia", .match = match, .node = nodes, .nnodes = ARRAY_SIZE(nodes),
};
