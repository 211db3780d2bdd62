// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of a widget; the lines of its pin are in proc_read_pin.c. */
#include <string.h>

#include "base/bits.h"
#include "base/scan.h"
#include "dump/proc_read_int.h"
#include "model/model_names.h"

bool proc_words(struct proc *p, struct reader r, const struct bit_word *table, uint32_t *all)
{
	struct reader word;

	*all = 0;
	while (scan_word(&r, &word)) {
		const struct bit_word *w = table;

		while (w->word && !scan_is(&word, w->word))
			w++;
		*all |= w->mask;
		if (w->word)
			continue;
		if (p->joining)
			return false;
		proc_note(p, NOTE_DIFFERS, "has a word that is not known");
	}
	return true;
}

/* The words after "wcaps 0x...:": channels, and bits. */
static bool wcap_line(struct proc *p, struct reader r, uint64_t *channels, uint32_t *all)
{
	struct reader word, after = r;

	*channels = 0;
	if (scan_word(&after, &word)) {
		if (scan_is(&word, "Stereo"))
			*channels = 2;
		else if (scan_is(&word, "Mono"))
			*channels = 1;
		else if (!scan(word, "%u-Channels", channels))
			after = r;
	}
	return proc_words(p, after, wcap_words, all);
}

/* Checks the words against the number, also in the forms of older kernels. */
static void wcap_votes(struct proc *p, uint32_t caps, uint64_t channels, uint32_t all)
{
	unsigned int want = (caps & WCAP_STEREO) ? model_channels(p->node) : 1;

	p->votes.wcap_seen |= all;
	for (const struct bit_word *w = wcap_words; w->word; w++)
		if (caps & w->mask & ~all)
			p->votes.wcap_missed |= w->mask;
	if (want > 2 && channels)
		proc_vote(&p->votes.channels, channels != 2);
	if ((want != channels && !(want > 2 && channels == 2)) || (all & ~caps))
		proc_note(p, NOTE_DIFFERS, "the words do not follow from wcaps");
}

/* If the head is missing, a widget number that does not rise begins the next codec. */
static bool next_codec(struct proc *p)
{
	if (!proc_begin(p))
		return false;
	proc_note(p, NOTE_MENDED, "a codec begins here without its head");
	return true;
}

static bool r_node(struct proc *p, struct reader r)
{
	struct reader rest, type, words;
	struct model_node *n;
	uint64_t nid, again, caps, channels;
	const uint8_t *close;
	uint32_t all;

	if (!scan(r, " %n%*", &nid, &rest) || nid == 0 || nid >= MODEL_NODES)
		return false;
	/* AudioDxe prints the number in decimal too, or prints nothing else. */
	if (scan(rest, " (%u)%*", &again, &words))
		rest = words;
	reader_skip_space(&rest);
	if (!reader_lit(&rest, "["))
		return false;
	close = memchr(rest.p, ']', reader_left(&rest));
	if (!close)
		return false;
	type = (struct reader){ rest.p, close, false };
	rest.p = close + 1;
	if (!scan(rest, " wcaps 0x%x:%*", &caps, &words) || caps > UINT32_MAX ||
	    !wcap_line(p, words, &channels, &all))
		return false;
	/* Widget numbers only rise within a codec; a lower one belongs to the next codec. */
	if (p->in_widget && !p->joining && nid <= p->node->nid && !next_codec(p))
		return false;
	if (!proc_want_model(p))
		return false;
	if (!model_make_room(p->m, (uint8_t)nid)) {
		p->why = "is the number of a function group";
		return false;
	}
	n = model_node(p->m, (uint8_t)nid);
	if (!n || !model_afg(p->m))
		return false;
	if (n != p->node)
		proc_leave_widget(p, true);
	n->kind = NODE_WIDGET;
	reg_set(&n->param[PARAM_WIDGET_CAP], (uint32_t)caps);
	p->node = n;
	p->in_widget = true;
	/* before 2.6.32 the kernel took caps of 0 for an output's */
	if (!scan_is(&type, widget_type_name(model_type(n))) &&
	    (caps || !scan_is(&type, widget_type_name(WIDGET_OUTPUT))))
		proc_note(p, NOTE_DIFFERS, "the type does not follow from wcaps");
	wcap_votes(p, (uint32_t)caps, channels, all);
	return true;
}

/*
 * Reads 'name="TEXT", ' up to the last '", ' before the numbers, because names may contain
 * quotes.
 */
