// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of a codec's head and of its audio function group, and the start and end of a codec. */
#include "dump/proc_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/scan.h"
#include "dump/proc_read_int.h"
#include "model/model_names.h"

void proc_note(struct proc *p, enum model_note_kind kind, const char *why)
{
	if (!model_list_note(p->out, kind, p->line, p->line, p->text.p, reader_left(&p->text), why))
		p->nomem = true;
}

bool proc_put(struct reg *reg, uint32_t mask, uint64_t val)
{
	if (val & ~(uint64_t)mask)
		return false;
	reg_put(reg, mask, (uint32_t)val);
	return true;
}

bool proc_set32(struct reg *reg, uint64_t val)
{
	return proc_put(reg, UINT32_MAX, val);
}

bool proc_begin(struct proc *p)
{
	proc_end(p);
	p->m = model_list_add(p->out, MODEL_FROM_PROC);
	if (!p->m) {
		p->nomem = p->out->n < MODEL_MAX_CODECS;
		p->why = "more codecs than any machine has";
	}
	return p->m != NULL;
}

static bool older(const struct vote *v)
{
	return v->then && !v->now;
}

/* Collects how the kernel that wrote the text spelled the widget's lines. */
static void widget_votes(struct proc *p)
{
	struct proc_votes *v = &p->votes;

	for (unsigned int i = 1; i < MODEL_NODES; i++) {
		const struct model_node *n = p->m->node[i];
		int type;

		if (!n || n->kind != NODE_WIDGET)
			continue;
		type = model_type(n);
		if (n->in.shown == 1 && model_mixes_down(p->m, n))
			proc_vote(&v->mono_mixers, n->in.v[0].right.known);
		if (type == WIDGET_PIN && n->in.shown >= 0 && n->conns.n != 1)
			proc_vote(&v->pin_in_amps, n->in.shown == 1);
		if ((type == WIDGET_MIXER || type == WIDGET_POWER || type == WIDGET_KNOB) &&
		    n->conns.n > 1)
			proc_vote(&v->stars, !n->reg[MREG_CONNECT_SEL].known);
	}
}

/* Sets the model's style from the collected votes. */
static void decide_style(struct proc *p)
{
	const struct proc_votes *v = &p->votes;

	p->m->style = (struct proc_style){
		.no_pincap_words = v->pincap_missed & ~v->pincap_seen,
		.no_wcap_words = v->wcap_missed & ~v->wcap_seen,
		.stripped = older(&v->stripped),
		.no_vref_caps = older(&v->vref_caps),
		.no_vref_ctls = older(&v->vref_ctls),
		.no_assoc = older(&v->assoc),
		.no_misc = older(&v->misc),
		.no_delay = older(&v->delay),
		.no_channels = older(&v->channels),
		.no_connectivity = older(&v->connectivity),
		.pincap_08 = older(&v->pincap),
		.copyright = older(&v->copyright),
		.raw_power = older(&v->power),
		.raw_eapd = older(&v->eapd),
		.pcm_one_line = older(&v->pcm),
		.no_dev_conns = older(&v->dev_conns),
		.one_blank_vals = older(&v->blanks),
		.bare_vals = older(&v->bare),
		.short_subsystem = older(&v->subsystem),
		.hdmi_and_swap = older(&v->hdmi),
		.mono_mixers = older(&v->mono_mixers),
		.pin_in_amps = older(&v->pin_in_amps),
		.stars = v->stars.then > 0,
	};
}

void proc_leave_widget(struct proc *p, bool whole)
{
	const struct model_node *n = p->node;

	if (!p->in_widget)
		goto out;
	/* The pin's control comes after all lines that belong to its default. */
	if (n->reg[MREG_DEFAULT].known && (whole || (p->saw & SAW_PIN_CTL))) {
		if (n->param[PARAM_PIN_CAP].val & PINCAP_VREF)
			proc_vote(&p->votes.vref_caps, p->saw & SAW_VREF_CAPS);
		proc_vote(&p->votes.assoc, p->saw & SAW_ASSOC);
		if (bit(n->reg[MREG_DEFAULT].val, 8))
			proc_vote(&p->votes.misc, p->saw & SAW_MISC);
	}
	if ((model_wcaps(n) & WCAP_DELAY) && whole)
		proc_vote(&p->votes.delay, p->saw & SAW_DELAY);
out:
	p->in_widget = false;
	p->node = NULL;
	p->pcm_node = NULL;
	p->list = NULL;
	p->saw = 0;
}

