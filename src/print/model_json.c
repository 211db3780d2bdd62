// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/model_json.h"

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/model.h"
#include "model/model_names.h"
#include "model/model_verb.h"

typedef struct json_object json;

static void put_int(json *o, const char *key, int64_t v)
{
	json_object_object_add(o, key, json_object_new_int64(v));
}

static void put_bool(json *o, const char *key, bool v)
{
	json_object_object_add(o, key, json_object_new_boolean(v));
}

/* Text of a file, made safe: what is no UTF-8 must not get into the document. */
static void put_text(json *o, const char *key, const char *s)
{
	struct buf b = { 0 };

	text_add_safe(&b, s, strlen(s));
	json_object_object_add(o, key, json_object_new_string(buf_str(&b)));
	buf_deinit(&b);
}

static json *new_hex(uint32_t v)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08x", v);
	return json_object_new_string(text);
}

/* A register: its value, and which bits are known unless all are. */
static void put_reg(json *o, const char *key, const struct reg *r)
{
	char mask[64];

	if (!r->known)
		return;
	json_object_object_add(o, key, new_hex(r->val));
	if (r->known == UINT32_MAX)
		return;
	snprintf(mask, sizeof(mask), "%s_known", key);
	json_object_object_add(o, mask, new_hex(r->known));
}

static json *put_object(json *o, const char *key)
{
	json *n = json_object_new_object();

	json_object_object_add(o, key, n);
	return n;
}

static json *put_array(json *o, const char *key)
{
	json *n = json_object_new_array();

	json_object_object_add(o, key, n);
	return n;
}

static json *add_object(json *array)
{
	json *n = json_object_new_object();

	json_object_array_add(array, n);
	return n;
}

static void put_words(json *o, const char *key, const struct bit_word *w, uint32_t val)
{
	json *a = put_array(o, key);

	for (; w->word; w++)
		if (val & w->mask)
			json_object_array_add(a, json_object_new_string(w->word));
}

static void put_pcm(json *o, const struct model_node *n)
{
	const struct reg *pcm = &n->param[PARAM_PCM], *stream = &n->param[PARAM_STREAM];
	json *p, *a;

	if (!pcm->known && !stream->known)
		return;
	p = put_object(o, "pcm");
	put_reg(p, "raw", pcm);
	put_reg(p, "raw_stream", stream);
	if (pcm->val != UINT32_MAX) {
		a = put_array(p, "rates");
		for (unsigned int i = 0; i < ARRAY_SIZE(pcm_rates); i++)
			if (bit(pcm->val, i))
				json_object_array_add(a, json_object_new_int((int)pcm_rates[i]));
		a = put_array(p, "bits");
		for (unsigned int i = 0; i < ARRAY_SIZE(pcm_sizes); i++)
			if (bit(pcm->val, 16 + i))
				json_object_array_add(a, json_object_new_int((int)pcm_sizes[i]));
	}
	if (stream->known && stream->val != UINT32_MAX)
		put_words(p, "formats", format_words, stream->val);
}

static void put_amp_caps(json *o, const char *key, const struct reg *caps)
{
	json *c;

	if (!caps->known)
		return;
	c = put_object(o, key);
	put_reg(c, "raw", caps);
	if (caps->val == 0 || caps->val == UINT32_MAX)
		return;
	put_int(c, "offset", (int64_t)bits(caps->val, 6, 0));
	put_int(c, "steps", (int64_t)bits(caps->val, 14, 8));
	put_int(c, "step_size", (int64_t)bits(caps->val, 22, 16));
	put_bool(c, "mute", bit(caps->val, 31));
}

