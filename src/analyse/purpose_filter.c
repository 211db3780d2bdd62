// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/purpose_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"

enum keep_sort { KEEP_OUT, KEEP_IN, KEEP_KIND };

/*
 * Devices of a pin's default, bits 23:20 (HDA 1.0a 7.3.3.31). Some BIOSes declare a built-in
 * speaker as a line out.
 */
static const struct keep_word {
	const char *name;
	enum keep_sort sort;
	uint16_t devices;	/* bit n = device n */
	uint8_t kind;		/* enum step_kind */
} words[] = {
	{ "speaker", KEEP_OUT, 1u << 0x1, 0 },
	{ "headphone", KEEP_OUT, 1u << 0x2, 0 },
	{ "line-out", KEEP_OUT, 1u << 0x0, 0 },
	{ "digital", KEEP_OUT, 1u << 0x4 | 1u << 0x5, 0 },
	{ "mic", KEEP_IN, 1u << 0xa, 0 },
	{ "line-in", KEEP_IN, 1u << 0x3 | 1u << 0x8 | 1u << 0x9, 0 },
	{ "coef", KEEP_KIND, 0, STEP_COEF },
	{ "amplifier", KEEP_KIND, 0, STEP_PORT },
	{ "i2c", KEEP_KIND, 0, STEP_I2C },
	{ "chip", KEEP_KIND, 0, STEP_CHIP },
	{ "gpio", KEEP_KIND, 0, STEP_GPIO },
	{ "config", KEEP_KIND, 0, STEP_BYTES },
};

static bool has(const struct purpose_filter *k, unsigned int word)
{
	return k->words >> word & 1;
}

struct err *purpose_filter_parse(struct purpose_filter *k, const char *list)
{
	while (*list) {
		size_t n = strcspn(list, ",");
		unsigned int i = 0;

		while (i < ARRAY_SIZE(words) &&
		       (strlen(words[i].name) != n || memcmp(words[i].name, list, n) != 0))
			i++;
		if (i == ARRAY_SIZE(words))
			return err_new(ERR_USAGE, "speaker, headphone, line-out, digital, mic, line-in, "
				       "coef, amplifier, i2c, chip, gpio or config");
		k->words |= 1u << i;
		list += n;
		list += *list == ',';
	}
	return k->words ? NULL : err_new(ERR_USAGE, "a word is missing");
}

const char *keep_text(const struct purpose_filter *k, char text[160])
{
	size_t n = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		if (has(k, i))
			n += (size_t)snprintf(text + n, 160 - n, "%s%s", n ? "," : "",
					      words[i].name);
	return text;
}

/* --- the graph ----------------------------------------------------------------- */

struct graph {
	const struct codec_model *m;
	bool wanted[256];
};

/* Marks @nid and all widgets that lead to it. */
static void mark_sources(const struct codec_model *m, unsigned int nid, bool *seen)
{
	uint8_t stack[256];
	unsigned int n = 0;

	if (seen[nid & 0xff])
		return;
	seen[nid & 0xff] = true;
	stack[n++] = (uint8_t)nid;
	while (n) {
		const struct model_node *w = model_find(m, stack[--n]);

		for (unsigned int i = 0; w && i < w->conns.n; i++) {
			unsigned int s = w->conns.nid[i];

			/* each NID is put on the stack once */
			if (s < 256 && !seen[s]) {
				seen[s] = true;
				stack[n++] = (uint8_t)s;
			}
		}
	}
}

static bool is_of(const struct keep_word *w, uint32_t config)
{
	unsigned int device = (unsigned int)bits(config, 23, 20);

	if (bits(config, 31, 30) == 1)
		return false;	/* not connected */
	/* a line out that is fixed is a built-in speaker */
	if (device == 0 && bits(config, 31, 30) == 2)
		device = 1;
	return w->devices >> device & 1;
}

