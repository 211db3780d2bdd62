// SPDX-License-Identifier: GPL-2.0-or-later
#include "dump/proc_print.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/model.h"
#include "model/model_names.h"

struct proc_out {
	const struct codec_model *m;
	const struct proc_style *style;
	struct buf *b;
	bool text;	/* the model is from a text: print everything known */
};

/* Adds a quoted string, which comes from the driver or from a file that may be hostile. */
static void quoted(struct buf *b, const char *key, const char *s)
{
	buf_adds(b, key);
	buf_adds(b, "=\"");
	text_add_safe(b, s, strlen(s));
	buf_adds(b, "\", ");
}

static void words(struct buf *b, const struct bit_word *w, uint32_t val)
{
	for (; w->word; w++)
		if (val & w->mask)
			buf_addf(b, " %s", w->word);
}

static bool print_pcm(const struct proc_out *o, const struct model_node *n, const char *head)
{
	const struct reg *pcm = &n->param[PARAM_PCM], *stream = &n->param[PARAM_STREAM];
	struct buf *b = o->b;

	if (!pcm->known && !stream->known)
		return false;
	buf_adds(b, head);
	if (o->style->pcm_one_line) {
		buf_addf(b, " rates 0x%03x, bits 0x%02x, types 0x%x\n", pcm->val & 0xffff,
			 pcm->val >> 16, stream->val);
		return true;
	}
	buf_addc(b, '\n');
	/* The kernel checks the whole answers: all ones means no answer. */
	if (pcm->val == UINT32_MAX || stream->val == UINT32_MAX) {
		buf_adds(b, "N/A\n");
		return true;
	}
	if (reg_has(pcm, 0xfff)) {
		buf_addf(b, "    rates [0x%x]:", pcm->val & 0xfff);
		for (unsigned int i = 0; i < ARRAY_SIZE(pcm_rates); i++)
			if (bit(pcm->val, i))
				buf_addf(b, " %u", pcm_rates[i]);
		buf_addc(b, '\n');
	}
	if (reg_has(pcm, 0xff0000)) {
		buf_addf(b, "    bits [0x%x]:", (unsigned int)bits(pcm->val, 23, 16));
		for (unsigned int i = 0; i < ARRAY_SIZE(pcm_sizes); i++)
			if (bit(pcm->val, 16 + i))
				buf_addf(b, " %u", pcm_sizes[i]);
		buf_addc(b, '\n');
	}
	if (reg_has(stream, 0xf)) {
		buf_addf(b, "    formats [0x%x]:", stream->val & 0xf);
		words(b, format_words, stream->val);
		buf_addc(b, '\n');
	}
	return true;
}

static void print_amp_caps(const struct proc_out *o, const struct model_node *n, bool output,
			   const char *head)
{
	const struct reg *caps = &n->param[output ? PARAM_AMP_OUT_CAP : PARAM_AMP_IN_CAP];

	if (!reg_has(caps, AMP_CAP_MASK))
		return;
	buf_adds(o->b, head);
	/*
	 * "N/A" means that the whole answer was 0 or all ones; four zeros, that only these
	 * fields are 0.
	 */
	if (caps->known == UINT32_MAX && (caps->val == 0 || caps->val == UINT32_MAX)) {
		buf_adds(o->b, "N/A\n");
		return;
	}
	buf_addf(o->b, "ofs=0x%02x, nsteps=0x%02x, stepsize=0x%02x, mute=%x\n",
		 (unsigned int)bits(caps->val, 6, 0), (unsigned int)bits(caps->val, 14, 8),
		 (unsigned int)bits(caps->val, 22, 16), bit(caps->val, 31));
}

/* How many values the kernel prints for this amplifier. */
static unsigned int amp_count(const struct proc_out *o, const struct model_node *n, bool output)
{
	const struct model_amps *a = output ? &n->out : &n->in;
	unsigned int most, i;

	if (a->shown >= 0)
		return (unsigned int)a->shown;
	/* A driver's workaround gives a pin's output amplifier one value for each connection. */
	if (model_type(n) == WIDGET_PIN && output)
		most = n->conns.n > 1 ? n->conns.n : 1;
	else if (output || (model_type(n) == WIDGET_PIN && !o->style->pin_in_amps))
		most = 1;
	else
		most = n->conns.n;
	for (i = 0; i < most && i < a->n && a->v[i].left.known; i++)
		;
	return i;
}

