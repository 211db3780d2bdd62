// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of a pin: caps, default configuration, control. */
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/scan.h"
#include "dump/proc_read_int.h"
#include "model/model_names.h"

static uint32_t word_bits(const struct bit_word *w)
{
	uint32_t all = 0;

	for (; w->word; w++)
		all |= w->mask;
	return all;
}

/*
 * Old kernels printed "0x08%x", with a literal 08 before the value. The number of digits
 * shows which form it is; a value of six digits looks like the new form, and the words on the
 * line decide.
 */
static bool pincap_value(struct proc *p, struct reader digits, uint32_t words, uint32_t *val,
			 bool *then)
{
	size_t n = reader_left(&digits);
	struct reader tail = digits;
	uint64_t now = 0, old = 0;
	bool is_old = reader_lit(&tail, "08") && reader_left(&tail);

	if (!scan(digits, "%x", &now))
		return false;
	if (is_old && !scan(tail, "%x", &old))
		return false;
	if (is_old && n == 8) {
		uint32_t known = word_bits(pincap_words) & ~PINCAP_HBR;
		bool fits_now = ((uint32_t)now & known & ~p->votes.pincap_missed) == (words & known);
		bool fits_old = ((uint32_t)old & known & ~p->votes.pincap_missed) == (words & known);

		is_old = (p->votes.pincap.then && !p->votes.pincap.now) || (fits_old && !fits_now);
	}
	*then = is_old;
	*val = (uint32_t)(is_old ? old : now);
	return (is_old ? old : now) <= UINT32_MAX;
}

static bool r_pincap(struct proc *p, struct reader r)
{
	struct reader digits, rest;
	uint32_t words = 0, val, want;
	struct reader word;
	bool then, strange = false, hdmi = false, swap = false;

	if (!scan(r, " 0x%*", &digits) || !proc_want_widget(p))
		return false;
	rest = digits;
	rest.p = memchr(digits.p, ':', reader_left(&digits));
	if (!rest.p)
		return false;
	digits.end = rest.p++;
	r = rest;
	while (scan_word(&r, &word)) {
		const struct bit_word *w = pincap_words;

		while (w->word && !scan_is(&word, w->word))
			w++;
		if (scan_is(&word, "R/L")) {
			swap = true;
			words |= PINCAP_HDMI;
			continue;
		}
		hdmi |= w->mask == PINCAP_HDMI;
		words |= w->mask;
		strange |= !w->word;
	}
	if ((strange && p->joining) || !pincap_value(p, digits, words, &val, &then))
		return false;
	reg_set(&p->node->param[PARAM_PIN_CAP], val);
	if (val > 0)
		proc_vote(&p->votes.pincap, !then);
	p->votes.pincap_seen |= words;
	if (hdmi)
		proc_vote(&p->votes.hdmi, !swap);
	want = val & word_bits(pincap_words);
	/* The kernel prints HBR only together with HDMI, and never for Realtek. */
	if (model_vendor_id(p->m) >> 16 == 0x10ec || !(val & PINCAP_HDMI))
		want &= ~PINCAP_HBR;
	p->votes.pincap_missed |= want & ~words;
	if (words & ~want)
		proc_note(p, NOTE_DIFFERS, "the words do not follow from the pin caps");
	if (strange)
		proc_note(p, NOTE_DIFFERS, "has a word that is not known");
	return true;
}

static bool r_vref_caps(struct proc *p, struct reader r)
{
	uint32_t all;

	if (!proc_want_widget(p) || !proc_words(p, r, vref_cap_words, &all))
		return false;
	p->saw |= SAW_VREF_CAPS;
	if (all != (p->node->param[PARAM_PIN_CAP].val & word_bits(vref_cap_words)))
		proc_note(p, NOTE_DIFFERS, "the words do not follow from the pin caps");
	return true;
}

/* "EAPD 0x2: EAPD", or before 2.6.20 "EAPD: 0x2". */
static bool r_eapd(struct proc *p, struct reader r)
{
	struct reader rest;
	uint32_t all;
	uint64_t v;

	if (!proc_want_widget(p))
		return false;
	if (scan(r, ": 0x%x", &v)) {
		proc_vote(&p->votes.eapd, false);
		return proc_set32(&p->node->reg[MREG_EAPD], v);
	}
	if (!scan(r, " 0x%x:%*", &v, &rest) || v > UINT32_MAX ||
	    !proc_words(p, rest, eapd_words, &all))
		return false;
	proc_vote(&p->votes.eapd, true);
	if (all != (v & 7))
		proc_note(p, NOTE_DIFFERS, "the words do not follow from the number");
	return proc_set32(&p->node->reg[MREG_EAPD], v);
}

static bool same(const struct reader *r, struct buf *want)
{
	const char *s = buf_str(want);
	size_t n = strlen(s);
	struct reader t = *r;

	reader_skip_space(&t);
	while (t.end > t.p && t.end[-1] == ' ')
		t.end--;
	return reader_left(&t) == n && memcmp(t.p, s, n) == 0;
}

