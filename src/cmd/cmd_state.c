// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hdadump state: the codec's registers after the traffic, and their differences from another
 * source.
 */
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#include "analyse/state.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "flow/codec_input.h"
#include "flow/filter.h"
#include "print/json/state_json.h"
#include "print/state_text.h"

struct state_args {
	struct load_options from;
	struct filter nodes;
	const char *against;
	uint16_t addresses;
	bool written;
	enum answer_form form;
};

/* One input: traffic with its steps, or the models of a dump. */
struct side {
	const char *path;
	struct steps steps;
	bool has_steps;
	struct model_list models;
	bool losses;
	struct state *states;
	size_t n;
};

static const struct option_row rows[] = {
	{ .name = "against", .arg = "OTHER", .take = option_text, .at = offsetof(struct state_args, against),
	  .help = "what differs from OTHER: a /proc/asound/cardX/codec#Y, an alsa-info, an RtHDDump.txt, "
		  "or another capture" },
	{ .name = "written", .take = option_flag, .at = offsetof(struct state_args, written),
	  .help = "only registers that were written" },
	{ 0 }
};

/* --- input ------------------------------------------------------------------------- */

static struct err *add_state(struct side *s, const struct codec_model *m, const struct steps *a,
			     size_t codec)
{
	struct err *e;

	if (!vec_more(s->states, s->n))
		return err_nomem();
	e = state_build(m, a, (uint16_t)codec, &s->states[s->n]);
	if (e || !s->states[s->n].n) {
		state_deinit(&s->states[s->n]);	/* nothing is known about it */
		return e;
	}
	s->n++;
	return NULL;
}

/* A dump is not a capture, so the reader of captures would refuse it. */
static struct err *load(const struct state_args *o, const char *path, bool here, struct side *s)
{
	struct codec_input dump = { .from.path = path };
	struct steps_input in = { .from.path = path, .stop = here };
	bool is_dump;
	struct err *e;

	s->path = path;
	if (here)
		in.from = dump.from = o->from;
	e = codec_input_is_dump(path, &is_dump);
	if (!e && is_dump) {
		e = codec_input_read(&dump, &s->models);
		for (uint32_t i = 0; !e && i < s->models.n; i++)
			e = add_state(s, s->models.v[i], NULL, 0);
		s->losses = s->models.left != 0;
	} else if (!e) {
		s->has_steps = true;
		e = steps_load(&in, &s->steps);
		s->losses = stats_losses(&in.stats);
		for (size_t i = 0; !e && i < s->steps.n_codecs; i++)
			e = add_state(s, s->steps.codecs[i]->model, &s->steps, i);
	}
	if (!e && !s->n)
		e = err_new(ERR_FAIL, "%s: it contains nothing about a codec", path);
	return e;
}

static void side_deinit(struct side *s)
{
	for (size_t i = 0; i < s->n; i++)
		state_deinit(&s->states[i]);
	free(s->states);
	if (s->has_steps)
		steps_deinit(&s->steps);
	model_list_deinit(&s->models);
}

static bool is_shown(const struct state_args *o, const struct state *s)
{
	return filter_has_address(o->addresses, s->model->has_cad ? s->model->cad : UINT_MAX);
}

/* --- output ------------------------------------------------------------------------ */

/* Prints every selected codec of @a, with its partner in @b if there is one. */
static struct err *against(const struct state_args *o, struct side *a, struct side *b,
			   struct state_doc *doc, struct buf *out)
{
	const struct state_show show = { .written = o->written, .nids = o->nodes.nids };
	struct state_differences d;
	struct err *e = NULL;
	bool any = false;

	for (size_t i = 0; !e && i < a->n; i++) {
		struct state *here = &a->states[i], *there = state_partner(here, b->states, b->n);

		if (!is_shown(o, here) || !there)
			continue;
		any = true;
		state_know_each_other(here, there);
		e = state_compare(here, there, &d);
		if (e)
			break;
		if (doc)
			state_doc_against(doc, here, there, &d);
		else
			state_against_text(&show, here, a->path, there, b->path, &d, out);
		state_differences_deinit(&d);
	}
	if (!e && !any)
		e = err_new(ERR_FAIL, "%s and %s are of different codecs", a->path, b->path);
	return e;
}

static struct err *print(const struct state_args *o, struct side *a, struct side *b)
{
	const struct state_show show = { .written = o->written, .nids = o->nodes.nids };
	struct state_doc *doc = o->form == ANSWER_JSON ? state_doc_create() : NULL;
	struct buf out = { 0 };
	struct err *e = NULL;
	unsigned int any = 0;

	if (o->against)
		e = against(o, a, b, doc, &out);
	for (size_t i = 0; !o->against && i < a->n; i++) {
		if (!is_shown(o, &a->states[i]))
			continue;
		if (any++ && !doc)
			buf_addc(&out, '\n');
		if (doc)
			state_doc_rows(doc, &show, &a->states[i]);
		else
			state_rows_text(&show, &a->states[i], &out);
	}
	if (doc) {
		struct err *end = state_doc_answer(doc, &out);

		if (e)
			err_free(end);
		else
			e = end;
	}
	if (!e && !out.len)
		e = err_new(ERR_FAIL, "%s: there is no codec at that address", a->path);
	if (!e)
		e = out_answer(&out);
	buf_deinit(&out);
	return e;
}

static int run(void *options, int argc, char **argv)
{
	struct state_args *o = options;
	struct side a = { 0 }, b = { 0 };
	struct err *e;

	(void)argc;
	o->from.path = argv[0];
	e = load(o, argv[0], true, &a);
	if (!e && o->against)
		e = load(o, o->against, false, &b);
	if (!e)
		e = print(o, &a, &b);
	bool losses = a.losses || b.losses;
	side_deinit(&a);
	side_deinit(&b);
	return exit_status(e, losses);
}

const struct command cmd_state = {
	.name = "state", .brief = "show the codec's registers as the traffic left them",
	.usage = (const char *const[]){ "[OPTION...] FILE", NULL },
	.about = "Shows the codec's registers as the traffic of FILE left them, a line each: w for those that "
		 "were written, r for those that were only read. FILE is a capture, a log, a script, a list "
		 "or a codec's dump; or - for standard input.",
	.groups = (const struct option_group[]){
		{ NULL, rows, 0 },
		{ NULL, nid_rows, offsetof(struct state_args, nodes) },
		{ NULL, address_rows, offsetof(struct state_args, addresses) },
		{ NULL, input_rows, offsetof(struct state_args, from) },
		{ NULL, moment_rows, offsetof(struct state_args, from) },
		{ NULL, range_rows, offsetof(struct state_args, from) },
		{ NULL, format_rows, offsetof(struct state_args, form) },
		{ 0 } },
	.end = "Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.",
	.operand = "FILE", .min = 1, .max = 1, .size = sizeof(struct state_args), .run = run,
};