static void print_amp_vals(const struct proc_out *o, const struct model_node *n, bool output)
{
	const struct model_amps *a = output ? &n->out : &n->in;
	unsigned int count = amp_count(o, n, output);
	bool stereo = (model_wcaps(n) & WCAP_STEREO) ||
		      (!output && !o->style->mono_mixers && model_mixes_down(o->m, n));

	if (count == 0) {
		/* Without connections the kernel prints no value, a blank, and the line's end. */
		bool none = n->conns.known ? n->conns.n == 0 : !(model_wcaps(n) & WCAP_CONN_LIST);

		if (a->shown < 0 && (o->text || output || !none ||
				     (model_type(n) == WIDGET_PIN && !o->style->pin_in_amps)))
			return;
		buf_addf(o->b, "  Amp-%s vals:%s\n", output ? "Out" : "In",
			 o->style->stripped ? "" : " ");
		return;
	}
	buf_addf(o->b, "  Amp-%s vals:%s", output ? "Out" : "In",
		 o->style->one_blank_vals || o->style->bare_vals ? "" : " ");
	for (unsigned int i = 0; i < count && i < a->n; i++) {
		const struct model_amp *v = &a->v[i];
		/* A model from a text has what that kernel printed; traffic may contain more. */
		bool both = o->text ? v->right.known != 0 : stereo;

		buf_addf(o->b, o->style->bare_vals ? " 0x%02x" : " [0x%02x", v->left.val);
		if (both)
			buf_addf(o->b, " 0x%02x", v->right.val);
		if (!o->style->bare_vals)
			buf_addc(o->b, ']');
	}
	buf_addc(o->b, '\n');
}

static void print_power(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *sup = &n->param[PARAM_POWER_STATE], *pwr = &n->reg[MREG_POWER];
	struct buf *b = o->b;

	if (sup->known && !(sup->known == UINT32_MAX && sup->val == UINT32_MAX)) {
		buf_adds(b, "  Power states:");
		if (sup->val || n->unnamed_states || !o->style->stripped)
			buf_addc(b, ' ');
		words(b, power_cap_words, sup->val & 0x1f);
		/* The kernel's table has no name for the bits in between. */
		unsigned int nulls = o->text ? n->unnamed_states :
				     (unsigned int)__builtin_popcount(sup->val & 0x1fffffe0);
		while (nulls--)
			buf_adds(b, " (null)");
		words(b, power_cap_words, sup->val & 0xe0000000);
		buf_addc(b, '\n');
	}
	if (!pwr->known)
		return;
	if (o->style->raw_power) {
		buf_addf(b, "  Power: 0x%x\n", pwr->val);
		return;
	}
	buf_addf(b, "  Power: setting=%s, actual=%s",
		 power_state_name(reg_has(pwr, 0xf) ? pwr->val & 0xf : 15),
		 power_state_name(reg_has(pwr, 0xf0) ? pwr->val >> 4 & 0xf : 15));
	for (const struct bit_word *w = power_flag_words; w->word; w++)
		if (pwr->val & w->mask)
			buf_addf(b, ", %s", w->word);
	buf_addc(b, '\n');
}

static void print_controls(const struct proc_out *o, const struct model_node *n)
{
	for (uint32_t i = 0; i < n->ncontrols; i++) {
		const struct model_control *c = &n->controls[i];

		buf_adds(o->b, "  Control: ");
		quoted(o->b, "name", c->name);
		buf_addf(o->b, "index=%" PRId64 ", device=%" PRId64 "\n", c->index, c->device);
		if (c->has_amp)
			buf_addf(o->b, "    ControlAmp: chs=%" PRIu64 ", dir=%s, idx=%" PRIu64
				 ", ofs=%" PRIu64 "\n",
				 c->chs, c->out ? "Out" : "In", c->idx, c->ofs);
	}
}

static void print_pcm_names(const struct proc_out *o, const struct model_node *n)
{
	for (uint32_t i = 0; i < n->npcms; i++) {
		const struct model_pcm *p = &n->pcms[i];

		buf_adds(o->b, "  Device: ");
		quoted(o->b, "name", p->name);
		quoted(o->b, "type", p->type);
		buf_addf(o->b, "device=%" PRId64, p->device);
		if (p->has_substream)
			buf_addf(o->b, ", substream=%" PRId64, p->substream);
		buf_addc(o->b, '\n');
	}
}

