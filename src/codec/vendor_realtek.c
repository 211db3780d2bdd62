// SPDX-License-Identifier: GPL-2.0-or-later
/* Realtek (10ec). */
#include "codec/fields.h"
#include "codec/shadow.h"
#include "codec/vendor.h"

static bool realtek_match(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x10ec;
}

/* Bit 7 of the pin caps is what the specification calls HDMI (kernel hda_proc.c, print_pin_caps). */
static const struct field_list *realtek_answer(const struct shadow *s, const struct verb_parts *v)
{
	(void)s;
	return v->id == 0xf00 && v->payload == 0x0c ? &fl_par_pin_realtek : NULL;
}

/* The ALC880's tag has four bits, at the top (kernel alc880_unsol_event). */
static const struct field_list *realtek_unsol(const struct shadow *s, uint32_t resp)
{
	(void)resp;
	return s->vendor_id == 0x10ec0880 ? &fl_unsol_alc880 : NULL;
}

const struct vendor vendor_realtek = {
	.name = "realtek",
	.match = realtek_match,
	.answer = realtek_answer,
	.unsol = realtek_unsol,
};
