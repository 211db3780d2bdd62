// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model_list.h"
#include "print/json/model_json.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/text.h"
#include "flow/filter.h"
#include "model/model.h"
#include "model/model_names.h"
#include "model/model_verb.h"
#include "print/json/json_build.h"

/* A register: its value, and the mask of its known bits if it is not all ones. */
static void put_reg(json *o, const char *key, const struct reg *r)
{
	char mask[64];

	if (!r->known)
		return;
	json_put(o, key, json_hex(r->val, 8));
	if (r->known == UINT32_MAX)
		return;
	snprintf(mask, sizeof(mask), "%s_known", key);
	json_put(o, mask, json_hex(r->known, 8));
}

static void put_words(json *o, const char *key, const struct bit_word *w, uint32_t val)
{
	json *a = json_put_array(o, key);

	for (; w->word; w++)
		if (val & w->mask)
			json_add(a, json_object_new_string(w->word));
}

static void put_pcm(json *o, const struct model_node *n)
{
	const struct reg *pcm = &n->param[PARAM_PCM], *stream = &n->param[PARAM_STREAM];
	json *p, *a;

	if (!pcm->known && !stream->known)
		return;
	p = json_put_object(o, "pcm");
	put_reg(p, "raw", pcm);
	put_reg(p, "raw_stream", stream);
	if (pcm->val != UINT32_MAX) {
		a = json_put_array(p, "rates");
		for (unsigned int i = 0; i < ARRAY_SIZE(pcm_rates); i++)
			if (bit(pcm->val, i))
				json_add(a, json_object_new_int((int)pcm_rates[i]));
		a = json_put_array(p, "bits");
		for (unsigned int i = 0; i < ARRAY_SIZE(pcm_sizes); i++)
			if (bit(pcm->val, 16 + i))
				json_add(a, json_object_new_int((int)pcm_sizes[i]));
	}
	if (stream->known && stream->val != UINT32_MAX)
		put_words(p, "formats", format_words, stream->val);
}

static void put_amp_caps(json *o, const char *key, const struct reg *caps)
{
	json *c;

	if (!caps->known)
		return;
	c = json_put_object(o, key);
	put_reg(c, "raw", caps);
	if (caps->val == 0 || caps->val == UINT32_MAX)
		return;
	json_put_number(c, "offset", (int64_t)bits(caps->val, 6, 0));
	json_put_number(c, "steps", (int64_t)bits(caps->val, 14, 8));
	json_put_number(c, "step_size", (int64_t)bits(caps->val, 22, 16));
	json_put_flag(c, "mute", bit(caps->val, 31));
}

/* Gain in dB, if the caps show the step size. */
static void put_gain(json *o, const char *key, const struct reg *val, const struct reg *caps)
{
	json *g;

	if (!val->known)
		return;
	g = json_put_object(o, key);
	put_reg(g, "raw", val);
	json_put_number(g, "gain", val->val & 0x7f);
	json_put_flag(g, "mute", bit(val->val, 7));
	if (reg_has(caps, 0x7f7f7f) && bits(caps->val, 14, 8)) {
		int64_t steps = (int64_t)(val->val & 0x7f) - (int64_t)bits(caps->val, 6, 0);
		int64_t quarters = steps * (int64_t)(bits(caps->val, 22, 16) + 1);

		json_put(g, "db", json_object_new_double((double)quarters / 4));
	}
}

static void put_amps(json *o, const char *key, const struct codec_model *m,
		     const struct model_node *n, bool out)
{
	const struct model_amps *a = out ? &n->out : &n->in;
	const struct reg *own = &n->param[out ? PARAM_AMP_OUT_CAP : PARAM_AMP_IN_CAP];
	struct reg caps = model_amp_caps(m, n, out);
	json *amp, *values;

	if (!own->known && !a->n)
		return;
	amp = json_put_object(o, key);
	put_amp_caps(amp, "caps", own);
	if (!a->n)
		return;
	values = json_put_array(amp, "values");
	for (unsigned int i = 0; i < a->n; i++) {
		json *v = json_add_object(values);

		json_put_number(v, "index", i);
		if (!out && i < n->conns.n)
			json_put_number(v, "from", n->conns.nid[i]);
		put_gain(v, "left", &a->v[i].left, &caps);
		put_gain(v, "right", &a->v[i].right, &caps);
	}
}