static bool quoted(struct reader *r, const char *key, const char *next, struct reader *text)
{
	size_t n = strlen(next);

	reader_skip_space(r);
	if (!reader_lit(r, key) || !reader_lit(r, "=\""))
		return false;
	for (const uint8_t *q = r->end; q-- > r->p;) {
		struct reader after = { q, r->end, false };

		if (*q != '"' || !reader_lit(&after, "\"") || !reader_lit(&after, ","))
			continue;
		reader_skip_space(&after);
		if (reader_left(&after) < n || memcmp(after.p, next, n) != 0)
			continue;
		*text = (struct reader){ r->p, q, false };
		r->p = after.p;
		return true;
	}
	return false;
}

static bool r_control(struct proc *p, struct reader r)
{
	struct model_control *c;
	struct reader name;
	int64_t index, device;

	if (!quoted(&r, "name", "index=", &name) ||
	    !scan(r, "index=%i, device=%i", &index, &device) || !proc_want_node(p))
		return false;
	c = model_control_add(p->node, (const char *)name.p, reader_left(&name));
	if (!c)
		return false;
	c->index = index;
	c->device = device;
	return true;
}

static bool r_control_amp(struct proc *p, struct reader r)
{
	struct model_control *c;
	uint64_t chs, idx, ofs;
	struct reader rest;
	bool out;

	if (!scan(r, " chs=%u, dir=%*", &chs, &rest) || !proc_want_node(p))
		return false;
	out = reader_lit(&rest, "Out");
	if (!out && !reader_lit(&rest, "In"))
		return false;
	if (!scan(rest, ", idx=%u, ofs=%u", &idx, &ofs))
		return false;
	p->why = "does not follow a Control line";
	if (!p->node->ncontrols)
		return false;
	c = &p->node->controls[p->node->ncontrols - 1];
	c->has_amp = true;
	c->out = out;
	c->chs = chs;
	c->idx = idx;
	c->ofs = ofs;
	return true;
}

static bool r_device(struct proc *p, struct reader r)
{
	struct model_pcm *pcm;
	struct reader name, type;
	int64_t device, substream = 0;
	bool has;

	if (!quoted(&r, "name", "type=", &name) || !quoted(&r, "type", "device=", &type) ||
	    !proc_want_node(p))
		return false;
	has = scan(r, "device=%i, substream=%i", &device, &substream);
	if (!has && !scan(r, "device=%i", &device))
		return false;
	pcm = model_pcm_add(p->node, (const char *)name.p, reader_left(&name),
			    (const char *)type.p, reader_left(&type));
	if (!pcm)
		return false;
	pcm->device = device;
	pcm->substream = substream;
	pcm->has_substream = has;
	return true;
}

static bool r_amp_in_caps(struct proc *p, struct reader r)
{
	return proc_want_widget(p) && proc_amp_caps(r, &p->node->param[PARAM_AMP_IN_CAP]);
}

static bool r_amp_out_caps(struct proc *p, struct reader r)
{
	return proc_want_widget(p) && proc_amp_caps(r, &p->node->param[PARAM_AMP_OUT_CAP]);
}

static bool r_pcm(struct proc *p, struct reader r)
{
	return proc_want_widget(p) && proc_pcm_head(p, r, p->node);
}

static bool r_na(struct proc *p, struct reader r)
{
	if (!scan_end(r) || !p->pcm_node)
		return false;
	proc_no_pcm(p->pcm_node);
	return true;
}

/* The numbers after the colon repeat the bits; @names has their names from bit @shift upwards. */
static bool pcm_line(struct proc *p, struct reader r, uint32_t mask, unsigned int shift,
		     const unsigned int *names, unsigned int count)
{
	struct reader rest;
	uint32_t want, all = 0;
	uint64_t v, name;

	if (!scan(r, " [0x%x]:%*", &v, &rest) || v > mask >> shift)
		return false;
	p->why = "is outside of a list of formats";
	if (!p->pcm_node)
		return false;
	while (!scan_end(rest)) {
		unsigned int i = 0;

		if (!scan(rest, " %u%*", &name, &rest))
			return false;
		while (i < count && names[i] != name)
			i++;
		if (i == count && p->joining)
			return false;
		all |= i < count ? 1u << i : UINT32_MAX;
	}
	want = (uint32_t)v & (uint32_t)bits_mask(count);
	if (p->joining && all != want)
		return false;
	if (!proc_put(&p->pcm_node->param[PARAM_PCM], mask, v << shift))
		return false;
	if (all != want)
		proc_note(p, NOTE_DIFFERS, "the list does not follow from the number");
	return true;
}

static bool r_rates(struct proc *p, struct reader r)
{
	return pcm_line(p, r, 0xfff, 0, pcm_rates, ARRAY_SIZE(pcm_rates));
}

static bool r_bits(struct proc *p, struct reader r)
{
	return pcm_line(p, r, 0xff0000, 16, pcm_sizes, ARRAY_SIZE(pcm_sizes));
}

