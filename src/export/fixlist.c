// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/fixlist.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "flow/filter.h"
#include "print/step_text.h"
#include "replay/plan.h"

void fixlist_deinit(struct fixlist *l)
{
	for (size_t i = 0; l->texts && i < l->fix.n; i++)
		free(l->texts[i]);
	for (size_t i = 0; l->said && i < l->fix.n; i++)
		free(l->said[i]);
	free(l->texts);
	free(l->said);
	free(l->fix_steps);
	free(l->step);
	free(l->from);
	free(l->made);
	free(l->codec_name);
	free(l->hints);
	buf_deinit(&l->words);
	steps_deinit(&l->steps);
	*l = (struct fixlist){ 0 };
}

static struct err *choose_codec(const char *path, const struct steps *a, uint16_t addresses,
				size_t *codec)
{
	size_t found = 0;

	for (size_t i = 0; i < a->n_codecs; i++) {
		const struct step_codec *c = a->codecs[i];

		if (!c->steps || !filter_has_address(addresses, c->cad))
			continue;
		if (found++)
			return err_new(ERR_FAIL, "%s has verbs for several codecs: choose one with "
				       "--address, and the controller with --controller", path);
		*codec = i;
	}
	if (!found)
		return err_new(ERR_FORMAT, !addresses ? "%s has no verb that writes" :
				       "%s has no verb that writes to that address", path);
	return NULL;
}

/* Sets the kind of a step from its contents. */
static void set_kind(const struct steps *a, const struct step *t, struct verb_fix_step *s)
{
	struct step_reg regs[STEP_REGS_MAX];
	unsigned int n = 0;

	if (t->kind == STEP_COEF || t->kind == STEP_BYTES)
		n = step_regs(a, t, regs);
	if (t->kind == STEP_COEF && n == 1) {
		s->kind = FIX_COEF;
		s->nid = t->nid;
		s->index = (uint16_t)t->addr;
		s->value = (uint16_t)t->value;
		s->mask = step_is_update(t) ? (uint16_t)t->mask : 0xffff;
	} else if (t->kind == STEP_BYTES && t->space == SPACE_CONFIG && n == 1 &&
		   regs[0].mask == UINT32_MAX) {
		s->kind = FIX_CONFIG;
		s->nid = t->nid;
		s->config = regs[0].value;
	}
}

/* Adds the marks before the step, from mark *@mark on, one a line; NULL = none. */
static struct err *add_said(const struct steps *a, size_t step, size_t *mark, char **said)
{
	struct buf b = { 0 };
	struct err *e;

	for (; *mark < a->n_marks && a->marks[*mark].at <= step; ++*mark)
		if (!a->marks[*mark].gap)
			buf_addf(&b, "%s%s", b.len ? "\n" : "", a->marks[*mark].text);
	e = buf_err(&b);
	*said = !e && b.len ? strdup(buf_str(&b)) : NULL;
	if (!e && b.len && !*said)
		e = err_nomem();
	buf_deinit(&b);
	return e;
}

static struct err *add_step(struct fixlist *l, size_t step, struct step_verbs *em, size_t *mark, size_t *at)
{
	const struct steps *a = &l->steps;
	const struct step *t = &a->v[step];
	struct verb_fix_step *s = &l->fix_steps[l->fix.n];
	struct buf text = { 0 };
	size_t before = l->words.len;
	struct err *e = step_verbs_put(em, t, &l->words);

	if (e)
		return e;
	if (l->words.len == before) {
		l->wordless++;
		return NULL;
	}
	l->relative += t->kind == STEP_RELATIVE;
	step_text(a, t, &text);
	e = buf_err(&text);
	l->texts[l->fix.n] = e ? NULL : strdup(buf_str(&text));
	buf_deinit(&text);
	if (!e && !l->texts[l->fix.n])
		e = err_nomem();
	if (!e)
		e = add_said(a, step, mark, &l->said[l->fix.n]);
	*s = (struct verb_fix_step){
		.n = (l->words.len - before) / sizeof(uint32_t), .text = l->texts[l->fix.n],
		.mark = l->said[l->fix.n],
	};
	set_kind(a, t, s);
	*at = before;
	l->step[l->fix.n++] = (uint32_t)step;
	return e;
}

static struct err *add_steps(struct fixlist *l, size_t codec)
{
	struct steps *a = &l->steps;
	struct step_verbs em;
	size_t mark = 0;
	size_t *at = calloc(a->n ? a->n : 1, sizeof(*at));
	struct err *e = NULL;

	l->fix_steps = calloc(a->n ? a->n : 1, sizeof(*l->fix_steps));
	l->texts = calloc(a->n ? a->n : 1, sizeof(*l->texts));
	l->said = calloc(a->n ? a->n : 1, sizeof(*l->said));
	l->step = calloc(a->n ? a->n : 1, sizeof(*l->step));
	if (!at || !l->fix_steps || !l->texts || !l->said || !l->step) {
		free(at);
		return err_nomem();
	}
	step_verbs_init(&em, a);
	for (size_t i = 0; !e && i < a->n; i++) {
		if (a->v[i].codec == codec)
			e = add_step(l, i, &em, &mark, &at[l->fix.n]);
		else
			l->elsewhere++;
	}
	/* from here on the words do not move in memory */
	for (size_t i = 0; i < l->fix.n; i++)
		l->fix_steps[i].words = (const uint32_t *)(const void *)(l->words.data + at[i]);
	l->fix.step = l->fix_steps;
	step_verbs_deinit(&em);
	free(at);
	return e;
}