static void put_power(json *o, const struct model_node *n)
{
	const struct reg *sup = &n->param[PARAM_POWER_STATE], *pwr = &n->reg[MREG_POWER];
	json *p;

	if (!sup->known && !pwr->known)
		return;
	p = json_put_object(o, "power");
	put_reg(p, "raw_states", sup);
	if (sup->known && sup->val != UINT32_MAX)
		put_words(p, "states", power_cap_words, sup->val);
	put_reg(p, "raw", pwr);
	if (reg_has(pwr, 0xf))
		json_put_safe(p, "setting", power_state_name(pwr->val & 0xf));
	if (reg_has(pwr, 0xf0))
		json_put_safe(p, "actual", power_state_name(pwr->val >> 4 & 0xf));
	if (pwr->known & 0x700)
		put_words(p, "flags", power_flag_words, pwr->val);
}

static void put_conns(json *o, const char *key, const struct model_conns *c)
{
	json *l, *a;

	if (!c->known && !c->n)
		return;
	l = json_put_object(o, key);
	if (c->known)
		json_put_number(l, "length", c->len);
	a = json_put_array(l, "nids");
	for (unsigned int i = 0; i < c->n; i++)
		json_add(a, json_object_new_int(c->nid[i]));
}

static void put_driver(json *o, const struct model_node *n)
{
	json *a;

	if (n->ncontrols) {
		a = json_put_array(o, "controls");
		for (uint32_t i = 0; i < n->ncontrols; i++) {
			const struct model_control *c = &n->controls[i];
			json *k = json_add_object(a), *amp;

			json_put_safe(k, "name", c->name);
			json_put_number(k, "index", c->index);
			json_put_number(k, "device", c->device);
			if (!c->has_amp)
				continue;
			amp = json_put_object(k, "amp");
			json_put_number(amp, "chs", (int64_t)c->chs);
			json_put_safe(amp, "dir", c->out ? "Out" : "In");
			json_put_number(amp, "idx", (int64_t)c->idx);
			json_put_number(amp, "ofs", (int64_t)c->ofs);
		}
	}
	if (n->npcms) {
		a = json_put_array(o, "devices");
		for (uint32_t i = 0; i < n->npcms; i++) {
			json *k = json_add_object(a);

			json_put_safe(k, "name", n->pcms[i].name);
			json_put_safe(k, "type", n->pcms[i].type);
			json_put_number(k, "device", n->pcms[i].device);
			if (n->pcms[i].has_substream)
				json_put_number(k, "substream", n->pcms[i].substream);
		}
	}
	put_conns(o, "driver_connections", &n->driver_conns);
	put_reg(o, "driver_pin_default", &n->driver_default);
}

