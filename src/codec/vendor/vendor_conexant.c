// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Conexant (14f1) and Senarytech (1fa8). On NID 1c the four-bit ids 3 and 4 write vendor
 * registers; they are neither amplifiers nor coefficients.
 */
#include "base/bits.h"
#include "codec/effect/effect.h"
#include "codec/fields.h"
#include "codec/rows.h"
#include "codec/vendor/coefs.h"
#include "codec/vendor/vendor.h"

/* Source: kernel sound/hda/codecs/conexant.c, cxt_fixup_*() and cx_fixup_headset_recog(). */
static const struct verb_row window[] = {
	SET(0x300, 16, "CX_SET_REGISTER_3", half, VENDOR, "kernel conexant.c")
	SET(0x400, 16, "CX_SET_REGISTER_4", half, VENDOR, "kernel conexant.c")
};

/* Source: kernel sound/hda/codecs/senarytech.c, senary_init_verb(). */
static const struct verb_row senary[] = {
	SET(0x000, 16, "SENARY_SET_REGISTER_0", half, VENDOR, "kernel senarytech.c")
};

static const uint16_t codecs_all[] = { 0 };

static const struct coef_row meanings[] = {
	{ codecs_all, 1, 0x1c, 0x400, 0xffff, 0x107c, "internal microphones merged" },
	{ codecs_all, 1, 0x1c, 0x400, 0xffff, 0x1054, "internal microphones apart" },
	{ codecs_all, 1, 0x1c, 0x300, 0xffff, 0x2010, "microphone bias comparator" },
	{ codecs_all, 1, 0x1c, 0x300, 0xffff, 0xbe10, "microphone bias comparator" },
};

static bool is_conexant(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x14f1;
}

static bool is_senary(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x1fa8;
}

static const struct vendor_node nodes[] = {
	{ .nid_first = 0x1c, .nid_last = 0x1c, .row = window, .n = ARRAY_SIZE(window) },
	{ .nid_first = 0x1b, .nid_last = 0x1b, .row = senary, .n = ARRAY_SIZE(senary),
	  .has = is_senary },
};

static bool match(uint32_t vendor_id)
{
	return is_conexant(vendor_id) || is_senary(vendor_id);
}

const struct vendor vendor_conexant = {
	.name = "conexant", .match = match, .node = nodes, .nnodes = ARRAY_SIZE(nodes),
	.meaning = meanings, .nmeanings = ARRAY_SIZE(meanings),
};