void proc_end(struct proc *p)
{
	if (!p->m)
		return;
	proc_leave_widget(p, false);
	widget_votes(p);
	decide_style(p);
	p->m = NULL;
	p->votes = (struct proc_votes){ 0 };
}

bool proc_want_model(struct proc *p)
{
	if (p->m)
		return true;
	p->why = "is outside of a codec";
	/* alsa-info says where a codec begins; in other texts the head may be missing */
	if (p->out->alsa_info || p->joining)
		return false;
	if (!proc_begin(p))
		return false;
	proc_note(p, NOTE_MENDED, "a codec begins here without its head");
	return true;
}

bool proc_want_node(struct proc *p)
{
	if (p->node)
		return true;
	p->why = "is outside of a node";
	return false;
}

bool proc_want_widget(struct proc *p)
{
	if (p->in_widget)
		return true;
	p->why = "is outside of a widget";
	return false;
}

/*
 * The model for a line of a codec's head; if widgets were already read, the head begins the
 * next codec.
 */
static struct model_node *head_node(struct proc *p, uint8_t nid)
{
	if (p->in_widget && !p->joining) {
		if (!proc_begin(p))
			return NULL;
		proc_note(p, NOTE_MENDED, "a codec begins here without its head");
	}
	if (!proc_want_model(p))
		return NULL;
	return model_node(p->m, nid);
}

static struct model_node *group_node(struct proc *p)
{
	struct model_node *root = head_node(p, 0);

	return root ? model_afg(p->m) : NULL;
}

static bool r_codec(struct proc *p, struct reader r)
{
	reader_skip_space(&r);
	while (r.end > r.p && (r.end[-1] == ' ' || r.end[-1] == '\t'))
		r.end--;
	if (!proc_begin(p))
		return false;
	return model_set_name(p->m, (const char *)r.p, reader_left(&r));
}

static bool r_address(struct proc *p, struct reader r)
{
	uint64_t v;

	if (!scan(r, " %n", &v) || v > 15 || !head_node(p, 0))
		return false;
	p->m->cad = (uint8_t)v;
	p->m->has_cad = true;
	return true;
}

static bool function_id(struct proc *p, struct reader r, bool modem)
{
	struct model_node *n;
	uint64_t id, unsol;

	if (!scan(r, " 0x%x (unsol %u)", &id, &unsol) || id > 0xff || unsol > 1 ||
	    !head_node(p, 0))
		return false;
	n = modem ? model_mfg(p->m) : model_afg(p->m);
	return n && proc_put(&n->param[PARAM_FUNCTION_TYPE], 0x1ff, id | unsol << 8);
}

static bool r_afg(struct proc *p, struct reader r)
{
	return function_id(p, r, false);
}

static bool r_mfg(struct proc *p, struct reader r)
{
	return function_id(p, r, true);
}

/* Before 2.6.34: the id of the last group, without its kind. */
static bool r_function_id(struct proc *p, struct reader r)
{
	struct model_node *n;
	uint64_t id;

	if (!scan(r, " 0x%x", &id) || id > 0x1ff || !head_node(p, 0))
		return false;
	n = (id & 0xff) == 2 ? model_mfg(p->m) : model_afg(p->m);
	return n && proc_put(&n->param[PARAM_FUNCTION_TYPE], id > 0xff ? 0x1ff : 0xff, id);
}

static bool root_param(struct proc *p, struct reader r, enum model_param param)
{
	struct model_node *root;
	uint64_t v;

	if (!scan(r, " 0x%x", &v))
		return false;
	root = head_node(p, 0);
	return root && proc_set32(&root->param[param], v);
}

static bool r_vendor(struct proc *p, struct reader r)
{
	return root_param(p, r, PARAM_VENDOR_ID);
}

static bool r_revision(struct proc *p, struct reader r)
{
	return root_param(p, r, PARAM_REVISION_ID);
}

static bool r_subsystem(struct proc *p, struct reader r)
{
	struct reader digits;
	uint64_t v;

	if (!scan(r, " 0x%x", &v) || !scan(r, " 0x%*", &digits) || !head_node(p, 0))
		return false;
	proc_vote(&p->votes.subsystem, reader_left(&digits) >= 8);
	return proc_set32(&p->m->subsystem, v);
}