/* Adds one flag of a GPIO line; nothing if it is unknown. */
static void gpio_flag(struct buf *b, const char *name, const struct reg *r, unsigned int i,
		      bool *first)
{
	if (!bit(r->known, i))
		return;
	buf_addf(b, "%s%s=%u", *first ? " " : ", ", name, bit(r->val, i));
	*first = false;
}

static void print_gpio(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_GPIO_CAP];
	unsigned int max = (unsigned int)bits(caps->val, 7, 0);
	struct buf *b = o->b;

	if (!reg_has(caps, 0xc0ffffff))
		return;
	buf_addf(b, "GPIO: io=%u, o=%u, i=%u, unsolicited=%u, wake=%u\n", max,
		 (unsigned int)bits(caps->val, 15, 8), (unsigned int)bits(caps->val, 23, 16),
		 bit(caps->val, 30), bit(caps->val, 31));
	for (unsigned int i = 0; i < max && max <= 8; i++) {
		bool first = true;

		if (!bit(n->reg[MREG_GPIO_MASK].known, i))
			continue;
		buf_addf(b, "  IO[%u]:", i);
		gpio_flag(b, "enable", &n->reg[MREG_GPIO_MASK], i, &first);
		gpio_flag(b, "dir", &n->reg[MREG_GPIO_DIR], i, &first);
		gpio_flag(b, "wake", &n->reg[MREG_GPIO_WAKE], i, &first);
		gpio_flag(b, "sticky", &n->reg[MREG_GPIO_STICKY], i, &first);
		gpio_flag(b, "data", &n->reg[MREG_GPIO_DATA], i, &first);
		gpio_flag(b, "unsol", &n->reg[MREG_GPIO_UNSOL], i, &first);
		buf_addc(b, '\n');
	}
	/* Some kernels outside the mainline print these pins too. */
	for (unsigned int i = 0; i < 8 && o->text; i++)
		if (bit(n->reg[MREG_GPO_DATA].known, i))
			buf_addf(b, "  GPO[%u]: data=%u\n", i, bit(n->reg[MREG_GPO_DATA].val, i));
	for (unsigned int i = 0; i < 8 && o->text; i++) {
		bool first = true;

		if (!bit(n->reg[MREG_GPI_DATA].known, i))
			continue;
		buf_addf(b, "  GPI[%u]:", i);
		gpio_flag(b, "wake", &n->reg[MREG_GPI_WAKE], i, &first);
		gpio_flag(b, "sticky", &n->reg[MREG_GPI_STICKY], i, &first);
		gpio_flag(b, "data", &n->reg[MREG_GPI_DATA], i, &first);
		gpio_flag(b, "unsol", &n->reg[MREG_GPI_UNSOL], i, &first);
		buf_addc(b, '\n');
	}
}

/* IDT's and SigmaTel's driver adds its own lines to the function group. */
static void print_group_hooks(const struct proc_out *o, const struct model_node *n)
{
	static const uint16_t loopback[] = { 0xfa0, 0xfe0, 0xfeb };
	uint32_t vendor = model_vendor_id(o->m) >> 16;
	const struct model_value *x;

	if (vendor != 0x111d && vendor != 0x8384 && !o->text)
		return;
	x = model_extra(n, MODEL_EXTRA_KEY(0, 0xfec, 0));
	if (x)
		buf_addf(o->b, "Power-Map: 0x%02x\n", x->val);
	for (unsigned int i = 0; i < ARRAY_SIZE(loopback); i++) {
		x = model_extra(n, MODEL_EXTRA_KEY(0, loopback[i], 0));
		if (x)
			buf_addf(o->b, "Analog Loopback: 0x%02x\n", x->val);
	}
}

