// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model_names.h"

#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/text.h"
#include "codec/ids.h"
#include "model/model.h"

const struct bit_word pincap_words[] = {
	{ PINCAP_IN, "IN" }, { PINCAP_OUT, "OUT" }, { PINCAP_HP, "HP" },
	{ PINCAP_EAPD, "EAPD" }, { PINCAP_DETECT, "Detect" }, { PINCAP_BALANCED, "Balanced" },
	{ PINCAP_HBR, "HBR" }, { PINCAP_HDMI, "HDMI" }, { PINCAP_DP, "DP" },
	{ PINCAP_TRIGGER, "Trigger" }, { PINCAP_IMP_SENSE, "ImpSense" }, { 0, NULL }
};

const struct bit_word vref_cap_words[] = {
	{ 0x100, "HIZ" }, { 0x200, "50" }, { 0x400, "GRD" }, { 0x1000, "80" }, { 0x2000, "100" },
	{ 0, NULL }
};

const struct bit_word pinctl_words[] = {
	{ 0x20, "IN" }, { 0x40, "OUT" }, { 0x80, "HP" }, { 0, NULL }
};

const struct bit_word eapd_words[] = {
	{ 0x1, "BALANCED" }, { 0x2, "EAPD" }, { 0x4, "R/L" }, { 0, NULL }
};

const struct bit_word digital_words[] = {
	{ 0x01, "Enabled" }, { 0x02, "Validity" }, { 0x04, "ValidityCfg" },
	{ 0x08, "Preemphasis" }, { 0x10, "Non-Copyright" }, { 0x20, "Non-Audio" },
	{ 0x40, "Pro" }, { 0x80, "GenLevel" }, { 0x800000, "KAE" }, { 0, NULL }
};

const struct bit_word power_cap_words[] = {
	{ 0x1, "D0" }, { 0x2, "D1" }, { 0x4, "D2" }, { 0x8, "D3" }, { 0x10, "D3cold" },
	{ 0x20000000, "S3D3cold" }, { 0x40000000, "CLKSTOP" }, { 0x80000000, "EPSS" },
	{ 0, NULL }
};

const struct bit_word format_words[] = {
	{ 0x1, "PCM" }, { 0x2, "FLOAT" }, { 0x4, "AC3" }, { 0, NULL }
};

const struct bit_word wcap_words[] = {
	{ WCAP_DIGITAL, "Digital" }, { WCAP_IN_AMP, "Amp-In" }, { WCAP_OUT_AMP, "Amp-Out" },
	{ WCAP_STRIPE, "Stripe" }, { WCAP_LR_SWAP, "R/L" }, { WCAP_CP, "CP" }, { 0, NULL }
};

const struct bit_word power_flag_words[] = {
	{ 0x100, "Error" }, { 0x200, "Clock-stop-OK" }, { 0x400, "Setting-reset" }, { 0, NULL }
};

const unsigned int pcm_rates[12] = {
	8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000, 384000
};

const unsigned int pcm_sizes[5] = { 8, 16, 20, 24, 32 };

const char *widget_type_name(int type)
{
	static const char *const names[16] = {
		"Audio Output", "Audio Input", "Audio Mixer", "Audio Selector", "Pin Complex",
		"Power Widget", "Volume Knob Widget", "Beep Generator Widget",
		[WIDGET_VENDOR] = "Vendor Defined Widget",
	};

	return type >= 0 && type < 16 && names[type] ? names[type] : "UNKNOWN Widget";
}

const char *power_state_name(unsigned int state)
{
	static const char *const names[] = { "D0", "D1", "D2", "D3", "D3cold" };

	return state < ARRAY_SIZE(names) ? names[state] : "UNKNOWN";
}

const char *vref_ctl_name(unsigned int ctl)
{
	static const char *const names[8] = {
		[0] = "HIZ", [1] = "50", [2] = "GRD", [4] = "80", [5] = "100"
	};

	return names[ctl & 7];
}

const char *pin_connectivity(uint32_t cfg)
{
	static const char *const names[4] = { "Jack", "N/A", "Fixed", "Both" };

	return names[bits(cfg, 31, 30)];
}

const char *pin_device(uint32_t cfg)
{
	static const char *const names[16] = {
		"Line Out", "Speaker", "HP Out", "CD", "SPDIF Out", "Digital Out",
		"Modem Line", "Modem Hand", "Line In", "Aux", "Mic", "Telephony",
		"SPDIF In", "Digital In", "Reserved", "Other"
	};

	return names[bits(cfg, 23, 20)];
}

const char *pin_gross_location(uint32_t cfg)
{
	static const char *const names[4] = { "Ext", "Int", "Sep", "Oth" };

	return names[bits(cfg, 29, 28)];
}

const char *pin_location(uint32_t cfg)
{
	static const char *const fine[7] = {
		"N/A", "Rear", "Front", "Left", "Right", "Top", "Bottom"
	};

	if (bits(cfg, 27, 24) < ARRAY_SIZE(fine))
		return fine[bits(cfg, 27, 24)];
	switch (bits(cfg, 29, 24)) {
	case 0x07:
		return "Rear Panel";
	case 0x08:
		return "Drive Bar";
	case 0x17:
		return "Riser";
	case 0x18:
		return "HDMI";
	case 0x19:
		return "ATAPI";
	case 0x37:
		return "Mobile-In";
	case 0x38:
		return "Mobile-Out";
	default:
		return "UNKNOWN";
	}
}

const char *pin_connector(uint32_t cfg)
{
	static const char *const names[16] = {
		"Unknown", "1/8", "1/4", "ATAPI", "RCA", "Optical", "Digital", "Analog",
		"DIN", "XLR", "RJ11", "Comb", [15] = "Other"
	};
	const char *name = names[bits(cfg, 19, 16)];

	return name ? name : "UNKNOWN";
}

const char *pin_color(uint32_t cfg)
{
	static const char *const names[16] = {
		"Unknown", "Black", "Grey", "Blue", "Green", "Red", "Orange", "Yellow",
		"Purple", "Pink", [14] = "White", [15] = "Other"
	};
	const char *name = names[bits(cfg, 15, 12)];

	return name ? name : "UNKNOWN";
}

static const char *special_name(const struct codec_model *m, uint32_t id)
{
	const struct reg *rev = &m->node[0]->param[PARAM_REVISION_ID];
	const struct model_node *vendor = model_find(m, 0x20);
	const struct model_value *coef = vendor ? model_coef(vendor, 0) : NULL;

	const uint32_t coef0 = coef ? coef->val : 0;

	return codec_variant_name(id, rev->known ? &rev->val : NULL, coef ? &coef0 : NULL);
}

void codec_name_add(const struct codec_model *m, struct buf *b)
{
	uint32_t id = model_vendor_id(m);
	const char *name = m->name;

	if (!name && id)
		name = special_name(m, id);
	if (!name && id)
		name = codec_id_name(id);
	if (name) {
		text_add_safe(b, name, strlen(name));
		return;
	}
	name = codec_vendor_name(id);
	if (name)
		buf_addf(b, "%s Generic", name);
	else
		buf_addf(b, "Generic %04x Generic", id >> 16);
}