static bool r_formats(struct proc *p, struct reader r)
{
	struct reader rest;
	uint32_t all;
	uint64_t v;

	if (!scan(r, " [0x%x]:%*", &v, &rest) || v > 0xf)
		return false;
	p->why = "is outside of a list of formats";
	if (!p->pcm_node || !proc_words(p, rest, format_words, &all))
		return false;
	if (all != (v & 7))
		proc_note(p, NOTE_DIFFERS, "the words do not follow from the number");
	return proc_put(&p->pcm_node->param[PARAM_STREAM], 0xf, v);
}

static bool r_converter(struct proc *p, struct reader r)
{
	uint64_t stream, channel;

	return scan(r, " stream=%u, channel=%u", &stream, &channel) && stream <= 15 &&
	       channel <= 15 && proc_want_widget(p) &&
	       proc_put(&p->node->reg[MREG_CONV], 0xff, stream << 4 | channel);
}

static bool r_sdi(struct proc *p, struct reader r)
{
	uint64_t v;

	return scan(r, " %u", &v) && proc_want_widget(p) &&
	       proc_put(&p->node->reg[MREG_SDI_SELECT], 0xf, v);
}

static bool r_digital(struct proc *p, struct reader r)
{
	/* Before 6.x the bit that means "no copyright asserted" was printed as its opposite. */
	static const struct bit_word old[] = { { 0x10, "Copyright" }, { 0, NULL } };
	struct reader word, again = r;
	uint32_t all = 0;

	if (!proc_want_widget(p))
		return false;
	while (scan_word(&again, &word)) {
		const struct bit_word *w = digital_words;

		if (scan_is(&word, old[0].word)) {
			proc_vote(&p->votes.copyright, false);
			all |= old[0].mask;
			continue;
		}
		while (w->word && !scan_is(&word, w->word))
			w++;
		if (!w->word)
			return false;
		if (w->mask == old[0].mask)
			proc_vote(&p->votes.copyright, true);
		all |= w->mask;
	}
	reg_put(&p->node->reg[MREG_DIGI], 0xff, all);
	/*
	 * Kernels that print KAE print the coding type too, so without that line the bit is
	 * unknown.
	 */
	if (all & 0x800000)
		reg_put(&p->node->reg[MREG_DIGI], 0x800000, all);
	return true;
}

static bool r_category(struct proc *p, struct reader r)
{
	uint64_t v;

	return scan(r, " 0x%x", &v) && v <= 0x7f && proc_want_widget(p) &&
	       proc_put(&p->node->reg[MREG_DIGI], 0x7f00, v << 8);
}

static bool r_coding(struct proc *p, struct reader r)
{
	struct reg *digi;
	uint64_t v;

	if (!scan(r, " 0x%x", &v) || v > 0xf || !proc_want_widget(p))
		return false;
	digi = &p->node->reg[MREG_DIGI];
	reg_put(digi, 0x800000, digi->val);
	return proc_put(digi, 0xf0000, v << 16);
}

static bool r_knob(struct proc *p, struct reader r)
{
	uint64_t delta, steps, direct, val;

	return scan(r, " delta=%u, steps=%u, direct=%u, val=%u", &delta, &steps, &direct, &val) &&
	       delta <= 1 && steps <= 0x7f && direct <= 1 && val <= 0x7f && proc_want_widget(p) &&
	       proc_put(&p->node->param[PARAM_KNOB_CAP], 0xff, delta << 7 | steps) &&
	       proc_put(&p->node->reg[MREG_KNOB], 0xff, direct << 7 | val);
}

static bool r_unsolicited(struct proc *p, struct reader r)
{
	uint64_t tag, enabled;

	return (scan(r, " tag=%x, enabled=%u", &tag, &enabled) ||
		scan(r, " tag=0x%x, enabled=%u", &tag, &enabled)) && tag <= 0x3f && enabled <= 1 &&
	       proc_want_widget(p) &&
	       proc_put(&p->node->reg[MREG_UNSOL], 0xbf, enabled << 7 | tag);
}

/* The kernel prints "(null)" for each bit without a name. */
static bool r_power_states(struct proc *p, struct reader r)
{
	bool blank = r.p < r.end && *r.p == ' ';
	struct reader word, rest = r;
	uint32_t all = 0, nulls = 0;

	if (!proc_want_node(p))
		return false;
	if (scan_end(r))
		proc_vote(&p->votes.stripped, blank);
	while (scan_word(&rest, &word)) {
		uint32_t one;

		if (scan_is(&word, "(null)"))
			nulls++;
		else if (!proc_words(p, word, power_cap_words, &one))
			return false;
		else
			all |= one;
	}
	if (nulls > 24)
		return false;
	p->node->unnamed_states = (uint8_t)nulls;
	reg_put(&p->node->param[PARAM_POWER_STATE], 0xe000001f, all);
	return true;
}