static void print_pin(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_PIN_CAP], *cfg = &n->reg[MREG_DEFAULT];
	const struct reg *eapd = &n->reg[MREG_EAPD], *ctl = &n->reg[MREG_PIN_CTL];
	bool realtek = model_vendor_id(o->m) >> 16 == 0x10ec;
	struct buf *b = o->b;

	if (caps->known) {
		buf_addf(b, o->style->pincap_08 ? "  Pincap 0x08%x:" : "  Pincap 0x%08x:",
			 caps->val);
		for (const struct bit_word *w = pincap_words; w->word; w++) {
			if (!(caps->val & w->mask & ~o->style->no_pincap_words))
				continue;
			if (w->mask == PINCAP_HBR && (realtek || !(caps->val & PINCAP_HDMI)))
				continue;
			if (w->mask != PINCAP_HDMI)
				buf_addf(b, " %s", w->word);
			else if (o->style->hdmi_and_swap)
				buf_adds(b, " HDMI R/L");
			else
				buf_adds(b, realtek ? " R/L" : " HDMI");
		}
		buf_addc(b, '\n');
		if ((caps->val & PINCAP_VREF) && !o->style->no_vref_caps) {
			buf_adds(b, "    Vref caps:");
			words(b, vref_cap_words, caps->val);
			buf_addc(b, '\n');
		}
	}
	if (eapd->known && !o->style->raw_eapd &&
	    (!caps->known || (caps->val & PINCAP_EAPD))) {
		buf_addf(b, "  EAPD 0x%x:", eapd->val);
		words(b, eapd_words, eapd->val);
		buf_addc(b, '\n');
	}
	if (cfg->known) {
		buf_addf(b, "  Pin Default 0x%08x: ", cfg->val);
		if (!o->style->no_connectivity)
			buf_addf(b, "[%s] ", pin_connectivity(cfg->val));
		buf_addf(b, "%s at %s %s\n    Conn = %s, Color = %s\n", pin_device(cfg->val),
			 pin_gross_location(cfg->val), pin_location(cfg->val),
			 pin_connector(cfg->val), pin_color(cfg->val));
		if (!o->style->no_assoc)
			buf_addf(b, "    DefAssociation = 0x%x, Sequence = 0x%x\n",
				 (unsigned int)bits(cfg->val, 7, 4),
				 (unsigned int)bits(cfg->val, 3, 0));
		if (bit(cfg->val, 8) && !o->style->no_misc)
			buf_adds(b, "    Misc = NO_PRESENCE\n");
	}
	if (eapd->known && o->style->raw_eapd)
		buf_addf(b, "  EAPD: 0x%x\n", eapd->val);
	if (ctl->known) {
		buf_addf(b, "  Pin-ctls: 0x%02x:", ctl->val);
		words(b, pinctl_words, ctl->val);
		if ((caps->val & PINCAP_VREF) && !o->style->no_vref_ctls &&
		    vref_ctl_name(ctl->val & 7))
			buf_addf(b, " VREF_%s", vref_ctl_name(ctl->val & 7));
		buf_addc(b, '\n');
	}
}

static void print_knob(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_KNOB_CAP], *val = &n->reg[MREG_KNOB];

	if (!reg_has(caps, 0xff) || !reg_has(val, 0xff))
		return;
	buf_addf(o->b, "  Volume-Knob: delta=%u, steps=%u, direct=%u, val=%u\n",
		 bit(caps->val, 7), caps->val & 0x7f, bit(val->val, 7), val->val & 0x7f);
}

static void print_converter(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *conv = &n->reg[MREG_CONV], *digi = &n->reg[MREG_DIGI];
	const struct reg *sdi = &n->reg[MREG_SDI_SELECT];
	struct buf *b = o->b;

	if (reg_has(conv, 0xff))
		buf_addf(b, "  Converter: stream=%u, channel=%u\n",
			 (unsigned int)bits(conv->val, 7, 4), conv->val & 0xf);
	if (reg_has(sdi, 0xf) && model_type(n) == WIDGET_INPUT && (conv->val & 0xf) == 0)
		buf_addf(b, "  SDI-Select: %u\n", sdi->val & 0xf);
	if (!(model_wcaps(n) & WCAP_DIGITAL) && !o->text)
		return;
	if (reg_has(digi, 0xff)) {
		buf_adds(b, "  Digital:");
		for (const struct bit_word *w = digital_words; w->word; w++)
			if (digi->val & w->mask)
				buf_addf(b, " %s", w->mask == 0x10 && o->style->copyright ?
						   "Copyright" : w->word);
		buf_addc(b, '\n');
	}
	if (reg_has(digi, 0x7f00))
		buf_addf(b, "  Digital category: 0x%x\n", (unsigned int)bits(digi->val, 14, 8));
	if (reg_has(digi, 0xf0000))
		buf_addf(b, "  IEC Coding Type: 0x%x\n", (unsigned int)bits(digi->val, 19, 16));
}

/* @select: the index to mark with a star; -1 = none. */
static void print_list(struct buf *b, const struct model_conns *c, int64_t select)
{
	for (unsigned int i = 0; i < c->n; i++)
		buf_addf(b, " 0x%02x%s", c->nid[i], (int64_t)i == select ? "*" : "");
}

