// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/walk.h"

#include "base/bits.h"
#include "codec/decode.h"
#include "model/model.h"

struct walker {
	const struct walk *w;
	unsigned int cad;
};

static uint32_t ask(const struct walker *k, unsigned int nid, unsigned int id, unsigned int payload)
{
	uint32_t resp = UINT32_MAX;

	if (!k->w->ask(k->w->arg, verb_join(k->cad, nid, id, payload), &resp))
		return UINT32_MAX;
	return resp;
}

static uint32_t param(const struct walker *k, unsigned int nid, enum model_param p)
{
	return ask(k, nid, 0xf00, p);
}

struct conns {
	uint16_t nid[MODEL_MAX_CONNS];
	unsigned int n;
};

static void connections(const struct walker *k, unsigned int nid, struct conns *c)
{
	uint32_t len = param(k, nid, PARAM_CONNLIST_LEN), word = 0;
	unsigned int count = len == UINT32_MAX ? 0 : len & 0x7f, prev = 0;
	unsigned int shift = bit(len, 7) ? 16 : 8, zeros = 0;

	c->n = 0;
	for (unsigned int i = 0; i < count; i++) {
		unsigned int val, first;
		bool range;

		if (i % (32 / shift) == 0)
			word = ask(k, nid, 0xf02, i);
		val = word & ((1u << (shift - 1)) - 1);
		range = count > 1 && bit(word, shift - 1);
		word = shift == 16 ? word >> 16 : word >> 8;
		if (count > 1 && val == 0 && zeros++) {
			c->n = 0;
			return;
		}
		if (range && (!prev || prev >= val))
			continue;
		for (first = range ? prev + 1 : val; first <= val && c->n < MODEL_MAX_CONNS; first++)
			c->nid[c->n++] = (uint16_t)first;
		prev = val;
	}
}

static void amps(const struct walker *k, unsigned int nid, bool out, bool stereo,
		 unsigned int count)
{
	for (unsigned int i = 0; i < count && i < MODEL_MAX_AMPS; i++) {
		ask(k, nid, 0xb00, (out ? 0x8000u : 0) | 0x2000 | i);
		if (stereo)
			ask(k, nid, 0xb00, (out ? 0x8000u : 0) | i);
	}
}

static void pcm(const struct walker *k, unsigned int nid)
{
	param(k, nid, PARAM_PCM);
	param(k, nid, PARAM_STREAM);
}

static void power(const struct walker *k, unsigned int nid)
{
	param(k, nid, PARAM_POWER_STATE);
	ask(k, nid, 0xf05, 0);
}

static void gpio(const struct walker *k, unsigned int nid)
{
	static const uint16_t gets[] = { 0xf16, 0xf17, 0xf18, 0xf19, 0xf1a, 0xf15 };
	unsigned int pins = param(k, nid, PARAM_GPIO_CAP) & 0xff;

	for (unsigned int i = 0; i < ARRAY_SIZE(gets) && pins && pins <= 8; i++)
		ask(k, nid, gets[i], 0);
}

static void devices(const struct walker *k, unsigned int nid)
{
	uint32_t len = param(k, nid, PARAM_DEVLIST_LEN), selected;
	unsigned int n = len == UINT32_MAX || !(len & 0x3f) ? 0 : (len & 0x3f) + 1;
	struct conns c;

	for (unsigned int i = 0; i < n; i += 8)
		ask(k, nid, 0xf36, i);
	if (!n)
		return;
	selected = ask(k, nid, 0xf35, 0);
	for (unsigned int i = 0; i < n; i++) {
		ask(k, nid, 0x735, i);
		ask(k, nid, 0xf01, 0);
		connections(k, nid, &c);
		ask(k, nid, 0x735, selected & 0x3f);
	}
}

static void coefs(const struct walker *k, unsigned int nid)
{
	unsigned int n = (unsigned int)bits(param(k, nid, PARAM_PROC_CAP), 15, 8);
	uint32_t old;

	if (!k->w->opt.coefs)
		return;
	old = ask(k, nid, 0xd00, 0);
	for (unsigned int i = 0; i < n; i++) {
		ask(k, nid, 0x500, i);
		ask(k, nid, 0xc00, 0);
	}
	ask(k, nid, 0x500, old & 0xffff);
}