static bool r_modem(struct proc *p, struct reader r)
{
	uint64_t v;

	return scan(r, " 0x%x", &v) && v > 0 && v < MODEL_NODES && head_node(p, 0) &&
	       model_name_group(p->m, true, (uint8_t)v);
}

static bool r_no_modem(struct proc *p, struct reader r)
{
	if (!scan_end(r) || !head_node(p, 0))
		return false;
	p->m->no_mfg = true;
	return true;
}

void proc_no_pcm(struct model_node *n)
{
	reg_set(&n->param[PARAM_PCM], UINT32_MAX);
	reg_set(&n->param[PARAM_STREAM], UINT32_MAX);
}

/* "rates 0x140, bits 0x02, types 0x1", or nothing: the values are on the next lines. */
bool proc_pcm_head(struct proc *p, struct reader r, struct model_node *n)
{
	uint64_t rates, sizes, types;

	if (scan_end(r) || scan(r, " N/A")) {
		p->pcm_node = n;
		proc_vote(&p->votes.pcm, true);
		if (!scan_end(r))
			proc_no_pcm(n);
		return true;
	}
	if (!scan(r, " rates 0x%x, bits 0x%x, types 0x%x", &rates, &sizes, &types) ||
	    rates > 0xffff || sizes > 0xffff || types > UINT32_MAX)
		return false;
	reg_put(&n->param[PARAM_PCM], UINT32_MAX, (uint32_t)(rates | sizes << 16));
	reg_set(&n->param[PARAM_STREAM], (uint32_t)types);
	proc_vote(&p->votes.pcm, false);
	return true;
}

static bool r_default_pcm(struct proc *p, struct reader r)
{
	struct model_node *afg = group_node(p);

	return afg && proc_pcm_head(p, r, afg);
}

bool proc_amp_caps(struct reader r, struct reg *caps)
{
	uint64_t ofs, steps, size, mute;

	if (scan(r, " N/A")) {
		reg_set(caps, 0);
		return true;
	}
	if (!scan(r, " ofs=0x%x, nsteps=0x%x, stepsize=0x%x, mute=%x", &ofs, &steps, &size, &mute) ||
	    ofs > 0x7f || steps > 0x7f || size > 0x7f || mute > 1)
		return false;
	*caps = (struct reg){ (uint32_t)(ofs | steps << 8 | size << 16 | mute << 31), AMP_CAP_MASK };
	return true;
}

static bool r_default_in(struct proc *p, struct reader r)
{
	struct model_node *afg = group_node(p);

	return afg && proc_amp_caps(r, &afg->param[PARAM_AMP_IN_CAP]);
}

static bool r_default_out(struct proc *p, struct reader r)
{
	struct model_node *afg = group_node(p);

	return afg && proc_amp_caps(r, &afg->param[PARAM_AMP_OUT_CAP]);
}

static bool r_state(struct proc *p, struct reader r)
{
	uint64_t v;

	if (!scan(r, " 0x%x:", &v) || v == 0 || v >= MODEL_NODES || !group_node(p))
		return false;
	p->node = model_name_group(p->m, false, (uint8_t)v);
	return p->node != NULL;
}

static bool r_invalid(struct proc *p, struct reader r)
{
	if (!scan_end(r) || !group_node(p))
		return false;
	p->m->bad_afg = true;
	return true;
}

static bool r_gpio(struct proc *p, struct reader r)
{
	uint64_t io, o, i, unsol, wake;

	if (!scan(r, " io=%u, o=%u, i=%u, unsolicited=%u, wake=%u", &io, &o, &i, &unsol, &wake) ||
	    io > 0xff || o > 0xff || i > 0xff || unsol > 1 || wake > 1 || !group_node(p))
		return false;
	p->node = model_afg(p->m);
	return proc_put(&p->node->param[PARAM_GPIO_CAP], 0xc0ffffff,
			io | o << 8 | i << 16 | unsol << 30 | wake << 31);
}

