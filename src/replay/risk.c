// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/risk.h"

#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"

const struct risk_row risk_rows[RISKS] = {
#define RISK(id, word_, what_, why_) [RISK_##id] = { word_, what_, why_ },
#include "replay/risks.def"
#undef RISK
};

static bool take_word(const char *word, size_t len, uint8_t *mask)
{
	if (len == 3 && !memcmp(word, "all", 3)) {
		*mask |= (1u << RISKS) - 1;
		return true;
	}
	for (unsigned int i = 0; i < RISKS; i++) {
		if (strlen(risk_rows[i].word) == len && !memcmp(word, risk_rows[i].word, len)) {
			*mask |= (uint8_t)(1u << i);
			return true;
		}
	}
	return false;
}

struct err *risk_parse(const char *list, uint8_t *mask)
{
	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");

		if (!take_word(p, len, mask))
			return err_new(ERR_USAGE, "reset, power, gpio, amp or all, with commas between "
				       "them");
		p += len;
		if (!*p)
			return NULL;
	}
}

/* The risks of one verb alone. */
static uint8_t of_verb(uint32_t vendor_id, uint32_t verb)
{
	struct verb_parts v = verb_split(verb);
	uint16_t vendor = (uint16_t)(vendor_id >> 16);

	switch (v.id) {
	case 0x7ff:
		return 1u << RISK_RESET;
	case 0x705:
		return v.payload & 0xf ? 1u << RISK_POWER : 0;
	case 0x7ec:	/* SigmaTel and IDT, on the function group */
		return !vendor || vendor == 0x8384 || vendor == 0x111d ? 1u << RISK_POWER : 0;
	case 0x70c:	/* EAPD on */
		return v.payload & 2 ? 1u << RISK_AMP : 0;
	default:
		/* GPI, GPO and GPIO: HDA 1.0a 7.3.3.22 to 7.3.3.29 */
		return v.id >= 0x710 && v.id <= 0x71a ? 1u << RISK_GPIO : 0;
	}
}

/* True for registers of another chip behind the codec. */
static bool is_amp(const struct effect *e)
{
	switch (e->space) {
	case SPACE_AMP:
	case SPACE_I2C:
	case SPACE_ALC5505:
	case SPACE_HIC:
	case SPACE_SCP:
		return !effect_is_reading(e);
	default:
		return false;
	}
}

static void mark(struct effects *fx, uint8_t *out, size_t n)
{
	struct effect e;

	while (effects_next(fx, &e))
		for (uint64_t i = e.first; is_amp(&e) && i && i <= e.last && i <= n; i++)
			out[i - 1] |= 1u << RISK_AMP;
}

struct err *risk_judge(uint32_t vendor_id, const uint32_t *verbs, size_t n, uint8_t *out)
{
	struct decoder *dec = NULL;
	struct effects *fx = NULL;
	struct err *e = decoder_create(&dec);

	if (!e && vendor_id)
		e = decoder_set_codec(dec, 0, 0, vendor_id);
	if (!e)
		e = effects_create(dec, &fx);
	for (size_t i = 0; !e && i < n; i++) {
		struct decoded d;
		struct xact x = {
			.index = i + 1, .kind = XACT_CORB, .verb = verbs[i] & 0x0fffffff,
			.has_verb = true, .unrecorded = true, .certainty = CERT_EXACT,
		};

		out[i] = of_verb(vendor_id, verbs[i]);
		codec_decode(dec, &x, &d);
		e = effects_put(fx, &x, &d);
		mark(fx, out, n);
	}
	if (!e)
		e = effects_flush(fx);
	if (!e)
		mark(fx, out, n);
	effects_destroy(fx);
	decoder_destroy(dec);
	return e;
}