static void print_devices(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *sel = &n->reg[MREG_DEV_SEL];
	struct buf *b = o->b;

	if (!n->devs_known)
		return;
	buf_addf(b, "  Devices: %u\n", n->ndevs);
	for (unsigned int i = 0; i < n->ndevs; i++) {
		const struct model_dev *d = &n->devs[i];

		if (!reg_has(&d->bits, 7))
			continue;
		buf_addf(b, "    %cDev %02u: PD = %u, ELDV = %u, IA = %u",
			 sel->known && sel->val == i ? '*' : ' ', i, bit(d->bits.val, 0),
			 bit(d->bits.val, 1), bit(d->bits.val, 2));
		if (!o->style->no_dev_conns) {
			buf_adds(b, ", Connections [");
			print_list(b, d->conns.known ? &d->conns : &n->conns,
				   d->select.known ? (int64_t)d->select.val : -1);
			buf_adds(b, " ]");
		}
		buf_addc(b, '\n');
	}
}

static void print_connections(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *sel = &n->reg[MREG_CONNECT_SEL];
	int type = model_type(n);
	bool choose = n->conns.len > 1 && sel->known &&
		      (o->style->stars || (type != WIDGET_MIXER && type != WIDGET_KNOB &&
					   type != WIDGET_POWER));

	if (o->text)
		choose = sel->known != 0;
	if (n->conns.known) {
		buf_addf(o->b, "  Connection: %d\n", n->conns.len);
		if (n->conns.n) {
			buf_adds(o->b, "    ");
			print_list(o->b, &n->conns, choose ? (int64_t)sel->val : -1);
			buf_addc(o->b, '\n');
		}
	}
	if (n->driver_conns.known) {
		buf_addf(o->b, "  In-driver Connection: %d\n", n->driver_conns.len);
		if (n->driver_conns.n) {
			buf_adds(o->b, "    ");
			print_list(o->b, &n->driver_conns, -1);
			buf_addc(o->b, '\n');
		}
	}
}

static void print_processing(const struct proc_out *o, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_PROC_CAP];

	if (reg_has(caps, 0xff01) && ((model_wcaps(n) & WCAP_PROC) || o->text))
		buf_addf(o->b, "  Processing caps: benign=%u, ncoeff=%u\n", caps->val & 1,
			 (unsigned int)bits(caps->val, 15, 8));
	for (uint32_t i = 0; i < n->ncoefs && n->coefs_shown; i++)
		if (o->m->origin != MODEL_FROM_TRAFFIC ||
		    n->coefs[i].key < bits(caps->val, 15, 8))
			buf_addf(o->b, "    Coeff 0x%02x: 0x%04x\n", n->coefs[i].key,
				 n->coefs[i].val);
	/* The old Realtek driver's hook; newer kernels print all coefficients instead. */
	if (n->hook_coef.known)
		buf_addf(o->b, "  Processing Coefficient: 0x%02x\n", n->hook_coef.val);
	if (n->hook_index.known)
		buf_addf(o->b, "  Coefficient Index: 0x%02x\n", n->hook_index.val);
}

static void print_widget(const struct proc_out *o, const struct model_node *n)
{
	uint32_t caps = model_wcaps(n);
	int type = model_type(n);
	struct buf *b = o->b;
	bool late;

	buf_addf(b, "Node 0x%02x [%s] wcaps 0x%x:", n->nid, widget_type_name(type), caps);
	if (!(caps & WCAP_STEREO))
		buf_adds(b, " Mono");
	else if (model_channels(n) == 2 || o->style->no_channels)
		buf_adds(b, " Stereo");
	else
		buf_addf(b, " %u-Channels", model_channels(n));
	words(b, wcap_words, caps & ~o->style->no_wcap_words);
	buf_addc(b, '\n');
	/* Kernels that print the substream print it after the amplifiers. */
	late = n->npcms && n->pcms[0].has_substream;
	print_controls(o, n);
	if (!late)
		print_pcm_names(o, n);
	if ((caps & WCAP_IN_AMP) || o->text) {
		print_amp_caps(o, n, false, "  Amp-In caps: ");
		print_amp_vals(o, n, false);
	}
	if ((caps & WCAP_OUT_AMP) || o->text) {
		print_amp_caps(o, n, true, "  Amp-Out caps: ");
		print_amp_vals(o, n, true);
	}
	if (late)
		print_pcm_names(o, n);
	if (type == WIDGET_PIN)
		print_pin(o, n);
	else if (type == WIDGET_KNOB)
		print_knob(o, n);
	else if (type == WIDGET_OUTPUT || type == WIDGET_INPUT)
		print_converter(o, n);
	if ((type == WIDGET_OUTPUT || type == WIDGET_INPUT) &&
	    ((caps & WCAP_FORMAT_OVERRIDE) || o->text))
		print_pcm(o, n, "  PCM:");
	if (((caps & WCAP_UNSOL) || o->text) && reg_has(&n->reg[MREG_UNSOL], 0xbf))
		buf_addf(b, "  Unsolicited: tag=%02x, enabled=%u\n",
			 n->reg[MREG_UNSOL].val & 0x3f, bit(n->reg[MREG_UNSOL].val, 7));
	if ((caps & WCAP_POWER) || o->text)
		print_power(o, n);
	if ((caps & WCAP_DELAY) && !o->style->no_delay)
		buf_addf(b, "  Delay: %u samples\n", (unsigned int)bits(caps, 19, 16));
	if (type == WIDGET_PIN)
		print_devices(o, n);
	if ((caps & WCAP_CONN_LIST) || type == WIDGET_KNOB || o->text)
		print_connections(o, n);
	print_processing(o, n);
}