/* A copy that is safe for a terminal and without line feeds; NULL if it is empty. */
static struct err *safe_copy(const char *text, char **out)
{
	struct buf b = { 0 };
	struct err *e = NULL;

	if (!text || !*text)
		return NULL;
	text_add_safe(&b, text, strlen(text));
	e = buf_err(&b);
	*out = e ? NULL : strdup(buf_str(&b));
	buf_deinit(&b);
	return !e && !*out ? err_nomem() : e;
}

/* The marks that are a firmware patch's hints and model, a line each, wherever they stand. */
static struct err *add_hints(const struct steps *a, char **out)
{
	struct buf b = { 0 };
	struct err *e;

	for (size_t i = 0; i < a->n_marks; i++) {
		const char *text = a->marks[i].text;

		if (a->marks[i].gap ||
		    (strncmp(text, "hint: ", 6) != 0 && strncmp(text, "model: ", 7) != 0))
			continue;
		text_add_safe(&b, text, strlen(text));
		buf_addc(&b, '\n');
	}
	e = buf_err(&b);
	*out = !e && b.len ? strdup(buf_str(&b)) : NULL;
	if (!e && b.len && !*out)
		e = err_nomem();
	buf_deinit(&b);
	return e;
}

static bool is_sha256(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

struct err *fixlist_load(const struct load_options *from, uint16_t addresses,
			 const struct codec_identity *ids, struct fixlist *l)
{
	const char *path = load_name(from->path);
	const struct step_codec *c;
	size_t codec = 0;
	struct err *e;

	*l = (struct fixlist){ .in.from = *from };
	e = steps_load(&l->in, &l->steps);
	if (!e)
		e = choose_codec(path, &l->steps, addresses, &codec);
	if (e)
		return e;
	c = l->steps.codecs[codec];
	e = safe_copy(l->steps.head.from, &l->from);
	if (!e)
		e = safe_copy(l->steps.head.made, &l->made);
	if (!e)
		e = safe_copy(c->name, &l->codec_name);
	if (!e)
		e = add_hints(&l->steps, &l->hints);
	if (e)
		return e;
	l->fix = (struct verb_fix){
		.vendor_id = c->vendor_id ? c->vendor_id : ids->vendor,
		.subsystem_id = c->subsystem_id ? c->subsystem_id : ids->subsystem,
		.pci_subsystem = l->steps.head.codec[c->cad & 0xf].pci_subsystem,
		.cad = c->cad, .codec_name = l->codec_name, .from = l->from, .made = l->made,
		.hints = l->hints,
		.sha256 = is_sha256(l->steps.head.sha256) ? l->steps.head.sha256 : NULL,
	};
	if (ids->vendor && ids->vendor != l->fix.vendor_id)
		return err_new(ERR_FAIL, "%s is for codec 0x%08x, not for 0x%08x", path,
			       l->fix.vendor_id, ids->vendor);
	if (ids->subsystem && ids->subsystem != l->fix.subsystem_id)
		return err_new(ERR_FAIL, "%s is for subsystem 0x%08x, not for 0x%08x", path,
			       l->fix.subsystem_id, ids->subsystem);
	return add_steps(l, codec);
}

struct err *fixlist_words(const struct fixlist *l, const bool *chosen, struct buf *words,
			  struct buf *step_of)
{
	struct step_verbs em;
	struct err *e = NULL;

	step_verbs_init(&em, &l->steps);
	for (size_t i = 0; !e && i < l->fix.n; i++) {
		size_t before = words->len;
		uint32_t step = (uint32_t)i;

		if (chosen && !chosen[i])
			continue;
		e = step_verbs_put(&em, &l->steps.v[l->step[i]], words);
		for (size_t n = before; !e && step_of && n < words->len; n += sizeof(uint32_t))
			buf_add(step_of, &step, sizeof(step));
	}
	step_verbs_deinit(&em);
	return e ? e : step_of ? buf_err(step_of) : NULL;
}

struct err *fixlist_plan(const struct fixlist *l, const bool *chosen, uint32_t vendor_id,
			 struct plan *p)
{
	struct buf words = { 0 }, step_of = { 0 };
	struct err *e = fixlist_words(l, chosen, &words, &step_of), *made;

	made = plan_make(&words, &step_of, vendor_id, p);
	if (!e)
		return made;
	err_free(made);
	return e;
}

struct codec_identity fixlist_codec(const struct fixlist *l)
{
	return (struct codec_identity){ .vendor = l->fix.vendor_id, .subsystem = l->fix.subsystem_id };
}

struct err *fixlist_write(const struct fixlist *l, const bool *chosen, int fd, const char *made)
{
	const struct list_options o = { .fd = fd, .made = made };
	bool *steps = calloc(l->steps.n ? l->steps.n : 1, sizeof(*steps));
	struct err *e;

	if (!steps)
		return err_nomem();
	for (size_t i = 0; i < l->fix.n; i++)
		steps[l->step[i]] = !chosen || chosen[i];
	e = list_write(&l->steps, steps, &o);
	free(steps);
	return e;
}