/* Marks the widgets between this pin and a converter that records. */
static void mark_input(struct graph *g, unsigned int pin)
{
	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		const struct model_node *n = g->m->node[i];
		bool adc[256] = { 0 };

		if (!n || model_type(n) != WIDGET_INPUT)
			continue;
		mark_sources(g->m, i, adc);
		for (unsigned int k = 0; adc[pin] && k < 256; k++) {
			bool before[256] = { 0 };

			if (!adc[k])
				continue;
			mark_sources(g->m, k, before);
			if (before[pin])
				g->wanted[k] = true;
		}
	}
}

/* False if no pin has this device. */
static bool mark_word(struct graph *g, const struct keep_word *w)
{
	bool any = false;

	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		const struct model_node *n = g->m->node[i];

		if (!n || model_type(n) != WIDGET_PIN || !n->reg[MREG_DEFAULT].known ||
		    !is_of(w, n->reg[MREG_DEFAULT].val))
			continue;
		any = true;
		if (w->sort == KEEP_IN)
			mark_input(g, i);
		else
			mark_sources(g->m, i, g->wanted);
	}
	return any;
}

static bool has_graph(const struct codec_model *m)
{
	for (unsigned int i = 0; i < MODEL_NODES; i++)
		if (m->node[i] && m->node[i]->conns.n)
			return true;
	return false;
}

static struct err *mark_codec(const struct purpose_filter *k, struct graph *g)
{
	struct err *e = NULL;
	bool any = false, asked = false;

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		if (!has(k, i) || words[i].sort == KEEP_KIND)
			continue;
		asked = true;
		if (!has_graph(g->m))
			return err_new(ERR_FAIL, "it is unknown which widgets feed a %s: name the "
				       "codec's dump with --like", words[i].name);
		any |= mark_word(g, &words[i]);
	}
	if (asked && !any)
		e = err_new(ERR_FAIL, "the codec has no pin that --keep selects");
	return e;
}

/* --- steps ----------------------------------------------------------------------- */

static bool wants(const struct purpose_filter *k, const struct graph *g, const struct steps *a,
		  const struct step *t)
{
	uint8_t group = g->m->afg ? g->m->afg : 1;
	bool out = false, device = false;

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		if (!has(k, i))
			continue;
		out |= words[i].sort == KEEP_OUT;
		device |= words[i].sort != KEEP_KIND;
		if (words[i].sort == KEEP_KIND && words[i].kind == t->kind)
			return true;
	}
	switch (t->kind) {
	case STEP_RESET:
	case STEP_LINK_RESET:
		return true;
	case STEP_PORT:
	case STEP_GPIO:
		return out;
	case STEP_I2C:
	case STEP_CHIP:
		return device;
	case STEP_COEF:
		/* the port's coefficients belong to it */
		return out && step_coef_is_ordered(step_codec(a, t), t->nid, t->addr);
	case STEP_POWER:
		return t->nid == group || g->wanted[t->nid];
	default:
		return g->wanted[t->nid];
	}
}

struct err *purpose_filter_apply(const struct purpose_filter *k, const struct steps *a, const struct codec_model *model,
		       bool *unwanted)
{
	struct graph *graphs;
	struct err *e = NULL, *last = NULL;
	bool any = false;

	memset(unwanted, 0, a->n * sizeof(*unwanted));
	if (!k->words || !a->n_codecs)
		return NULL;
	graphs = calloc(a->n_codecs, sizeof(*graphs));
	if (!graphs)
		return err_nomem();
	/* one codec with such pins is enough: another one may be a display's */
	for (size_t i = 0; i < a->n_codecs; i++) {
		graphs[i].m = model ? model : a->codecs[i]->model;
		e = a->codecs[i]->steps ? mark_codec(k, &graphs[i]) : NULL;
		any |= !e && a->codecs[i]->steps;
		err_free(last);
		last = e;
	}
	if (any) {
		err_free(last);
		last = NULL;
	}
	for (size_t i = 0; !last && i < a->n; i++)
		unwanted[i] = !wants(k, &graphs[a->v[i].codec], a, &a->v[i]);
	free(graphs);
	return last;
}
