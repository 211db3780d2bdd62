// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump reduce: the shortest list that leaves the codec in the same state. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/doubled.h"
#include "analyse/proof.h"
#include "analyse/purpose_filter.h"
#include "analyse/reduce.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "base/output_file.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "flow/codec_input.h"
#include "flow/filter.h"
#include "print/reduce_text.h"

struct reduce_args {
	struct load_options from;
	struct purpose_filter keep;
	struct output_options out;
	const char *like;
	uint16_t addresses;
	enum answer_form form;
	bool explain;
};

OPTION_TAKE(take_keep, purpose_filter_parse)

static const struct option_row rows[] = {
	{ .name = "output", .letter = 'o', .arg = "OUT", .take = option_text,
	  .at = offsetof(struct reduce_args, out.path), .help = "the list; - is standard output" },
	{ .name = "force", .letter = 'f', .take = option_flag, .at = offsetof(struct reduce_args, out.force),
	  .help = "replace OUT if it exists, but never FILE" },
	{ .name = "keep", .arg = "WORD,...", .take = take_keep, .at = offsetof(struct reduce_args, keep),
	  .help = "only what feeds a speaker, headphone, line-out, digital, mic or line-in, or only verbs "
		  "of a sort: coef, amplifier, i2c, chip, gpio, config" },
	{ .name = "like", .arg = "DUMP", .take = option_text, .at = offsetof(struct reduce_args, like),
	  .help = "the codec's graph, where FILE does not tell it: its /proc/asound/cardX/codec#Y, an "
		  "alsa-info, a capture" },
	{ .name = "explain", .take = option_flag, .at = offsetof(struct reduce_args, explain),
	  .help = "what became of every step, on standard output" },
	{ 0 }
};

/* --- lists in which everything stands twice -------------------------------------- */

struct reduce_words {
	struct sink sink;
	struct buf verbs;	/* uint32_t each: those that a filter may have written */
	struct proof_list all;
};

static struct err *words_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct reduce_words *w = (struct reduce_words *)base;
	const struct proof_verb v = {
		.word = x->verb, .resp = x->resp, .ctrl = x->ctrl, .reset = x->kind == XACT_RESET,
		.has_resp = x->has_resp,
	};
	struct err *e;

	(void)d;
	if (!v.reset && (!xact_is_verb(x) || !x->has_verb))
		return NULL;
	/* with answers it is no filter's list */
	if (!v.reset && x->unrecorded)
		buf_add(&w->verbs, &x->verb, sizeof(x->verb));
	e = buf_err(&w->verbs);
	return e ? e : proof_add(&w->all, &v);
}

/* An amplifier that is told everything twice: nothing here can know that it should not be. */
static struct err *note_doubled(const struct reduce_args *o, const struct reduce_words *w)
{
	struct doubled d;
	struct err *e = doubled_find((const uint32_t *)(const void *)w->verbs.data,
				     w->verbs.len / sizeof(uint32_t), &d);

	if (!e && d.is_doubled)
		log_note("%s: everything stands twice in it, each amplifier transaction too: put it "
			 "right first with hdadump repair", o->from.path);
	doubled_deinit(&d);
	return e;
}

/* --- the proof ------------------------------------------------------------------- */

/* The verbs of a choice of steps, as they are sent when nothing else is. */
static struct err *add_steps(const struct steps *a, const bool *chosen, bool wanted,
			     struct proof_list *l)
{
	struct step_verbs em;
	struct buf words = { 0 };
	struct err *e = NULL;

	step_verbs_init(&em, a);
	for (size_t i = 0; !e && i < a->n; i++) {
		if (chosen[i] != wanted)
			continue;
		buf_clear(&words);
		e = step_verbs_put(&em, &a->v[i], &words);
		for (size_t k = 0; !e && k + sizeof(uint32_t) <= words.len; k += sizeof(uint32_t)) {
			struct proof_verb v = { .ctrl = step_codec(a, &a->v[i])->ctrl };

			memcpy(&v.word, words.data + k, sizeof(v.word));
			e = proof_add(l, &v);
		}
	}
	step_verbs_deinit(&em);
	buf_deinit(&words);
	return e;
}

