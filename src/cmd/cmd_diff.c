// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump diff: the differences between what two captures, or two parts of one, do to the codec. */
#include <stddef.h>
#include <string.h>

#include "analyse/diff.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "print/diff_text.h"
#include "print/state_text.h"

/* The inputs differ: an exit status that no other command has. */
#define EXIT_DIFFER 4

struct diff_args {
	struct load_options both;	/* options that are not for one side only */
	struct load_options side[2];
	struct filter nodes;
	uint64_t context;
	uint16_t addresses;
	enum color_when color;
	enum answer_form form;
	bool quiet;
	struct steps_input in[2];
};

static const struct option_row side_rows[] = {
	{ .name = "a-from", .arg = "END", .take = option_range_end,
	  .at = offsetof(struct diff_args, side[0].range.from), .help = "the beginning of A's part" },
	{ .name = "a-to", .arg = "END", .take = option_range_end,
	  .at = offsetof(struct diff_args, side[0].range.to), .help = "the end of A's part" },
	{ .name = "b-from", .arg = "END", .take = option_range_end,
	  .at = offsetof(struct diff_args, side[1].range.from), .help = "the beginning of B's part" },
	{ .name = "b-to", .arg = "END", .take = option_range_end,
	  .at = offsetof(struct diff_args, side[1].range.to), .help = "the end of B's part" },
	{ .name = "a-controller", .arg = "NAME", .take = option_text,
	  .at = offsetof(struct diff_args, side[0].controller), .help = "only this controller of A" },
	{ .name = "b-controller", .arg = "NAME", .take = option_text,
	  .at = offsetof(struct diff_args, side[1].controller), .help = "only this controller of B" },
	{ 0 }
};

static const struct option_row rows[] = {
	{ .name = "context", .letter = 'U', .arg = "N", .take = option_count, .max = 1000000,
	  .at = offsetof(struct diff_args, context), .help = "lines around a change; default 3" },
	{ 0 }
};

/* Sets the file and the part of each side. */
static struct err *choose_sides(struct diff_args *o, int argc, char **argv)
{
	bool parts = range_is_set(&o->side[0].range) || range_is_set(&o->side[1].range);

	if (argc == 1 && !parts)
		return err_new(ERR_USAGE, "diff needs two files, or one and two parts of it (--a-to, "
			       "--b-from, ...); see 'hdadump help diff'");
	for (int i = 0; i < 2; i++) {
		struct load_options *from = &o->in[i].from;
		const struct load_options *side = &o->side[i];

		*from = o->both;
		from->path = argv[argc == 2 ? i : 0];
		if (side->controller)
			from->controller = side->controller;
		if (side->range.from.kind)
			from->range.from = side->range.from;
		if (side->range.to.kind)
			from->range.to = side->range.to;
	}
	if (strcmp(o->in[0].from.path, "-") == 0 && strcmp(o->in[1].from.path, "-") == 0)
		return err_new(ERR_USAGE, "standard input can be read only once");
	return NULL;
}

/* --- output ----------------------------------------------------------------------------- */

/* Reports a codec that only one side has: it is not compared. */
static void note_alone(const struct diff_args *o, const struct diff *d)
{
	for (unsigned int s = 0; s < 2; s++) {
		for (size_t i = 0; i < d->side[s].a->n_codecs; i++) {
			const struct step_codec *c = d->side[s].a->codecs[i];

			if (d->side[s].codec[i] < 0 && c->steps)
				log_note("%s: codec %u (%08x) is not in %s: not compared",
					 o->in[s].from.path, c->cad, c->vendor_id, o->in[!s].from.path);
		}
	}
}

static struct err *print(struct diff_args *o, const struct diff *d, bool *differ)
{
	struct diff_show show = {
		.path = { o->in[0].from.path, o->in[1].from.path }, .nids = o->nodes.nids,
		.start = { o->in[0].stats.origin, o->in[1].stats.origin },
		.addresses = o->addresses, .context = (size_t)o->context,
		.colour = color_wanted(o->color),
	};
	const size_t only[2] = { diff_count(&show, d, 0), diff_count(&show, d, 1) };
	struct err *e = NULL;

