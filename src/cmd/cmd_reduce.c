// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump reduce: the shortest list that leaves the codec in the same state. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/purpose_filter.h"
#include "analyse/reduce.h"
#include "analyse/reduce_watch.h"
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
	  .help = "only what is for a speaker, headphone, line-out, digital, mic or line-in, or only verbs "
		  "of a sort: coef, amplifier, i2c, chip, gpio, config" },
	{ .name = "like", .arg = "DUMP", .take = option_text, .at = offsetof(struct reduce_args, like),
	  .help = "the codec's graph, if FILE does not have it: its /proc/asound/cardX/codec#Y, an "
		  "alsa-info, a capture" },
	{ .name = "explain", .take = option_flag, .at = offsetof(struct reduce_args, explain),
	  .help = "the decision about every step, on standard output" },
	{ 0 }
};

/* --- options -------------------------------------------------------------------- */

/* Finds the codec of the dump that the list is for. */
static struct err *choose_model(const struct reduce_args *o, const struct steps *a,
				const struct model_list *l, const struct codec_model **m)
{
	uint32_t id = 0;

	for (size_t i = 0; i < a->n_codecs && !id; i++)
		if (a->codecs[i]->steps && filter_has_address(o->addresses, a->codecs[i]->cad))
			id = a->codecs[i]->vendor_id;
	*m = model_list_of(l, id);
	return *m ? NULL : err_new(ERR_FAIL, "%s: none of its codecs (%08x%s) is %08x, which the verbs are for",
				   o->like, l->n ? model_vendor_id(l->v[0]) : 0, l->n > 1 ? ", ..." : "", id);
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
		return err_new(ERR_USAGE, "use -o OUT to write the list, or --explain");
	if (o->out.path && strcmp(o->out.path, "-") == 0 && told)
		return err_new(ERR_USAGE, "standard output cannot have both the list and the decisions");
	return NULL;
}

static int run(void *options, int argc, char **argv)
{
	struct reduce_watch watch;
	struct reduce_args *o = options;
	struct steps_input in = { .from = o->from, .watch = &watch.sink };
	struct steps a = { 0 };
	struct reduction r = { 0 };
	struct proof proof = { 0 };
	bool *unwanted = NULL, doubled = false;
	/* if only a part was selected, the proof is about that part */
	bool part = o->keep.words || range_is_set(&o->from.range) || o->addresses;
	uint64_t verbs = 0;
	struct err *e = check(o);

	(void)argc;
	in.from.path = o->from.path = argv[0];
	reduce_watch_init(&watch);
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
		e = reduce_watch_prove(&watch, &a, part ? unwanted : NULL, &r, &proof, &verbs);
	if (!e && !proof.same)
		e = err_new(ERR_FAIL, "%s: the result would not do the same: %s. Nothing is written. "
			    "This is a fault of hdadump: please report it with the input; the list as "
			    "it is can still be used", argv[0], proof.difference);
	if (!e && o->out.path)
		e = write_list(o, &a, &r);
	if (!e)
		e = print(o, &a, &r, &proof, verbs);
	if (!e)
		reduction_summary(&a, &r, &proof, verbs);
	if (!e)
		e = reduce_watch_is_doubled(&watch, &doubled);
	if (doubled)
		log_note("%s: every verb is there twice, each amplifier transaction too: repair it "
			 "first with hdadump repair", argv[0]);
out:
	reduce_watch_deinit(&watch);
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