/*
 * What is to be written against the input itself; where only a part of it was asked for,
 * against all verbs of that part.
 */
static struct err *prove(const struct reduce_args *o, const struct steps *a, const bool *unwanted,
			 const struct reduce_words *w, const struct reduction *r, struct proof *p,
			 uint64_t *verbs)
{
	bool part = o->keep.words || range_is_set(&o->from.range) || o->addresses;
	struct proof_list wanted = { 0 }, after = { 0 };
	struct err *e = part ? add_steps(a, unwanted, false, &wanted) : NULL;

	if (!e)
		e = add_steps(a, r->chosen, true, &after);
	if (!e)
		e = proof_check(part ? &wanted : &w->all, &after, a->codecs, a->n_codecs, p);
	if (!e && !p->same)
		e = err_new(ERR_FAIL, "%s: what is left would not do the same: %s. Nothing is written. "
			    "This is a fault of hdadump: please report it with the input; the list as "
			    "it is can be used all the same", o->from.path, p->difference);
	*verbs = after.verbs.len / sizeof(struct proof_verb);
	buf_deinit(&wanted.verbs);
	buf_deinit(&after.verbs);
	return e;
}

/* --- what is asked for ---------------------------------------------------------- */

/* The dump's codec that the list is for: the one of that id, or the only one. */
static struct err *choose_model(const struct reduce_args *o, const struct steps *a,
				const struct model_list *l, const struct codec_model **m)
{
	uint32_t id = 0;

	for (size_t i = 0; i < a->n_codecs; i++)
		if (a->codecs[i]->steps && filter_has_address(o->addresses, a->codecs[i]->cad))
			id = id ? id : a->codecs[i]->vendor_id;
	*m = l->n == 1 && (!id || model_vendor_id(l->v[0]) == id) ? l->v[0] : NULL;
	for (uint32_t i = 0; !*m && id && i < l->n; i++)
		if (model_vendor_id(l->v[i]) == id)
			*m = l->v[i];
	if (*m)
		return NULL;
	if (l->n == 1)
		return err_new(ERR_FAIL, "%s: it is of codec %08x, and the verbs are for %08x", o->like,
			       model_vendor_id(l->v[0]), id);
	return err_new(ERR_FAIL, "%s: none of its %u codecs is the one that the verbs are for",
		       o->like, l->n);
}

static struct err *find_unwanted(const struct reduce_args *o, const struct steps *a, bool *unwanted)
{
	struct codec_input in = { .from.path = o->like };
	const struct codec_model *m = NULL;
	struct model_list l = { 0 };
	struct err *e = NULL;

	if (o->like) {
		e = codec_input_read(&in, &l);
		if (!e)
			e = choose_model(o, a, &l, &m);
	}
	if (!e)
		e = purpose_filter_apply(&o->keep, a, m, unwanted);
	for (size_t i = 0; !e && i < a->n; i++)
		unwanted[i] |= !filter_has_address(o->addresses, step_codec(a, &a->v[i])->cad);
	model_list_deinit(&l);
	return e;
}

/* --- output ---------------------------------------------------------------------- */

struct why {
	const struct reduction *r;
	char text[96];
};

static const char *why_of(void *arg, size_t step)
{
	struct why *w = arg;

	return reduction_why(w->r, step, w->text);
}

static struct err *write_list(const struct reduce_args *o, const struct steps *a,
			      const struct reduction *r)
{
	struct why why = { .r = r };
	struct list_options list = { .why = why_of, .why_arg = &why };
	char *const inputs[] = { (char *)(uintptr_t)o->from.path };
	char words[160], made[200];
	struct output out;
	struct err *e = output_create(o->out.path, o->out.force, inputs, 1, 0666, &out);

	snprintf(made, sizeof(made), "reduce%s%s", o->keep.words ? " --keep " : "",
		 keep_text(&o->keep, words));
	list.fd = out.fd;
	list.made = made;
	list.masks = r->masks;
	if (!e)
		e = list_write(a, r->chosen, &list);
	if (!e)
		e = output_finish(&out);
	output_deinit(&out);
	return e;
}