static void print_group_id(const struct proc_out *o, const struct model_node *g, const char *prefix)
{
	const struct reg *type = &g->param[PARAM_FUNCTION_TYPE];

	/* Old kernels printed neither the unsolicited bit nor the kind of the group. */
	if (reg_has(type, 0x1ff))
		buf_addf(o->b, "%s Function Id: 0x%x (unsol %u)\n", prefix, type->val & 0xff,
			 bit(type->val, 8));
	else if (type->known)
		buf_addf(o->b, "Function Id: 0x%x\n", type->val);
}

static void print_head(const struct proc_out *o)
{
	const struct codec_model *m = o->m;
	const struct model_node *root = m->node[0], *afg = model_find(m, m->afg);
	const struct model_node *mfg = model_find(m, m->mfg);
	struct reg ssid = model_subsystem(m);
	struct buf *b = o->b;

	if (m->name || (m->origin != MODEL_FROM_PROC && model_vendor_id(m))) {
		buf_adds(b, "Codec: ");
		codec_name_add(m, b);
		buf_addc(b, '\n');
	}
	if (m->has_cad)
		buf_addf(b, "Address: %u\n", m->cad);
	if (m->afg && afg)
		print_group_id(o, afg, "AFG");
	if (m->mfg && mfg)
		print_group_id(o, mfg, "MFG");
	if (root && root->param[PARAM_VENDOR_ID].known)
		buf_addf(b, "Vendor Id: 0x%08x\n", root->param[PARAM_VENDOR_ID].val);
	if (ssid.known)
		buf_addf(b, o->style->short_subsystem ? "Subsystem Id: 0x%x\n" :
			    "Subsystem Id: 0x%08x\n", ssid.val);
	if (root && root->param[PARAM_REVISION_ID].known)
		buf_addf(b, "Revision Id: 0x%x\n", root->param[PARAM_REVISION_ID].val);
	if (m->mfg && (m->mfg_told || !o->text))
		buf_addf(b, "Modem Function Group: 0x%x\n", m->mfg);
	else if (m->no_mfg)
		buf_adds(b, "No Modem Function Group found\n");
}

void proc_print(const struct codec_model *m, const struct proc_style *style, struct buf *b)
{
	static const struct proc_style current;
	const struct proc_out o = { m, style ? style : &current, b, m->origin == MODEL_FROM_PROC };
	const struct model_node *afg = model_find(m, m->afg);

	print_head(&o);
	if (!m->afg || !afg)
		return;
	print_pcm(&o, afg, "Default PCM:");
	print_amp_caps(&o, afg, false, "Default Amp-In caps: ");
	print_amp_caps(&o, afg, true, "Default Amp-Out caps: ");
	if (m->afg_told || afg->reg[MREG_POWER].known || afg->param[PARAM_POWER_STATE].known)
		buf_addf(b, "State of AFG node 0x%02x:\n", m->afg);
	print_power(&o, afg);
	if (m->bad_afg) {
		buf_adds(b, "Invalid AFG subtree\n");
		return;
	}
	print_gpio(&o, afg);
	print_controls(&o, afg);
	print_group_hooks(&o, afg);
	for (unsigned int i = 1; i < MODEL_NODES; i++)
		if (m->node[i] && m->node[i]->kind == NODE_WIDGET &&
		    m->node[i]->param[PARAM_WIDGET_CAP].known == UINT32_MAX)
			print_widget(&o, m->node[i]);
}
