// SPDX-License-Identifier: GPL-2.0-or-later
/* HDMI and DisplayPort codecs of AMD/ATI (1002), Nvidia (10de) and Intel (8086). */
#include "base/bits.h"
#include "codec/fields.h"
#include "codec/rows.h"
#include "codec/vendor/vendor.h"

static const struct verb_row ati[] = {
#include "codec/vendor/hdmi_ati.def"
};

static const struct verb_row nvidia[] = {
#include "codec/vendor/hdmi_nvidia.def"
};

/* Source: kernel sound/hda/codecs/hdmi/intelhdmi.c, INTEL_GET_VENDOR_VERB and _SET_. */
static const struct verb_row intel[] = {
	VERB2(0xf81, 0x781, 8, "INTEL_GET_VENDOR", "INTEL_SET_VENDOR", none, intel_vendor,
	      intel_vendor, HDMI, "kernel intelhdmi.c")
};

/* Pins can have any NID; a converter has none of these verbs. */
static const struct vendor_node ati_nodes[] = {
	{ .nid_first = 0x02, .nid_last = 0x7f, .row = ati, .n = ARRAY_SIZE(ati) },
};

/* Tegra drivers send some of these verbs to converters too. */
static const struct vendor_node nvidia_nodes[] = {
	{ .nid_first = 0x01, .nid_last = 0x7f, .row = nvidia, .n = ARRAY_SIZE(nvidia) },
};

/* The vendor node: 02 from Ice Lake on, 08 from Haswell to Kaby Lake, 0b on Gemini Lake. */
static const struct vendor_node intel_nodes[] = {
	{ .nid_first = 0x02, .nid_last = 0x02, .row = intel, .n = ARRAY_SIZE(intel) },
	{ .nid_first = 0x08, .nid_last = 0x08, .row = intel, .n = ARRAY_SIZE(intel) },
	{ .nid_first = 0x0b, .nid_last = 0x0b, .row = intel, .n = ARRAY_SIZE(intel) },
};

static bool is_ati(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x1002;
}

static bool is_nvidia(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x10de;
}

static bool is_intel(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x8086;
}

const struct vendor vendor_ati = {
	.name = "ati", .match = is_ati, .node = ati_nodes, .nnodes = ARRAY_SIZE(ati_nodes),
};

const struct vendor vendor_nvidia = {
	.name = "nvidia", .match = is_nvidia, .node = nvidia_nodes,
	.nnodes = ARRAY_SIZE(nvidia_nodes),
};

const struct vendor vendor_intel = {
	.name = "intel", .match = is_intel, .node = intel_nodes, .nnodes = ARRAY_SIZE(intel_nodes),
};
