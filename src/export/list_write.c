// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the verb list (docs/verb-list.md); input/read_verbs.c reads it. */
#include <stdio.h>
#include <string.h>

#include "analyse/steps/steps.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/text.h"
#include "print/step_text.h"

struct list_writer {
	const struct steps *steps;
	const struct list_options *opt;
	struct out out;
	struct buf line, words;
	struct step_verbs em;
	uint8_t cad;
};

/* Adds text to a comment, without bytes that would end it. */
static void add_text(struct buf *b, const char *text)
{
	text_add_safe(b, text, strlen(text));
}

static bool is_chosen(const bool *chosen, size_t i)
{
	return !chosen || chosen[i];
}

static struct err *put_line(struct list_writer *w)
{
	struct err *e;

	buf_addc(&w->line, '\n');
	e = buf_err(&w->line);
	if (!e)
		e = out_add(&w->out, w->line.data, w->line.len);
	buf_clear(&w->line);
	return e;
}

static void add_codec(struct buf *b, const struct step_codec *c, const struct list_codec *k)
{
	buf_addf(b, "# codec: address %u", c->cad);
	if (c->vendor_id)
		buf_addf(b, ", vendor 0x%08x", c->vendor_id);
	if (c->subsystem_id)
		buf_addf(b, ", subsystem 0x%08x", c->subsystem_id);
	if (k->pci_subsystem)
		buf_addf(b, ", pci-subsystem 0x%08x", k->pci_subsystem);
	for (unsigned int i = 0; i < c->n_commands; i++)
		buf_addf(b, "%s%02x:%02x", i ? " " : ", commands ", c->commands[i].nid,
			 c->commands[i].coef);
	if (c->name || k->name[0]) {
		buf_adds(b, ", name ");
		add_text(b, c->name ? c->name : k->name);
	}
}

static struct err *put_field(struct list_writer *w, const char *name, const char *value)
{
	if (!*value)
		return NULL;
	buf_addf(&w->line, "# %s: ", name);
	add_text(&w->line, value);
	return put_line(w);
}

static struct err *put_head(struct list_writer *w, const bool *chosen)
{
	const struct steps *a = w->steps;
	bool used[LIST_CODECS] = { 0 };
	struct err *e;

	buf_adds(&w->line, "# " LIST_MAGIC ", version 1");
	e = put_line(w);
	for (size_t i = 0; i < a->n; i++)
		if (is_chosen(chosen, i))
			used[step_codec(a, &a->v[i])->cad & 0xf] = true;
	while (w->cad < LIST_CODECS - 1 && !used[w->cad])
		w->cad++;	/* the first lines of the head are for the verbs that follow */
	for (size_t i = 0; !e && i < a->n_codecs; i++) {
		const struct step_codec *c = a->codecs[i];

		if (!used[c->cad & 0xf] || !c->steps)
			continue;
		add_codec(&w->line, c, &a->head.codec[c->cad & 0xf]);
		e = put_line(w);
	}
	if (!e)
		e = put_field(w, "controller", a->head.controller);
	if (!e)
		e = put_field(w, "from", a->head.from);
	if (!e)
		e = put_field(w, "sha256", a->head.sha256);
	buf_addf(&w->line, "# made by: hdadump %s%s%s", HDADUMP_VERSION,
		 w->opt->made ? " " : "", w->opt->made ? w->opt->made : "");
	return e ? e : put_line(w);
}

static struct err *put_step(struct list_writer *w, size_t i)
{
	const struct steps *a = w->steps;
	const struct step *t = &a->v[i];
	const struct step_codec *c = step_codec(a, t);
	const char *why = w->opt->why ? w->opt->why(w->opt->why_arg, i) : NULL;
	struct err *e;

	buf_clear(&w->words);
	e = step_verbs_put(&w->em, t, &w->words);
	if (e || !w->words.len)
		return e;
	buf_addc(&w->line, '\n');
	if (c->cad != w->cad) {
		buf_addf(&w->line, "# address: %u\n", c->cad);
		w->cad = c->cad;
	}
	buf_adds(&w->line, "# ");
	step_text(a, t, &w->line);
	if (why)
		buf_addf(&w->line, " -- %s", why);
	uint32_t mask = w->opt->masks ? w->opt->masks[i] : t->mask;

	if (step_is_update(t) && mask != 0xffff)
		buf_addf(&w->line, "\n# update: mask 0x%04x, was 0x%04x", mask, t->old & 0xffff);
	for (size_t k = 0; k + sizeof(uint32_t) <= w->words.len; k += sizeof(uint32_t)) {
		struct verb_parts v;
		uint32_t word;

		memcpy(&word, w->words.data + k, sizeof(word));
		v = verb_split(word);
		buf_addf(&w->line, "\n0x%02x 0x%03x 0x%0*x", v.nid, v.id, v.wide ? 4 : 2,
			 v.payload);
	}
	return put_line(w);
}

static struct err *put_marks(struct list_writer *w, size_t *mark, size_t at)
{
	const struct steps *a = w->steps;
	struct err *e = NULL;

	for (; !e && *mark < a->n_marks && a->marks[*mark].at <= at; ++*mark) {
		buf_addf(&w->line, "\n# %s: ", a->marks[*mark].gap ? "gap" : "mark");
		add_text(&w->line, a->marks[*mark].text);
		e = put_line(w);
	}
	return e;
}

struct err *list_write(const struct steps *a, const bool *chosen, const struct list_options *o)
{
	struct list_writer w = { .steps = a, .opt = o };
	size_t mark = 0;
	int ctrl = -1;
	struct err *e = out_init(&w.out, o->fd);

	step_verbs_init(&w.em, a);
	for (size_t i = 0; !e && i < a->n; i++) {
		if (!is_chosen(chosen, i))
			continue;
		if (ctrl >= 0 && step_codec(a, &a->v[i])->ctrl != ctrl)
			e = err_new(ERR_FAIL, "verbs of several controllers, but a list has place "
				    "for one only: choose with --controller");
		ctrl = step_codec(a, &a->v[i])->ctrl;
	}
	if (!e)
		e = put_head(&w, chosen);
	for (size_t i = 0; !e && i < a->n; i++) {
		if (!is_chosen(chosen, i))
			continue;
		e = put_marks(&w, &mark, i);
		if (!e)
			e = put_step(&w, i);
	}
	if (!e)
		e = put_marks(&w, &mark, a->n);	/* after the last */
	if (!e)
		e = out_flush(&w.out);
	step_verbs_deinit(&w.em);
	buf_deinit(&w.line);
	buf_deinit(&w.words);
	out_deinit(&w.out);
	return e;
}
