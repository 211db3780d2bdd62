// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/fixlist.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "print/step_text.h"
#include "replay/plan.h"

void fixlist_deinit(struct fixlist *l)
{
	for (size_t i = 0; l->texts && i < l->fix.n; i++)
		free(l->texts[i]);
	free(l->texts);
	free(l->steps);
	free(l->atom);
	free(l->from);
	free(l->made);
	free(l->codec_name);
	buf_deinit(&l->words);
	atoms_deinit(&l->atoms);
	*l = (struct fixlist){ 0 };
}

static struct err *choose_codec(const char *path, const struct atoms *a, int address, size_t *codec)
{
	size_t found = 0;

	for (size_t i = 0; i < a->n_codecs; i++) {
		const struct atom_codec *c = a->codecs[i];

		if (!c->atoms || (address >= 0 && c->cad != address))
			continue;
		if (found++)
			return err_new(ERR_FAIL, "%s has verbs for several codecs: choose one with "
				       "--address, and the controller with --device", path);
		*codec = i;
	}
	if (!found)
		return err_new(ERR_FORMAT, address < 0 ? "%s has no verb that writes something" :
				       "%s has no verb that writes something at that address", path);
	return NULL;
}

/* What kind of step it is, by what is in it. */
static void set_kind(const struct atoms *a, const struct atom *t, struct fix_step *s)
{
	struct atom_reg regs[ATOM_REGS_MAX];
	unsigned int n = 0;

	if (t->kind == ATOM_COEF || t->kind == ATOM_BYTES)
		n = atom_regs(a, t, regs);
	if (t->kind == ATOM_COEF && n == 1) {
		s->kind = FIX_COEF;
		s->nid = t->nid;
		s->index = (uint16_t)t->addr;
		s->value = (uint16_t)t->value;
		s->mask = atom_is_update(t) ? (uint16_t)t->mask : 0xffff;
	} else if (t->kind == ATOM_BYTES && t->space == SPACE_CONFIG && n == 1 &&
		   regs[0].mask == UINT32_MAX) {
		s->kind = FIX_CONFIG;
		s->nid = t->nid;
		s->config = regs[0].value;
	}
}

static struct err *add_step(struct fixlist *l, size_t atom, struct emitter *em, size_t *at)
{
	const struct atoms *a = &l->atoms;
	const struct atom *t = &a->v[atom];
	struct fix_step *s = &l->steps[l->fix.n];
	struct buf text = { 0 };
	size_t before = l->words.len;
	struct err *e = emitter_put(em, t, &l->words);

	if (e)
		return e;
	if (l->words.len == before) {
		l->wordless++;
		return NULL;
	}
	l->relative += t->kind == ATOM_RELATIVE;
	atom_text(a, t, &text);
	e = buf_err(&text);
	l->texts[l->fix.n] = e ? NULL : strdup(buf_str(&text));
	buf_deinit(&text);
	if (!e && !l->texts[l->fix.n])
		e = err_nomem();
	*s = (struct fix_step){
		.n = (l->words.len - before) / sizeof(uint32_t), .text = l->texts[l->fix.n],
	};
	for (size_t i = 0; i < a->n_marks; i++)
		if (a->marks[i].at == atom && !a->marks[i].gap)
			s->mark = a->marks[i].text;
	set_kind(a, t, s);
	*at = before;
	l->atom[l->fix.n++] = (uint32_t)atom;
	return e;
}

static struct err *add_steps(struct fixlist *l, size_t codec)
{
	struct atoms *a = &l->atoms;
	struct emitter em;
	size_t *at = calloc(a->n ? a->n : 1, sizeof(*at));
	struct err *e = NULL;

	l->steps = calloc(a->n ? a->n : 1, sizeof(*l->steps));
	l->texts = calloc(a->n ? a->n : 1, sizeof(*l->texts));
	l->atom = calloc(a->n ? a->n : 1, sizeof(*l->atom));
	if (!at || !l->steps || !l->texts || !l->atom) {
		free(at);
		return err_nomem();
	}
	emitter_init(&em, a);
	for (size_t i = 0; !e && i < a->n; i++) {
		if (a->v[i].codec == codec)
			e = add_step(l, i, &em, &at[l->fix.n]);
		else
			l->elsewhere++;
	}
	/* the words do not move any more */
	for (size_t i = 0; i < l->fix.n; i++)
		l->steps[i].words = (const uint32_t *)(const void *)(l->words.data + at[i]);
	l->fix.step = l->steps;
	emitter_deinit(&em);
	free(at);
	return e;
}

/* A copy that can act on no terminal and ends no line; NULL for an empty one. */
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

static bool is_sha256(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

struct err *fixlist_load(const char *path, const char *device, int address, uint32_t vendor_id,
			 uint32_t subsystem_id, struct fixlist *l)
{
	const struct atom_codec *c;
	size_t codec = 0;
	struct err *e;

	*l = (struct fixlist){ .in = { .path = path, .device = device } };
	e = atoms_load(&l->in, &l->atoms);
	if (!e)
		e = choose_codec(path, &l->atoms, address, &codec);
	if (e)
		return e;
	c = l->atoms.codecs[codec];
	e = safe_copy(l->atoms.head.from, &l->from);
	if (!e)
		e = safe_copy(l->atoms.head.made, &l->made);
	if (!e)
		e = safe_copy(c->name, &l->codec_name);
	if (e)
		return e;
	l->fix = (struct fix){
		.vendor_id = c->vendor_id ? c->vendor_id : vendor_id,
		.subsystem_id = c->subsystem_id ? c->subsystem_id : subsystem_id,
		.pci_subsystem = l->atoms.head.codec[c->cad & 0xf].pci_subsystem,
		.cad = c->cad, .codec_name = l->codec_name, .from = l->from, .made = l->made,
		.sha256 = is_sha256(l->atoms.head.sha256) ? l->atoms.head.sha256 : NULL,
	};
	if (vendor_id && vendor_id != l->fix.vendor_id)
		return err_new(ERR_FAIL, "%s is for codec 0x%08x, not for 0x%08x", path,
			       l->fix.vendor_id, vendor_id);
	if (subsystem_id && subsystem_id != l->fix.subsystem_id)
		return err_new(ERR_FAIL, "%s is for subsystem 0x%08x, not for 0x%08x", path,
			       l->fix.subsystem_id, subsystem_id);
	return add_steps(l, codec);
}

struct err *fixlist_words(const struct fixlist *l, const bool *chosen, struct buf *words,
			  struct buf *step_of)
{
	struct emitter em;
	struct err *e = NULL;

	emitter_init(&em, &l->atoms);
	for (size_t i = 0; !e && i < l->fix.n; i++) {
		size_t before = words->len;
		uint32_t step = (uint32_t)i;

		if (chosen && !chosen[i])
			continue;
		e = emitter_put(&em, &l->atoms.v[l->atom[i]], words);
		for (size_t n = before; !e && step_of && n < words->len; n += sizeof(uint32_t))
			buf_add(step_of, &step, sizeof(step));
	}
	emitter_deinit(&em);
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
	bool *atoms = calloc(l->atoms.n ? l->atoms.n : 1, sizeof(*atoms));
	struct err *e;

	if (!atoms)
		return err_nomem();
	for (size_t i = 0; i < l->fix.n; i++)
		atoms[l->atom[i]] = !chosen || chosen[i];
	e = list_write(&l->atoms, atoms, &o);
	free(atoms);
	return e;
}
