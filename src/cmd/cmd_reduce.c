// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump reduce: the shortest list that leaves the codec in the same state. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/doubled.h"
#include "analyse/purpose_filter.h"
#include "analyse/reduce.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "base/output_file.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "flow/codec_input.h"
#include "print/reduce_text.h"

static const char usage[] =
	"usage: hdadump reduce [OPTION...] FILE -o OUT\n"
	"\n"
	"Makes the shortest verb list that leaves the codec as FILE does: of each register\n"
	"the last value, of amplifiers, GPIOs and commands everything, in its order. FILE\n"
	"is a capture, a log, a script or a list; - is standard input, or output.\n"
	"\n"
	"  -o, --output OUT     the list (docs/verb-list.md)\n"
	"  -f, --force          replace OUT if it exists\n"
	"      --keep WORD,...  only what feeds a speaker, headphone, line-out, digital, mic\n"
	"                       or line-in, or only verbs of a sort: coef, amplifier, i2c,\n"
	"                       chip, gpio, config\n"
	"      --codec DUMP     the codec's graph, where FILE does not tell it: its\n"
	"                       /proc/asound/cardX/codec#Y, an alsa-info, a capture\n"
	"      --address N      only the codec at this address\n"
	"      --device NAME    only this controller\n"
	"      --bar ADDRESS    kvm_mmio text: where its registers lie in the guest\n"
	"      --from END, --to END  a range: seconds (1.5, 2:30) or a mark's text\n"
	"      --explain        what became of every step, on standard output\n"
	"      --format json    the same as JSON (docs/json-analyse.md)\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the input has losses.\n";

enum {
	OPT_KEEP = 256, OPT_CODEC, OPT_ADDRESS, OPT_DEVICE, OPT_BAR, OPT_FROM, OPT_TO, OPT_EXPLAIN,
	OPT_FORMAT,
};

struct options {
	struct steps_input in;
	struct purpose_filter keep;
	const char *out, *codec;
	int address;		/* -1: all */
	bool force, explain, json, help;
};

static struct err *take(int c, struct options *o)
{
	char *end;
	long v;

	switch (c) {
	case 'o':
		o->out = optarg;
		return NULL;
	case 'f':
		o->force = true;
		return NULL;
	case 'h':
		o->help = true;
		return NULL;
	case OPT_KEEP:
		return purpose_filter_parse(&o->keep, optarg);
	case OPT_CODEC:
		o->codec = optarg;
		return NULL;
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
	case OPT_FROM:
		return range_end_parse(&o->in.from.range.from, optarg);
	case OPT_TO:
		return range_end_parse(&o->in.from.range.to, optarg);
	case OPT_EXPLAIN:
		o->explain = true;
		return NULL;
	case OPT_FORMAT:
		return parse_json(optarg, &o->json);
	default:
		return err_new(ERR_USAGE, "see 'hdadump reduce --help'");
	}
}

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "force", no_argument, NULL, 'f' },
		{ "keep", required_argument, NULL, OPT_KEEP },
		{ "codec", required_argument, NULL, OPT_CODEC },
		{ "address", required_argument, NULL, OPT_ADDRESS },
		{ "device", required_argument, NULL, OPT_DEVICE },
		{ "bar", required_argument, NULL, OPT_BAR },
		{ "from", required_argument, NULL, OPT_FROM },
		{ "to", required_argument, NULL, OPT_TO },
		{ "explain", no_argument, NULL, OPT_EXPLAIN },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && !o->help && (c = getopt_long(argc, argv, "o:fh", longs, NULL)) != -1)
		e = take(c, o);
	if (e || o->help)
		return e;
	if (argc - optind != 1)
		return err_new(ERR_USAGE, "reduce takes one file; see 'hdadump reduce --help'");
	if (!o->out && !o->explain && !o->json)
		return err_new(ERR_USAGE, "where to? say -o OUT, or --explain");
	if (o->out && strcmp(o->out, "-") == 0 && (o->explain || o->json))
		return err_new(ERR_USAGE, "standard output cannot hold the list and what became of it");
	o->in.from.path = argv[optind];
	return NULL;
}

/* --- lists in which everything stands twice -------------------------------------- */

struct reduce_words {
	struct sink sink;
	struct buf verbs;	/* uint32_t each */
};

static struct err *words_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct reduce_words *w = (struct reduce_words *)base;

	(void)d;
	/* with answers it is no filter's list */
	if (xact_is_verb(x) && x->has_verb && x->unrecorded)
		buf_add(&w->verbs, &x->verb, sizeof(x->verb));
	return buf_err(&w->verbs);
}

/* An amplifier that is told everything twice: nothing here can know that it should not be. */
static struct err *note_doubled(const struct options *o, const struct reduce_words *w)
{
	struct doubled d;
	struct err *e = doubled_find((const uint32_t *)(const void *)w->verbs.data,
				     w->verbs.len / sizeof(uint32_t), &d);