static void put_pin(json *o, const struct codec_model *m, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_PIN_CAP], *cfg = &n->reg[MREG_DEFAULT];
	const struct reg *ctl = &n->reg[MREG_PIN_CTL], *eapd = &n->reg[MREG_EAPD];
	const struct reg *sense = &n->reg[MREG_SENSE];
	json *p, *k;

	if (!caps->known && !cfg->known && !ctl->known && !eapd->known && !sense->known)
		return;
	p = json_put_object(o, "pin");
	if (caps->known) {
		bool realtek = model_vendor_id(m) >> 16 == 0x10ec;

		k = json_put_object(p, "caps");
		put_reg(k, "raw", caps);
		put_words(k, "words", pincap_words,
			  realtek ? caps->val & ~(PINCAP_HDMI | PINCAP_HBR) : caps->val);
		if (caps->val & PINCAP_VREF_MASK)
			put_words(k, "vref", vref_cap_words, caps->val);
	}
	if (cfg->known) {
		k = json_put_object(p, "default");
		put_reg(k, "raw", cfg);
		json_put_safe(k, "connectivity", pin_connectivity(cfg->val));
		json_put_safe(k, "device", pin_device(cfg->val));
		json_put_safe(k, "gross_location", pin_gross_location(cfg->val));
		json_put_safe(k, "location", pin_location(cfg->val));
		json_put_safe(k, "connector", pin_connector(cfg->val));
		json_put_safe(k, "color", pin_color(cfg->val));
		json_put_flag(k, "no_presence", bit(cfg->val, 8));
		json_put_number(k, "association", (int64_t)bits(cfg->val, 7, 4));
		json_put_number(k, "sequence", (int64_t)bits(cfg->val, 3, 0));
	}
	if (ctl->known) {
		k = json_put_object(p, "control");
		put_reg(k, "raw", ctl);
		put_words(k, "words", pinctl_words, ctl->val);
		if (vref_ctl_name(ctl->val & 7))
			json_put_safe(k, "vref", vref_ctl_name(ctl->val & 7));
	}
	if (eapd->known) {
		k = json_put_object(p, "eapd");
		put_reg(k, "raw", eapd);
		put_words(k, "words", eapd_words, eapd->val);
	}
	if (sense->known) {
		k = json_put_object(p, "sense");
		put_reg(k, "raw", sense);
		if (reg_has(sense, 1u << 31))
			json_put_flag(k, "present", bit(sense->val, 31));
	}
}

static void put_converter(json *o, const struct model_node *n)
{
	const struct reg *conv = &n->reg[MREG_CONV], *digi = &n->reg[MREG_DIGI];
	json *c, *d;

	if (conv->known) {
		c = json_put_object(o, "converter");
		json_put_number(c, "stream", (int64_t)bits(conv->val, 7, 4));
		json_put_number(c, "channel", conv->val & 0xf);
		if (n->reg[MREG_SDI_SELECT].known)
			json_put_number(c, "sdi", n->reg[MREG_SDI_SELECT].val & 0xf);
		put_reg(c, "format", &n->reg[MREG_FORMAT]);
	}
	if (digi->known) {
		d = json_put_object(o, "digital");
		put_reg(d, "raw", digi);
		put_words(d, "words", digital_words, digi->val);
		if (reg_has(digi, 0x7f00))
			json_put_number(d, "category", (int64_t)bits(digi->val, 14, 8));
		if (reg_has(digi, 0xf0000))
			json_put_number(d, "coding_type", (int64_t)bits(digi->val, 19, 16));
	}
}

static void put_devs(json *o, const struct model_node *n)
{
	json *a;

	if (!n->devs_known)
		return;
	a = json_put_array(o, "device_entries");
	for (unsigned int i = 0; i < n->ndevs; i++) {
		const struct model_dev *d = &n->devs[i];
		json *k = json_add_object(a);

		json_put_number(k, "index", i);
		if (d->bits.known) {
			json_put_flag(k, "present", bit(d->bits.val, 0));
			json_put_flag(k, "eld_valid", bit(d->bits.val, 1));
			json_put_flag(k, "inactive", bit(d->bits.val, 2));
		}
		put_conns(k, "connections", &d->conns);
		if (d->select.known)
			json_put_number(k, "selected", d->select.val);
	}
	if (n->reg[MREG_DEV_SEL].known)
		json_put_number(o, "device_selected", n->reg[MREG_DEV_SEL].val);
}