static void widget(const struct walker *k, unsigned int nid)
{
	const struct walk_options *o = &k->w->opt;
	uint32_t caps = param(k, nid, PARAM_WIDGET_CAP);
	unsigned int type = (unsigned int)bits(caps, 23, 20);
	bool stereo = caps & WCAP_STEREO, listed = (caps & WCAP_CONN_LIST) || type == WIDGET_KNOB;
	struct conns c = { .n = 0 };

	if (listed)
		connections(k, nid, &c);
	if (caps & WCAP_IN_AMP) {
		unsigned int n = (type == WIDGET_PIN && !o->pin_in_amps) ||
				 (type == WIDGET_INPUT && o->one_adc_amp) ? 1 : c.n;
		bool mix = n == 1 && type == WIDGET_MIXER && !stereo && c.n == 1;

		param(k, nid, PARAM_AMP_IN_CAP);
		if (mix)
			mix = param(k, c.nid[0], PARAM_WIDGET_CAP) & WCAP_STEREO;
		amps(k, nid, false, stereo || mix, n);
	}
	if (caps & WCAP_OUT_AMP) {
		param(k, nid, PARAM_AMP_OUT_CAP);
		amps(k, nid, true, stereo, type == WIDGET_PIN && o->pin_out_amps ? c.n : 1);
	}
	if (type == WIDGET_PIN) {
		if ((param(k, nid, PARAM_PIN_CAP) & 0x10000) || !o->pincap_reads_eapd)
			ask(k, nid, 0xf0c, 0);
		ask(k, nid, 0xf1c, 0);
		ask(k, nid, 0xf07, 0);
	} else if (type == WIDGET_KNOB) {
		param(k, nid, PARAM_KNOB_CAP);
		ask(k, nid, 0xf0f, 0);
	} else if (type == WIDGET_OUTPUT || type == WIDGET_INPUT) {
		uint32_t conv = ask(k, nid, 0xf06, 0);

		if (type == WIDGET_INPUT && (conv & 0xf) == 0)
			ask(k, nid, 0xf04, 0);
		if (caps & WCAP_DIGITAL)
			ask(k, nid, 0xf0d, 0);
		if (caps & WCAP_FORMAT_OVERRIDE)
			pcm(k, nid);
	}
	if (caps & WCAP_UNSOL)
		ask(k, nid, 0xf08, 0);
	if (caps & WCAP_POWER)
		power(k, nid);
	if (type == WIDGET_PIN && o->multi_stream && (caps & WCAP_DIGITAL))
		devices(k, nid);
	if (listed && c.n > 1 && (o->all_selects || (type != WIDGET_MIXER && type != WIDGET_KNOB &&
						     type != WIDGET_POWER)))
		ask(k, nid, 0xf01, 0);
	if (caps & WCAP_PROC)
		coefs(k, nid);
}

static void audio_group(const struct walker *k, unsigned int nid)
{
	uint32_t nodes;
	unsigned int first;

	pcm(k, nid);
	param(k, nid, PARAM_AMP_IN_CAP);
	param(k, nid, PARAM_AMP_OUT_CAP);
	power(k, nid);
	nodes = param(k, nid, PARAM_NODE_COUNT);
	first = (unsigned int)bits(nodes, 23, 16);
	if (nodes == UINT32_MAX || !first)
		return;
	gpio(k, nid);
	for (const uint16_t *h = k->w->opt.hooks; h && *h; h++)
		ask(k, nid, *h, 0);
	for (unsigned int i = 0; i < (nodes & 0x7fff) && first + i < MODEL_NODES; i++)
		widget(k, first + i);
}

void codec_walk(const struct walk *w, unsigned int cad)
{
	const struct walker k = { w, cad };
	uint32_t groups, ssid;
	unsigned int first, afg = 0, mfg = 0;

	param(&k, 0, PARAM_VENDOR_ID);
	ssid = param(&k, 0, PARAM_SUBSYSTEM_ID);
	param(&k, 0, PARAM_REVISION_ID);
	groups = param(&k, 0, PARAM_NODE_COUNT);
	first = (unsigned int)bits(groups, 23, 16);
	for (unsigned int i = 0; groups != UINT32_MAX && i < (groups & 0x7fff) &&
	     first + i < MODEL_NODES; i++) {
		uint32_t type = param(&k, first + i, PARAM_FUNCTION_TYPE) & 0xff;

		if (type == 1)
			afg = first + i;
		else if (type == 2)
			mfg = first + i;
	}
	if ((ssid == 0 || ssid == UINT32_MAX) && (afg || mfg))
		ask(&k, afg ? afg : mfg, 0xf20, 0);
	if (afg)
		audio_group(&k, afg);
}