/* Gain in dB, where caps say what a step is. */
static void put_gain(json *o, const char *key, const struct reg *val, const struct reg *caps)
{
	json *g;

	if (!val->known)
		return;
	g = put_object(o, key);
	put_reg(g, "raw", val);
	put_int(g, "gain", val->val & 0x7f);
	put_bool(g, "mute", bit(val->val, 7));
	if (reg_has(caps, 0x7f7f7f) && bits(caps->val, 14, 8)) {
		int64_t steps = (int64_t)(val->val & 0x7f) - (int64_t)bits(caps->val, 6, 0);
		int64_t quarters = steps * (int64_t)(bits(caps->val, 22, 16) + 1);

		json_object_object_add(g, "db", json_object_new_double((double)quarters / 4));
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
	amp = put_object(o, key);
	put_amp_caps(amp, "caps", own);
	if (!a->n)
		return;
	values = put_array(amp, "values");
	for (unsigned int i = 0; i < a->n; i++) {
		json *v = add_object(values);

		put_int(v, "index", i);
		if (!out && i < n->conns.n)
			put_int(v, "from", n->conns.nid[i]);
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
	p = put_object(o, "power");
	put_reg(p, "raw_states", sup);
	if (sup->known && sup->val != UINT32_MAX)
		put_words(p, "states", power_cap_words, sup->val);
	put_reg(p, "raw", pwr);
	if (reg_has(pwr, 0xf))
		put_text(p, "setting", power_state_name(pwr->val & 0xf));
	if (reg_has(pwr, 0xf0))
		put_text(p, "actual", power_state_name(pwr->val >> 4 & 0xf));
	if (pwr->known & 0x700)
		put_words(p, "flags", power_flag_words, pwr->val);
}

static void put_conns(json *o, const char *key, const struct model_conns *c)
{
	json *l, *a;

	if (!c->known && !c->n)
		return;
	l = put_object(o, key);
	if (c->known)
		put_int(l, "length", c->len);
	a = put_array(l, "nids");
	for (unsigned int i = 0; i < c->n; i++)
		json_object_array_add(a, json_object_new_int(c->nid[i]));
}

static void put_driver(json *o, const struct model_node *n)
{
	json *a;

	if (n->ncontrols) {
		a = put_array(o, "controls");
		for (uint32_t i = 0; i < n->ncontrols; i++) {
			const struct model_control *c = &n->controls[i];
			json *k = add_object(a), *amp;

			put_text(k, "name", c->name);
			put_int(k, "index", c->index);
			put_int(k, "device", c->device);
			if (!c->has_amp)
				continue;
			amp = put_object(k, "amp");
			put_int(amp, "chs", (int64_t)c->chs);
			put_text(amp, "dir", c->out ? "Out" : "In");
			put_int(amp, "idx", (int64_t)c->idx);
			put_int(amp, "ofs", (int64_t)c->ofs);
		}
	}
	if (n->npcms) {
		a = put_array(o, "devices");
		for (uint32_t i = 0; i < n->npcms; i++) {
			json *k = add_object(a);

			put_text(k, "name", n->pcms[i].name);
			put_text(k, "type", n->pcms[i].type);
			put_int(k, "device", n->pcms[i].device);
			if (n->pcms[i].has_substream)
				put_int(k, "substream", n->pcms[i].substream);
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
	p = put_object(o, "pin");
	if (caps->known) {
		bool realtek = model_vendor_id(m) >> 16 == 0x10ec;

		k = put_object(p, "caps");
		put_reg(k, "raw", caps);
		put_words(k, "words", pincap_words,
			  realtek ? caps->val & ~(PINCAP_HDMI | PINCAP_HBR) : caps->val);
		if (caps->val & PINCAP_VREF_MASK)
			put_words(k, "vref", vref_cap_words, caps->val);
	}
	if (cfg->known) {
		k = put_object(p, "default");
		put_reg(k, "raw", cfg);
		put_text(k, "connectivity", pin_connectivity(cfg->val));
		put_text(k, "device", pin_device(cfg->val));
		put_text(k, "gross_location", pin_gross_location(cfg->val));
		put_text(k, "location", pin_location(cfg->val));
		put_text(k, "connector", pin_connector(cfg->val));
		put_text(k, "color", pin_color(cfg->val));
		put_bool(k, "no_presence", bit(cfg->val, 8));
		put_int(k, "association", (int64_t)bits(cfg->val, 7, 4));
		put_int(k, "sequence", (int64_t)bits(cfg->val, 3, 0));
	}
	if (ctl->known) {
		k = put_object(p, "control");
		put_reg(k, "raw", ctl);
		put_words(k, "words", pinctl_words, ctl->val);
		if (vref_ctl_name(ctl->val & 7))
			put_text(k, "vref", vref_ctl_name(ctl->val & 7));
	}
	if (eapd->known) {
		k = put_object(p, "eapd");
		put_reg(k, "raw", eapd);
		put_words(k, "words", eapd_words, eapd->val);
	}
	if (sense->known) {
		k = put_object(p, "sense");
		put_reg(k, "raw", sense);
		if (reg_has(sense, 1u << 31))
			put_bool(k, "present", bit(sense->val, 31));
	}
}

static void put_converter(json *o, const struct model_node *n)
{
	const struct reg *conv = &n->reg[MREG_CONV], *digi = &n->reg[MREG_DIGI];
	json *c, *d;

	if (conv->known) {
		c = put_object(o, "converter");
		put_int(c, "stream", (int64_t)bits(conv->val, 7, 4));
		put_int(c, "channel", conv->val & 0xf);
		if (n->reg[MREG_SDI_SELECT].known)
			put_int(c, "sdi", n->reg[MREG_SDI_SELECT].val & 0xf);
		put_reg(c, "format", &n->reg[MREG_FORMAT]);
	}
	if (digi->known) {
		d = put_object(o, "digital");
		put_reg(d, "raw", digi);
		put_words(d, "words", digital_words, digi->val);
		if (reg_has(digi, 0x7f00))
			put_int(d, "category", (int64_t)bits(digi->val, 14, 8));
		if (reg_has(digi, 0xf0000))
			put_int(d, "coding_type", (int64_t)bits(digi->val, 19, 16));
	}
}

static void put_devs(json *o, const struct model_node *n)
{
	json *a;

	if (!n->devs_known)
		return;
	a = put_array(o, "device_entries");
	for (unsigned int i = 0; i < n->ndevs; i++) {
		const struct model_dev *d = &n->devs[i];
		json *k = add_object(a);

		put_int(k, "index", i);
		if (d->bits.known) {
			put_bool(k, "present", bit(d->bits.val, 0));
			put_bool(k, "eld_valid", bit(d->bits.val, 1));
			put_bool(k, "inactive", bit(d->bits.val, 2));
		}
		put_conns(k, "connections", &d->conns);
		if (d->select.known)
			put_int(k, "selected", d->select.val);
	}
	if (n->reg[MREG_DEV_SEL].known)
		put_int(o, "device_selected", n->reg[MREG_DEV_SEL].val);
}

static void put_processing(json *o, const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_PROC_CAP];
	char key[16], val[16];
	json *p;

	if (caps->known) {
		p = put_object(o, "processing");
		put_bool(p, "benign", caps->val & 1);
		put_int(p, "coefs", (int64_t)bits(caps->val, 15, 8));
	}
	if (n->ncoefs) {
		p = put_object(o, "coefs");
		for (uint32_t i = 0; i < n->ncoefs; i++) {
			snprintf(key, sizeof(key), "0x%02x", n->coefs[i].index);
			snprintf(val, sizeof(val), "0x%04x", n->coefs[i].val);
			json_object_object_add(p, key, json_object_new_string(val));
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
	g = put_object(o, "gpio");
	if (caps->known) {
		put_int(g, "io", (int64_t)bits(caps->val, 7, 0));
		put_int(g, "o", (int64_t)bits(caps->val, 15, 8));
		put_int(g, "i", (int64_t)bits(caps->val, 23, 16));
		put_bool(g, "unsolicited", bit(caps->val, 30));
		put_bool(g, "wake", bit(caps->val, 31));
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(shown); i++)
		put_reg(g, model_reg_name(shown[i]), &n->reg[shown[i]]);
}

/* Registers that no other member of the object shows. */
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
			a = put_array(o, "other_answers");
		k = add_object(a);
		snprintf(verb, sizeof(verb), "0x%03x", n->extras[i].key >> 8 & 0xfff);
		put_text(k, "verb", verb);
		put_int(k, "payload", n->extras[i].key & 0xff);
		if (n->extras[i].key >> 24)
			put_int(k, "device_entry", n->extras[i].key >> 24);
		json_object_object_add(k, "response", new_hex(n->extras[i].val));
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

	put_int(o, "nid", n->nid);
	if (model_type(n) >= 0)
		put_text(o, "type", widget_type_name(model_type(n)));
	put_reg(o, "wcaps", caps);
	if (caps->known == UINT32_MAX) {
		put_int(o, "channels", (caps->val & WCAP_STEREO) ? model_channels(n) : 1);
		put_words(o, "caps", wcap_words, caps->val);
		if (caps->val & WCAP_DELAY)
			put_int(o, "delay", (int64_t)bits(caps->val, 19, 16));
	}
	put_common(o, m, n);
	put_pin(o, m, n);
	put_converter(o, n);
	if (n->param[PARAM_KNOB_CAP].known || n->reg[MREG_KNOB].known) {
		k = put_object(o, "knob");
		put_reg(k, "caps", &n->param[PARAM_KNOB_CAP]);
		put_reg(k, "control", &n->reg[MREG_KNOB]);
	}
	if (unsol->known) {
		k = put_object(o, "unsolicited");
		put_int(k, "tag", unsol->val & 0x3f);
		put_bool(k, "enabled", bit(unsol->val, 7));
	}
	put_devs(o, n);
	put_conns(o, "connections", &n->conns);
	if (sel->known)
		put_int(o, "selected", sel->val);
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
		json_object_object_add(o, "name", json_object_new_string(buf_str(&name)));
	}
	buf_deinit(&name);
	put_text(o, "origin", origins[m->origin]);
	if (m->has_cad)
		put_int(o, "address", m->cad);
	if (root) {
		put_reg(o, "vendor_id", &root->param[PARAM_VENDOR_ID]);
		put_reg(o, "revision_id", &root->param[PARAM_REVISION_ID]);
	}
	put_reg(o, "subsystem_id", &ssid);
	if (m->afg && afg) {
		g = put_object(o, "audio_group");
		put_int(g, "nid", m->afg);
		put_reg(g, "function", &afg->param[PARAM_FUNCTION_TYPE]);
		put_reg(g, "caps", &afg->param[PARAM_AFG_CAP]);
		put_common(g, m, afg);
		put_gpio(g, afg);
		if (m->bad_afg)
			put_bool(g, "invalid", true);
	}
	if (m->mfg && model_find(m, m->mfg)) {
		g = put_object(o, "modem_group");
		put_int(g, "nid", m->mfg);
		put_reg(g, "function", &m->node[m->mfg]->param[PARAM_FUNCTION_TYPE]);
	}
	a = put_array(o, "widgets");
	/* Hidden widgets, which no node count includes, are there as well. */
	for (unsigned int i = 1; i < MODEL_NODES; i++)
		if (m->node[i] && m->node[i]->kind != NODE_GROUP)
			put_widget(add_object(a), m, m->node[i]);
	return o;
}
