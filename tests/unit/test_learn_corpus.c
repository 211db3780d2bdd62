// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A codec emulated from a dump gets the verbs that the kernel sends when it makes such a
 * dump; what is learned from that traffic alone must print the same dump.
 *
 * What traffic cannot contain is copied from the dump: the driver's names, controls and
 * devices, and the kernel's spelling.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "corpus.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "model/answer.h"
#include "model/learn.h"
#include "model/walk.h"

struct count {
	unsigned int codecs, same, masked, bad;
	unsigned long verbs, unanswered;
};

struct pair {
	struct codec_model *from, *to;
	struct count *count;
	struct err *e;
};

static bool ask(void *arg, uint32_t verb, uint32_t *resp)
{
	struct pair *p = arg;
	struct xact x = { .verb = verb, .kind = XACT_CORB, .certainty = CERT_EXACT,
			  .has_verb = true, .cad = (uint8_t)(verb >> 28) };

	x.has_resp = codec_answer(p->from, verb, resp);
	x.resp = *resp;
	if (!x.has_resp)
		x.certainty = CERT_UNANSWERED;
	p->count->verbs++;
	p->count->unanswered += !x.has_resp;
	if (!p->e)
		p->e = codec_learn(p->to, &x);
	return x.has_resp;
}

/* The decisions of the kernel driver that wrote this dump. */
static struct walk_options options(const struct codec_model *m)
{
	static uint16_t hooks[5];
	struct walk_options o = { .pincap_reads_eapd = true, .pin_in_amps = m->style.pin_in_amps,
				  .all_selects = m->style.stars };
	const struct model_node *afg = model_find(m, m->afg);
	unsigned int nhooks = 0;

	memset(hooks, 0, sizeof(hooks));
	for (unsigned int i = 1; i < MODEL_NODES; i++) {
		const struct model_node *n = m->node[i];
		int type;

		if (!n || n->kind != NODE_WIDGET)
			continue;
		type = model_type(n);
		o.multi_stream |= n->devs_known;
		o.coefs |= n->coefs_shown;
		if (type == WIDGET_INPUT && n->in.shown == 1 && n->conns.n > 1)
			o.one_adc_amp = true;
		if (type == WIDGET_PIN && n->out.shown > 1)
			o.pin_out_amps = true;
		if (n->reg[MREG_EAPD].known && !(n->param[PARAM_PIN_CAP].val & 0x10000))
			o.pincap_reads_eapd = false;
	}
	for (uint32_t i = 0; afg && i < afg->nextras && nhooks < 4; i++)
		hooks[nhooks++] = (uint16_t)(afg->extras[i].key >> 8);
	o.hooks = hooks;
	return o;
}

/* Moves the driver's data; @from must not be used after it. */
static void take_over(struct codec_model *from, struct codec_model *to)
{
	if (from->name)
		model_set_name(to, from->name, strlen(from->name));
	to->subsystem = from->subsystem;
	to->afg_told = from->afg_told;
	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		struct model_node *a = from->node[i], *b = to->node[i];

		if (!a || !b)
			continue;
		b->controls = a->controls;
		b->ncontrols = a->ncontrols;
		b->pcms = a->pcms;
		b->npcms = a->npcms;
		b->driver_conns = a->driver_conns;
		/* an old kernel's error code in place of a list */
		if (a->conns.len < 0) {
			b->conns.len = a->conns.len;
			b->conns.known = true;
		}
		b->hook_coef = a->hook_coef;
		b->hook_index = a->hook_index;
		a->controls = NULL;
		a->pcms = NULL;
		a->ncontrols = a->npcms = 0;
		a->driver_conns = (struct model_conns){ 0 };
	}
}

/* A dump of an older kernel shows fewer bits: the others are removed. */
static void mask(const struct codec_model *from, struct codec_model *to)
{
	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		const struct model_node *a = from->node[i];
		struct model_node *b = to->node[i];

		if (!a || !b)
			continue;
		for (unsigned int k = 0; k < PARAM_COUNT; k++)
			reg_forget(&b->param[k], ~a->param[k].known);
		for (unsigned int k = 0; k < MREG_COUNT; k++)
			reg_forget(&b->reg[k], ~a->reg[k].known);
	}
	to->no_mfg = from->no_mfg;
	if (!from->afg_told && to->afg)
		to->node[to->afg]->reg[MREG_POWER] = (struct reg){ 0 };
}

static void show(const char *path, struct buf *want, struct buf *got)
{
	const char *w = buf_str(want), *g = buf_str(got);
	unsigned int line = 1;

	while (*w && *w == *g) {
		line += *w == '\n';
		w++;
		g++;
	}
	while (w > buf_str(want) && w[-1] != '\n') {
		w--;
		g--;
	}
	printf("%s:%u\n  is    %.*s\n  print %.*s\n", path, line, (int)strcspn(w, "\n"), w,
	       (int)strcspn(g, "\n"), g);
}

static bool equal(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static void one_codec(const char *path, struct codec_model *from, struct count *c)
{
	struct buf want = { 0 }, got = { 0 };
	struct pair p = { .from = from, .count = c };
	struct walk w = { ask, &p, options(from) };

	proc_print(from, &from->style, &want);
	p.e = model_create(MODEL_FROM_TRAFFIC, &p.to);
	if (!p.e)
		codec_walk(&w, from->cad);
	if (p.e) {
		printf("%s: %s\n", path, err_text(p.e));
		err_free(p.e);
		model_destroy(p.to);
		c->bad++;
		return;
	}
	take_over(from, p.to);
	p.to->has_cad = from->has_cad;
	proc_print(p.to, &from->style, &got);
	c->codecs++;
	if (equal(&want, &got)) {
		c->same++;
	} else {
		mask(from, p.to);
		buf_clear(&got);
		proc_print(p.to, &from->style, &got);
		if (equal(&want, &got)) {
			c->masked++;
		} else {
			c->bad++;
			show(path, &want, &got);
		}
	}
	model_destroy(p.to);
	buf_deinit(&want);
	buf_deinit(&got);
}

static void one(const char *path, const struct buf *text, void *arg)
{
	struct model_list l = { 0 };

	err_free(proc_read(text->data, text->len, &l));
	for (uint32_t i = 0; i < l.n; i++)
		one_codec(path, l.v[i], arg);
	model_list_deinit(&l);
}

int main(void)
{
	struct count c = { 0 };

	if (corpus_codecs(one, &c) < 0)
		return SKIPPED;
	printf("%u codecs, %lu verbs (%lu not in the dump): %u dumps learned from their traffic "
	       "alone, %u more but for bits that their kernel did not show, %u bad\n",
	       c.codecs, c.verbs, c.unanswered, c.same, c.masked, c.bad);
	return c.bad || c.codecs == 0;
}
