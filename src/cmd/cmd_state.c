// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump state: the codec's registers as the traffic left them, and what another source has there. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/state.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "flow/codec_input.h"
#include "print/state_json.h"
#include "print/state_text.h"

static const char usage[] =
	"usage: hdadump state [OPTION...] FILE\n"
	"\n"
	"Shows the codec's registers as the traffic of FILE left them, a line each: w for\n"
	"those that were written, r for those that were only read. FILE is a capture, a\n"
	"log, a script, a list or a codec's dump; - is standard input.\n"
	"\n"
	"      --at END         as it was then: seconds (1.5, 2:30), or at a mark's text\n"
	"      --against OTHER  what differs from OTHER: a /proc/asound/cardX/codec#Y, an\n"
	"                       alsa-info, an RtHDDump.txt, or another capture\n"
	"      --written        only registers that were written\n"
	"      --nid NID,...    only these nodes, hexadecimal; a range is 10-1f\n"
	"      --address N      only the codec at this address\n"
	"      --device NAME    only this controller\n"
	"      --bar ADDRESS    kvm_mmio text: where its registers lie in the guest\n"
	"      --format FORM    text or json (docs/json-analyse.md)\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.\n";

enum {
	OPT_AT = 256, OPT_AGAINST, OPT_WRITTEN, OPT_NID, OPT_ADDRESS, OPT_DEVICE, OPT_BAR, OPT_FORMAT,
};

struct options {
	struct steps_input in;
	struct filter nodes;
	const char *against;
	int address;		/* -1: all */
	bool written, json, help;
};

/* One input: traffic with its steps, or the models of a dump. */
struct side {
	const char *path;
	struct steps steps;
	bool has_steps;
	struct model_list models;
	bool losses;
	struct state *states;
	const struct codec_model **of;	/* by state */
	size_t n;
};

static struct err *take(int c, struct options *o)
{
	char *end;
	long v;

	switch (c) {
	case 'h':
		o->help = true;
		return NULL;
	case OPT_AT:
		return range_end_parse(&o->in.from.range.to, optarg);
	case OPT_AGAINST:
		o->against = optarg;
		return NULL;
	case OPT_WRITTEN:
		o->written = true;
		return NULL;
	case OPT_NID:
		return filter_nids(&o->nodes, optarg);
	case OPT_ADDRESS:
		v = strtol(optarg, &end, 0);
		if (*end || end == optarg || v < 0 || v > 15)
			return err_new(ERR_USAGE, "--address %s: 0 to 15", optarg);
		o->address = (int)v;
		return NULL;
	case OPT_DEVICE:
		o->in.from.controller = optarg;
		return NULL;
	case OPT_BAR:
		return parse_address(optarg, &o->in.from.bar);
	case OPT_FORMAT:
		return parse_json(optarg, &o->json);
	default:
		return err_new(ERR_USAGE, "see 'hdadump state --help'");
	}
}

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "at", required_argument, NULL, OPT_AT },
		{ "against", required_argument, NULL, OPT_AGAINST },
		{ "written", no_argument, NULL, OPT_WRITTEN },
		{ "nid", required_argument, NULL, OPT_NID },
		{ "address", required_argument, NULL, OPT_ADDRESS },
		{ "device", required_argument, NULL, OPT_DEVICE },
		{ "bar", required_argument, NULL, OPT_BAR },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && !o->help && (c = getopt_long(argc, argv, "h", longs, NULL)) != -1)
		e = take(c, o);
	if (!e && !o->help && argc - optind != 1)
		e = err_new(ERR_USAGE, "state takes one file; see 'hdadump state --help'");
	o->in.from.path = argv[optind];
	return e;
}

/* --- input ------------------------------------------------------------------------- */

static struct err *add_state(struct side *s, const struct codec_model *m, const struct steps *a,
			     size_t codec)
{
	struct state *v = reallocarray(s->states, s->n + 1, sizeof(*v));
	struct err *e;

	if (!v)
		return err_nomem();
	s->states = v;
	e = state_build(m, a, (uint16_t)codec, &v[s->n]);
	if (e || !v[s->n].n) {
		state_deinit(&v[s->n]);	/* nothing is known of it */
		return e;
	}
	s->n++;
	return NULL;
}

/* A dump is no capture, and the reader of captures says so. */
static struct err *load(const struct options *o, const char *path, bool here, struct side *s)
{
	struct codec_input dump = { .from.path = path };
	struct steps_input in = { .from.path = path };
	bool is_dump;
	struct err *e;

	s->path = path;
	if (here) {
		in = o->in;
		in.stop = true;
		dump.from = o->in.from;
	}
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
		e = err_new(ERR_FAIL, "%s: it tells nothing of a codec", path);
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

static bool is_shown(const struct options *o, const struct state *s)
{
	return o->address < 0 || (s->model->has_cad && s->model->cad == o->address);
}

/* --- output ------------------------------------------------------------------------ */

/* Every codec of @a that is shown, beside its partner in @b where there is one to compare with. */
static struct err *against(const struct options *o, struct side *a, struct side *b,
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

static struct err *print(const struct options *o, struct side *a, struct side *b)
{
	const struct state_show show = { .written = o->written, .nids = o->nodes.nids };
	struct state_doc *doc = o->json ? state_doc_create() : NULL;
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
		e = err_new(ERR_FAIL, "%s: no codec stands at that address", a->path);
	if (!e)
		e = out_answer(&out);
	buf_deinit(&out);
	return e;
}

int cmd_state(int argc, char **argv)
{
	struct options o = { .address = -1 };
	struct side a = { 0 }, b = { 0 };
	struct err *e = parse(argc, argv, &o);
	bool losses;

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e)
		e = load(&o, o.in.from.path, true, &a);
	if (!e && o.against)
		e = load(&o, o.against, false, &b);
	if (!e)
		e = print(&o, &a, &b);
	losses = a.losses || b.losses;
	side_deinit(&a);
	side_deinit(&b);
	if (e)
		return exit_status(e, NULL);
	return losses ? 3 : 0;
}