static bool power_state(struct reader *r, struct reg *reg, unsigned int shift)
{
	struct reader word = *r;

	while (r->p < r->end && *r->p != ',' && *r->p != ' ')
		r->p++;
	word.end = r->p;
	reg_forget(reg, 0xfu << shift);
	for (unsigned int i = 0; i < 5; i++)
		if (scan_is(&word, power_state_name(i)))
			reg_put(reg, 0xfu << shift, i << shift);
	return reg_has(reg, 0xfu << shift) || scan_is(&word, power_state_name(15));
}

static bool r_power(struct proc *p, struct reader r)
{
	struct reg got = { 0, 0 };
	struct reader rest;
	uint64_t v;

	if (!proc_want_node(p))
		return false;
	if (scan(r, " 0x%x", &v)) {
		proc_vote(&p->votes.power, false);
		return proc_set32(&p->node->reg[MREG_POWER], v);
	}
	if (!scan(r, " setting=%*", &rest) || !power_state(&rest, &got, 0) ||
	    !scan(rest, ", actual=%*", &rest) || !power_state(&rest, &got, 4))
		return false;
	reg_put(&got, 0x700, 0);
	while (!scan_end(rest)) {
		const struct bit_word *w = power_flag_words;

		if (!scan(rest, ", %*", &rest))
			return false;
		while (w->word && !reader_lit(&rest, w->word))
			w++;
		if (!w->word)
			return false;
		reg_put(&got, w->mask, w->mask);
	}
	proc_vote(&p->votes.power, true);
	p->node->reg[MREG_POWER] = got;
	return true;
}

static bool r_delay(struct proc *p, struct reader r)
{
	uint64_t v;

	if (!scan(r, " %u samples", &v) || !proc_want_widget(p))
		return false;
	p->saw |= SAW_DELAY;
	if (v != bits(model_wcaps(p->node), 19, 16))
		proc_note(p, NOTE_DIFFERS, "the delay does not follow from wcaps");
	return true;
}

static bool r_proc_caps(struct proc *p, struct reader r)
{
	uint64_t benign, n;

	return scan(r, " benign=%u, ncoeff=%u", &benign, &n) && benign <= 1 && n <= 0xff &&
	       proc_want_widget(p) &&
	       proc_put(&p->node->param[PARAM_PROC_CAP], 0xff01, n << 8 | benign);
}

static bool r_coeff(struct proc *p, struct reader r)
{
	uint64_t index, v;

	if (!scan(r, " 0x%x: 0x%x", &index, &v) || index > UINT16_MAX || v > UINT32_MAX ||
	    !proc_want_widget(p))
		return false;
	p->node->coefs_shown = true;
	return model_coef_set(p->node, (uint16_t)index, (uint32_t)v);
}

static bool r_hook_coef(struct proc *p, struct reader r)
{
	uint64_t v;

	return scan(r, " 0x%x", &v) && proc_want_widget(p) && proc_set32(&p->node->hook_coef, v);
}

static bool r_hook_index(struct proc *p, struct reader r)
{
	uint64_t v;

	return scan(r, " 0x%x", &v) && proc_want_widget(p) && proc_set32(&p->node->hook_index, v);
}

const struct proc_rule proc_widget_rules[] = {
	{ "Node", r_node, false },
	{ "Control:", r_control, true },
	{ "ControlAmp:", r_control_amp, true },
	{ "Device:", r_device, true },
	{ "Amp-In caps:", r_amp_in_caps, true },
	{ "Amp-Out caps:", r_amp_out_caps, true },
	{ "PCM:", r_pcm, false },
	{ "N/A", r_na, true },
	{ "rates", r_rates, false },
	{ "bits", r_bits, false },
	{ "formats", r_formats, false },
	{ "Converter:", r_converter, true },
	{ "SDI-Select:", r_sdi, true },
	{ "Digital category:", r_category, true },
	{ "Digital:", r_digital, false },
	{ "IEC Coding Type:", r_coding, true },
	{ "Volume-Knob:", r_knob, true },
	{ "Unsolicited:", r_unsolicited, true },
	{ "Power states:", r_power_states, false },
	{ "Power:", r_power, false },
	{ "Delay:", r_delay, true },
	{ "Processing caps:", r_proc_caps, true },
	{ "Coeff ", r_coeff, true },
	{ "Processing Coefficient:", r_hook_coef, true },
	{ "Coefficient Index:", r_hook_index, true },
	{ NULL, NULL, false }
};