/* The flags of one GPIO pin: "0]: enable=0, dir=0, ...", each one bit of a register. */
static bool gpio_pin(struct proc *p, struct reader r, const enum model_reg regs[6])
{
	static const char *const names[] = { "enable=", "dir=", "wake=", "sticky=", "data=",
					     "unsol=" };
	struct reg got[6] = { 0 };
	struct reader rest;
	uint64_t i, v;

	if (!scan(r, "%u]:%*", &i, &rest) || i > 7 || !proc_want_node(p) || p->in_widget)
		return false;
	while (!scan_end(rest)) {
		unsigned int k = 0;

		reader_skip_space(&rest);
		while (k < ARRAY_SIZE(names) &&
		       (regs[k] == MREG_COUNT || !reader_lit(&rest, names[k])))
			k++;
		if (k == ARRAY_SIZE(names) || !reader_dec(&rest, &v) || v > 1)
			return false;
		reg_put(&got[k], 1u << i, (uint32_t)v << i);
		reader_lit(&rest, ",");
	}
	for (unsigned int k = 0; k < ARRAY_SIZE(names); k++)
		if (got[k].known)
			reg_put(&p->node->reg[regs[k]], got[k].known, got[k].val);
	return true;
}

static bool r_io(struct proc *p, struct reader r)
{
	static const enum model_reg regs[6] = { MREG_GPIO_MASK, MREG_GPIO_DIR, MREG_GPIO_WAKE,
						MREG_GPIO_STICKY, MREG_GPIO_DATA, MREG_GPIO_UNSOL };

	return gpio_pin(p, r, regs);
}

static bool r_gpo(struct proc *p, struct reader r)
{
	static const enum model_reg regs[6] = { MREG_COUNT, MREG_COUNT, MREG_COUNT, MREG_COUNT,
						MREG_GPO_DATA, MREG_COUNT };

	return gpio_pin(p, r, regs);
}

static bool r_gpi(struct proc *p, struct reader r)
{
	static const enum model_reg regs[6] = { MREG_COUNT, MREG_COUNT, MREG_GPI_WAKE,
						MREG_GPI_STICKY, MREG_GPI_DATA, MREG_GPI_UNSOL };

	return gpio_pin(p, r, regs);
}

static bool group_extra(struct proc *p, struct reader r, uint16_t verb)
{
	struct model_node *afg;
	uint64_t v;

	if (!scan(r, " 0x%x", &v) || v > UINT32_MAX)
		return false;
	afg = group_node(p);
	return afg && model_extra_set(afg, MODEL_EXTRA_KEY(0, verb, 0), (uint32_t)v);
}

static bool r_power_map(struct proc *p, struct reader r)
{
	return group_extra(p, r, 0xfec);
}

/* Three verbs can give this line, and the text does not say which: the codec's family decides. */
static bool r_loopback(struct proc *p, struct reader r)
{
	uint16_t id = p->m ? (uint16_t)model_vendor_id(p->m) : 0;
	bool stac9205 = (id >= 0x76a0 && id <= 0x76a7);
	bool stac927x = (id >= 0x7610 && id <= 0x762f) || id == 0x7698;

	return group_extra(p, r, stac9205 ? 0xfe0 : stac927x ? 0xfeb : 0xfa0);
}

const struct proc_rule proc_head_rules[] = {
	{ "Codec:", r_codec, true },
	{ "Address:", r_address, true },
	{ "AFG Function Id:", r_afg, false },
	{ "MFG Function Id:", r_mfg, false },
	{ "Function Id:", r_function_id, true },
	{ "Vendor Id:", r_vendor, true },
	{ "Vendor ID:", r_vendor, true },	/* AudioDxe's HdaCodecDump */
	{ "Subsystem Id:", r_subsystem, true },
	{ "Subsystem ID:", r_subsystem, true },
	{ "Revision Id:", r_revision, true },
	{ "Revision ID:", r_revision, true },
	{ "Modem Function Group:", r_modem, true },
	{ "No Modem Function Group found", r_no_modem, true },
	{ "Default PCM:", r_default_pcm, false },
	{ "Default Amp-In caps:", r_default_in, true },
	{ "Default Amp-Out caps:", r_default_out, true },
	{ "State of AFG node", r_state, true },
	{ "Invalid AFG subtree", r_invalid, true },
	{ "GPIO:", r_gpio, true },
	{ "IO[", r_io, false },
	{ "GPO[", r_gpo, false },
	{ "GPI[", r_gpi, false },
	{ "Power-Map:", r_power_map, true },
	{ "Analog Loopback:", r_loopback, true },
	{ NULL, NULL, false }
};