	*differ = only[0] || only[1];
	if (o->form == ANSWER_JSON)
		e = diff_json(&show, d);
	else if (*differ && !o->quiet)
		e = diff_text(&show, d);
	if (e)
		return e;
	log_note("%zu the same, only in %s %zu, only in %s %zu", d->side[0].same,
		 o->in[0].from.path, only[0], o->in[1].from.path, only[1]);
	note_alone(o, d);
	return NULL;
}

/* Inputs that change nothing, as dumps of coefficients: what they know is compared. */
static struct err *compare(const struct diff_args *o, struct steps *a, struct steps *b, bool *differ)
{
	const struct state_show show = { .nids = o->nodes.nids };
	const struct states_diff_side sides[2] = { { a, o->in[0].from.path },
						   { b, o->in[1].from.path } };
	struct buf out = { 0 };
	struct err *e = states_diff(sides, &show, o->form == ANSWER_JSON, &out, differ);

	if (!e && !o->quiet)
		e = out_answer(&out);
	buf_deinit(&out);
	return e;
}

static int run(void *options, int argc, char **argv)
{
	struct diff_args *o = options;
	struct steps a = { 0 }, b = { 0 };
	struct diff d = { 0 };
	struct err *e = choose_sides(o, argc, argv);
	bool differ = false;

	if (!e)
		e = steps_load(&o->in[0], &a);
	if (!e)
		e = steps_load(&o->in[1], &b);
	if (!e)
		e = diff_steps(&a, &b, &d);
	if (!e && !d.codecs && (a.n || b.n))
		e = err_new(ERR_FAIL, "%s and %s are of different codecs", o->in[0].from.path,
			    o->in[1].from.path);
	if (!e && !a.n && !b.n && a.n_codecs && b.n_codecs)
		e = compare(o, &a, &b, &differ);
	else if (!e)
		e = print(o, &d, &differ);
	diff_deinit(&d);
	steps_deinit(&a);
	steps_deinit(&b);
	if (!e && differ)
		return EXIT_DIFFER;
	return exit_status(e, stats_losses(&o->in[0].stats) || stats_losses(&o->in[1].stats));
}

const struct command cmd_diff = {
	.name = "diff", .brief = "show the differences between what two captures do to the codec",
	.usage = (const char *const[]){ "[OPTION...] A B", "[OPTION...] --a-to END --b-from END FILE", NULL },
	.about = "Shows what A and B (captures, logs, scripts, lists) do differently to the codec, by effects: "
		 "- only A does it, + only B. The order counts within each register, and for what acts outside "
		 "the codec; reads, polls and repeated values do not count, nor do the numbers that a "
		 "driver gives to streams and to unsolicited responses.",
	.groups = (const struct option_group[]){
		{ "What of both sides", range_rows, offsetof(struct diff_args, both) },
		{ NULL, input_rows, offsetof(struct diff_args, both) },
		{ NULL, address_rows, offsetof(struct diff_args, addresses) },
		{ NULL, nid_rows, offsetof(struct diff_args, nodes) },
		{ "What of one side", side_rows, 0 },
		{ "How to show it", rows, 0 },
		{ NULL, quiet_rows, offsetof(struct diff_args, quiet) },
		{ NULL, color_rows, offsetof(struct diff_args, color) },
		{ NULL, format_rows, offsetof(struct diff_args, form) },
		{ 0 } },
	.end = "Exit status: 0 the same, 1 error, 2 usage, 3 the same as far as can be seen, but one of them "
	       "has losses, 4 they differ.",
	.operand = "A", .min = 1, .max = 2, .size = sizeof(struct diff_args),
	.defaults = &(const struct diff_args){ .context = 3 }, .run = run,
};