static bool r_pin_default(struct proc *p, struct reader r)
{
	struct buf want = { 0 };
	struct reader rest, words;
	uint32_t cfg;
	uint64_t v;

	if (!scan(r, " 0x%x:%*", &v, &rest) || v > UINT32_MAX || !proc_want_widget(p))
		return false;
	cfg = (uint32_t)v;
	buf_addf(&want, "%s at %s %s", pin_device(cfg), pin_gross_location(cfg), pin_location(cfg));
	words = rest;
	reader_skip_space(&words);
	if (reader_lit(&words, "[")) {
		bool fits = reader_lit(&words, pin_connectivity(cfg)) && reader_lit(&words, "]");

		proc_vote(&p->votes.connectivity, true);
		if (!fits || !same(&words, &want))
			words.p = NULL;
	} else {
		proc_vote(&p->votes.connectivity, false);
		if (!same(&words, &want))
			words.p = NULL;
	}
	buf_deinit(&want);
	if (!words.p && p->joining)
		return false;
	if (!words.p)
		proc_note(p, NOTE_DIFFERS, "the words do not follow from the number");
	return proc_set32(&p->node->reg[MREG_DEFAULT], v);
}

static bool r_conn_color(struct proc *p, struct reader r)
{
	struct buf want = { 0 };
	uint32_t cfg;
	bool fits;

	if (!proc_want_widget(p) || !p->node->reg[MREG_DEFAULT].known)
		return false;
	cfg = p->node->reg[MREG_DEFAULT].val;
	buf_addf(&want, "%s, Color = %s", pin_connector(cfg), pin_color(cfg));
	fits = same(&r, &want);
	buf_deinit(&want);
	if (fits)
		return true;
	if (p->joining)
		return false;
	proc_note(p, NOTE_DIFFERS, "the words do not follow from the pin default");
	return true;
}

static bool r_assoc(struct proc *p, struct reader r)
{
	uint64_t assoc, seq;
	uint32_t cfg;

	if (!scan(r, " 0x%x, Sequence = 0x%x", &assoc, &seq) || !proc_want_widget(p) ||
	    !p->node->reg[MREG_DEFAULT].known)
		return false;
	p->saw |= SAW_ASSOC;
	cfg = p->node->reg[MREG_DEFAULT].val;
	if (assoc != bits(cfg, 7, 4) || seq != bits(cfg, 3, 0))
		proc_note(p, NOTE_DIFFERS, "the numbers do not follow from the pin default");
	return true;
}

static bool r_misc(struct proc *p, struct reader r)
{
	if (!scan(r, " NO_PRESENCE") || !proc_want_widget(p) || !p->node->reg[MREG_DEFAULT].known)
		return false;
	p->saw |= SAW_MISC;
	if (!bit(p->node->reg[MREG_DEFAULT].val, 8))
		proc_note(p, NOTE_DIFFERS, "the word does not follow from the pin default");
	return true;
}

static bool r_pin_ctls(struct proc *p, struct reader r)
{
	struct reader rest, word;
	uint32_t all = 0;
	const char *vref;
	uint64_t v;
	bool strange = false, saw_vref = false;

	if (!scan(r, " 0x%x:%*", &v, &rest) || v > UINT32_MAX || !proc_want_widget(p))
		return false;
	vref = vref_ctl_name((unsigned int)v & 7);
	while (scan_word(&rest, &word)) {
		const struct bit_word *w = pinctl_words;

		if (reader_lit(&word, "VREF_")) {
			strange |= !vref || !scan_is(&word, vref);
			saw_vref = true;
			continue;
		}
		while (w->word && !scan_is(&word, w->word))
			w++;
		all |= w->mask;
		strange |= !w->word;
	}
	strange |= all != (v & word_bits(pinctl_words));
	if (strange && p->joining)
		return false;
	if (strange)
		proc_note(p, NOTE_DIFFERS, "the words do not follow from the number");
	p->saw |= SAW_PIN_CTL;
	if ((p->node->param[PARAM_PIN_CAP].val & PINCAP_VREF) && vref)
		proc_vote(&p->votes.vref_ctls, saw_vref);
	return proc_set32(&p->node->reg[MREG_PIN_CTL], v);
}

const struct proc_rule proc_pin_rules[] = {
	{ "Pincap", r_pincap, false },
	{ "Vref caps:", r_vref_caps, false },
	{ "EAPD", r_eapd, false },
	{ "Pin Default", r_pin_default, false },
	{ "Conn =", r_conn_color, false },
	{ "DefAssociation =", r_assoc, true },
	{ "Misc =", r_misc, true },
	{ "Pin-ctls:", r_pin_ctls, false },
	{ NULL, NULL, false }
};