static struct err *print(const struct reduce_args *o, const struct steps *a, const struct reduction *r,
			 const struct proof *p, uint64_t verbs)
{
	struct buf b = { 0 };
	struct err *e = NULL;

	if (o->form == ANSWER_JSON)
		e = reduction_json(a, r, p, verbs, &b);
	else if (o->explain)
		reduction_text(a, r, &b);
	if (!e && b.len)
		e = out_answer(&b);
	buf_deinit(&b);
	return e;
}

static struct err *check(const struct reduce_args *o)
{
	bool told = o->explain || o->form == ANSWER_JSON;

	if (!o->out.path && !told)
		return err_new(ERR_USAGE, "where to? say -o OUT, or --explain");
	if (o->out.path && strcmp(o->out.path, "-") == 0 && told)
		return err_new(ERR_USAGE, "standard output cannot hold the list and what became of it");
	return NULL;
}

static int run(void *options, int argc, char **argv)
{
	static const struct sink_ops words_ops = { .put = words_put };
	struct reduce_words words = { .sink = { .ops = &words_ops } };
	struct reduce_args *o = options;
	struct steps_input in = { .watch = &words.sink };
	struct steps a = { 0 };
	struct reduction r = { 0 };
	struct proof proof = { 0 };
	bool *unwanted = NULL;
	uint64_t verbs = 0;
	struct err *e = check(o);

	(void)argc;
	o->from.path = argv[0];
	in.from = o->from;
	if (!e)
		e = steps_load(&in, &a);
	if (e)
		goto out;
	if (!a.n) {
		e = err_new(ERR_FAIL, "%s: nothing in it changes a codec", load_name(argv[0]));
		goto out;
	}
	unwanted = calloc(a.n, sizeof(*unwanted));
	e = unwanted ? find_unwanted(o, &a, unwanted) : err_nomem();
	if (!e)
		e = reduce_steps(&a, unwanted, &r);
	if (!e)
		e = prove(o, &a, unwanted, &words, &r, &proof, &verbs);
	if (!e && o->out.path)
		e = write_list(o, &a, &r);
	if (!e)
		e = print(o, &a, &r, &proof, verbs);
	if (!e)
		reduction_summary(&a, &r, &proof, verbs);
	if (!e)
		e = note_doubled(o, &words);
out:
	buf_deinit(&words.verbs);
	buf_deinit(&words.all.verbs);
	free(unwanted);
	reduction_deinit(&r);
	steps_deinit(&a);
	return exit_status(e, stats_losses(&in.stats));
}

const struct command cmd_reduce = {
	.name = "reduce", .brief = "make the shortest verb list that leaves the codec in the same state",
	.usage = (const char *const[]){ "[OPTION...] FILE -o OUT", NULL },
	.about = "Makes the shortest verb list that leaves the codec as FILE does: of each register the last "
		 "value, of amplifiers, GPIOs and commands everything, in its order. FILE is a capture, a "
		 "log, a script or a list; or - for standard input.",
	.groups = (const struct option_group[]){
		{ NULL, rows, 0 },
		{ NULL, format_rows, offsetof(struct reduce_args, form) },
		{ NULL, address_rows, offsetof(struct reduce_args, addresses) },
		{ NULL, input_rows, offsetof(struct reduce_args, from) },
		{ NULL, range_rows, offsetof(struct reduce_args, from) },
		{ 0 } },
	.end = "Exit status: 0 everything exact, 1 error, 2 usage, 3 the input has losses.",
	.operand = "FILE", .min = 1, .max = 1, .size = sizeof(struct reduce_args), .run = run,
};