static void put_processing(json *o, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_PROC_CAP];
	char key[16], val[16];
	json *p;

	if (caps->known) {
		p = json_put_object(o, "processing");
		json_put_flag(p, "benign", caps->val & 1);
		json_put_number(p, "coefs", (int64_t)bits(caps->val, 15, 8));
	}
	if (n->ncoefs) {
		p = json_put_object(o, "coefs");
		for (uint32_t i = 0; i < n->ncoefs; i++) {
			snprintf(key, sizeof(key), "0x%02x", n->coefs[i].key);
			snprintf(val, sizeof(val), "0x%04x", n->coefs[i].val);
			json_put(p, key, json_object_new_string(val));
		}
	}
	put_reg(o, "hook_coef", &n->hook_coef);
	put_reg(o, "hook_coef_index", &n->hook_index);
}

static void put_gpio(json *o, const struct model_node *n)
{
	static const enum model_reg shown[] = {
		MREG_GPIO_MASK, MREG_GPIO_DIR, MREG_GPIO_DATA, MREG_GPIO_WAKE, MREG_GPIO_UNSOL,
		MREG_GPIO_STICKY, MREG_GPO_DATA, MREG_GPI_DATA, MREG_GPI_WAKE, MREG_GPI_UNSOL,
		MREG_GPI_STICKY,
	};
	const struct reg *caps = &n->param[PARAM_GPIO_CAP];
	bool any = caps->known;
	json *g;

	for (unsigned int i = 0; i < ARRAY_SIZE(shown); i++)
		any |= n->reg[shown[i]].known != 0;
	if (!any)
		return;
	g = json_put_object(o, "gpio");
	if (caps->known) {
		json_put_number(g, "io", (int64_t)bits(caps->val, 7, 0));
		json_put_number(g, "o", (int64_t)bits(caps->val, 15, 8));
		json_put_number(g, "i", (int64_t)bits(caps->val, 23, 16));
		json_put_flag(g, "unsolicited", bit(caps->val, 30));
		json_put_flag(g, "wake", bit(caps->val, 31));
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(shown); i++)
		put_reg(g, model_reg_name(shown[i]), &n->reg[shown[i]]);
}

/* Registers that no other member of the object has. */
static void put_other_regs(json *o, const struct model_node *n)
{
	static const enum model_reg other[] = {
		MREG_PROC_STATE, MREG_BEEP, MREG_STRIPE, MREG_CHAN_COUNT, MREG_CP, MREG_SUBSYSTEM,
	};
	json *a = NULL;

	for (unsigned int i = 0; i < ARRAY_SIZE(other); i++)
		put_reg(o, model_reg_name(other[i]), &n->reg[other[i]]);
	for (uint32_t i = 0; i < n->nextras; i++) {
		char verb[16];
		json *k;

		if (!a)
			a = json_put_array(o, "other_answers");
		k = json_add_object(a);
		snprintf(verb, sizeof(verb), "0x%03x", n->extras[i].key >> 8 & 0xfff);
		json_put_safe(k, "verb", verb);
		json_put_number(k, "payload", n->extras[i].key & 0xff);
		if (n->extras[i].key >> 24)
			json_put_number(k, "device_entry", n->extras[i].key >> 24);
		json_put(k, "response", json_hex(n->extras[i].val, 8));
	}
}

static void put_common(json *o, const struct codec_model *m, const struct model_node *n)
{
	put_driver(o, n);
	put_amps(o, "amp_in", m, n, false);
	put_amps(o, "amp_out", m, n, true);
	put_pcm(o, n);
	put_power(o, n);
	put_processing(o, n);
	put_other_regs(o, n);
}