	if (!e && d.is_doubled)
		log_note("%s: everything stands twice in it, each amplifier transaction too: put it "
			 "right first with hdadump repair", o->in.from.path);
	doubled_deinit(&d);
	return e;
}

/* --- what is asked for ---------------------------------------------------------- */

/* The dump's codec that the list is for: the one of that id, or the only one. */
static struct err *choose_model(const struct options *o, const struct steps *a,
				const struct model_list *l, const struct codec_model **m)
{
	uint32_t id = 0;

	for (size_t i = 0; i < a->n_codecs; i++)
		if (a->codecs[i]->steps && (o->address < 0 || a->codecs[i]->cad == o->address))
			id = id ? id : a->codecs[i]->vendor_id;
	*m = l->n == 1 && (!id || model_vendor_id(l->v[0]) == id) ? l->v[0] : NULL;
	for (uint32_t i = 0; !*m && id && i < l->n; i++)
		if (model_vendor_id(l->v[i]) == id)
			*m = l->v[i];
	if (*m)
		return NULL;
	if (l->n == 1)
		return err_new(ERR_FAIL, "%s: it is of codec %08x, and the verbs are for %08x", o->codec,
			       model_vendor_id(l->v[0]), id);
	return err_new(ERR_FAIL, "%s: none of its %u codecs is the one that the verbs are for",
		       o->codec, l->n);
}

static struct err *find_unwanted(const struct options *o, const struct steps *a, bool *unwanted)
{
	struct codec_input in = { .from.path = o->codec };
	const struct codec_model *m = NULL;
	struct model_list l = { 0 };
	struct err *e = NULL;

	if (o->codec) {
		e = codec_input_read(&in, &l);
		if (!e)
			e = choose_model(o, a, &l, &m);
	}
	if (!e)
		e = purpose_filter_apply(&o->keep, a, m, unwanted);
	for (size_t i = 0; !e && i < a->n; i++)
		unwanted[i] |= o->address >= 0 && step_codec(a, &a->v[i])->cad != o->address;
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

static struct err *write_list(const struct options *o, const struct steps *a,
			      const struct reduction *r)
{
	struct why why = { .r = r };
	struct list_options list = { .why = why_of, .why_arg = &why };
	char *const inputs[] = { (char *)(uintptr_t)o->in.from.path };
	char words[160], made[200];
	struct output out;
	struct err *e = output_create(o->out, o->force, inputs, 1, 0666, &out);

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

static struct err *count_verbs(const struct steps *a, const struct reduction *r, uint64_t *n)
{
	struct buf words = { 0 };
	struct step_verbs em;
	struct err *e = NULL;

	*n = 0;
	step_verbs_init(&em, a);
	for (size_t i = 0; !e && i < a->n; i++) {
		if (!r->chosen[i])
			continue;
		buf_clear(&words);
		e = step_verbs_put(&em, &a->v[i], &words);
		*n += words.len / sizeof(uint32_t);
	}
	step_verbs_deinit(&em);
	buf_deinit(&words);
	return e;
}

static struct err *print(const struct options *o, const struct steps *a, const struct reduction *r,
			 uint64_t verbs)
{
	struct buf b = { 0 };
	struct err *e = NULL;

	if (o->json)
		e = reduction_json(a, r, verbs, &b);
	else if (o->explain)
		reduction_text(a, r, &b);
	if (!e && b.len)
		e = out_answer(&b);
	buf_deinit(&b);
	return e;
}

int cmd_reduce(int argc, char **argv)
{
	static const struct sink_ops words_ops = { .put = words_put };
	struct reduce_words words = { .sink = { &words_ops } };
	struct options o = { .address = -1, .in = { .watch = &words.sink } };
	struct pipeline p = { 0 };
	struct steps a = { 0 };
	struct reduction r = { 0 };
	bool *unwanted = NULL;
	uint64_t verbs = 0;
	struct err *e = parse(argc, argv, &o);

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e)
		e = steps_load(&o.in, &a);
	if (e)
		goto out;
	if (!a.n) {
		e = err_new(ERR_FAIL, "%s: nothing in it changes a codec", o.in.from.path);
		goto out;
	}
	unwanted = calloc(a.n, sizeof(*unwanted));
	e = unwanted ? find_unwanted(&o, &a, unwanted) : err_nomem();
	if (!e)
		e = reduce_steps(&a, unwanted, &r);
	if (!e)
		e = count_verbs(&a, &r, &verbs);
	if (!e && o.out)
		e = write_list(&o, &a, &r);
	if (!e)
		e = print(&o, &a, &r, verbs);
	if (!e)
		reduction_summary(&a, &r, verbs);
	if (!e)
		e = note_doubled(&o, &words);
out:
	p.stats = o.in.stats;
	buf_deinit(&words.verbs);
	free(unwanted);
	reduction_deinit(&r);
	steps_deinit(&a);
	return exit_status(e, &p);
}