static void put_widget(json *o, const struct codec_model *m, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_WIDGET_CAP];
	const struct reg *sel = &n->reg[MREG_CONNECT_SEL], *unsol = &n->reg[MREG_UNSOL];
	json *k;

	json_put_number(o, "nid", n->nid);
	if (model_type(n) >= 0)
		json_put_safe(o, "type", widget_type_name(model_type(n)));
	put_reg(o, "wcaps", caps);
	if (caps->known == UINT32_MAX) {
		json_put_number(o, "channels", (caps->val & WCAP_STEREO) ? model_channels(n) : 1);
		put_words(o, "caps", wcap_words, caps->val);
		if (caps->val & WCAP_DELAY)
			json_put_number(o, "delay", (int64_t)bits(caps->val, 19, 16));
	}
	put_common(o, m, n);
	put_pin(o, m, n);
	put_converter(o, n);
	if (n->param[PARAM_KNOB_CAP].known || n->reg[MREG_KNOB].known) {
		k = json_put_object(o, "knob");
		put_reg(k, "caps", &n->param[PARAM_KNOB_CAP]);
		put_reg(k, "control", &n->reg[MREG_KNOB]);
	}
	if (unsol->known) {
		k = json_put_object(o, "unsolicited");
		json_put_number(k, "tag", unsol->val & 0x3f);
		json_put_flag(k, "enabled", bit(unsol->val, 7));
	}
	put_devs(o, n);
	put_conns(o, "connections", &n->conns);
	if (sel->known)
		json_put_number(o, "selected", sel->val);
}

json *model_to_json(const struct codec_model *m)
{
	static const char *const origins[] = { "traffic", "proc", "rthd" };
	const struct model_node *root = m->node[0], *afg = model_find(m, m->afg);
	struct reg ssid = model_subsystem(m);
	struct buf name = { 0 };
	json *o = json_object_new_object(), *g, *a;

	if (!o)
		return NULL;
	if (m->name || (root && model_vendor_id(m))) {
		codec_name_add(m, &name);
		json_put(o, "name", json_object_new_string(buf_str(&name)));
	}
	buf_deinit(&name);
	json_put_safe(o, "origin", origins[m->origin]);
	if (m->has_cad)
		json_put_number(o, "address", m->cad);
	if (root) {
		put_reg(o, "vendor_id", &root->param[PARAM_VENDOR_ID]);
		put_reg(o, "revision_id", &root->param[PARAM_REVISION_ID]);
	}
	put_reg(o, "subsystem_id", &ssid);
	if (m->afg && afg) {
		g = json_put_object(o, "audio_group");
		json_put_number(g, "nid", m->afg);
		put_reg(g, "function", &afg->param[PARAM_FUNCTION_TYPE]);
		put_reg(g, "caps", &afg->param[PARAM_AFG_CAP]);
		put_common(g, m, afg);
		put_gpio(g, afg);
		if (m->bad_afg)
			json_put_flag(g, "invalid", true);
	}
	if (m->mfg && model_find(m, m->mfg)) {
		g = json_put_object(o, "modem_group");
		json_put_number(g, "nid", m->mfg);
		put_reg(g, "function", &m->node[m->mfg]->param[PARAM_FUNCTION_TYPE]);
	}
	a = json_put_array(o, "widgets");
	/* Hidden widgets, which no node count includes, are listed too. */
	for (unsigned int i = 1; i < MODEL_NODES; i++)
		if (m->node[i] && m->node[i]->kind != NODE_GROUP)
			put_widget(json_add_object(a), m, m->node[i]);
	return o;
}

struct err *model_list_json(const struct model_list *l, uint16_t addresses, struct buf *out)
{
	json *doc = json_object_new_object(), *codecs = json_put_array(doc, "codecs");
	json *notes = json_put_array(doc, "notes");

	for (uint32_t i = 0; i < l->n; i++)
		if (filter_has_address(addresses, l->v[i]->has_cad ? l->v[i]->cad : UINT_MAX))
			json_add(codecs, model_to_json(l->v[i]));
	for (uint32_t i = 0; i < l->nnotes; i++) {
		const struct model_note *n = &l->notes[i];
		json *k = json_add_object(notes);

		json_put(k, "kind", json_word(model_note_kind_name(n->kind)));
		json_put_number(k, "line", n->line);
		if (n->last > n->line)
			json_put_number(k, "last", n->last);
		json_put(k, "why", json_word(n->why));
		json_put_safe(k, "text", n->text);
	}
	return json_answer(doc, out);
}
