// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump diff: what two captures, or two parts of one, do differently to the codec. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/diff.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "print/diff_text.h"

/* They differ: none of the exit statuses that all commands have. */
#define EXIT_DIFFER 4

static const char usage[] =
	"usage: hdadump diff [OPTION...] A B\n"
	"       hdadump diff [OPTION...] --a-from END ... --b-to END FILE\n"
	"\n"
	"Shows what A and B (captures, logs, scripts, lists) do differently to the codec, by\n"
	"effects: - only A does it, + only B. The order counts within each register, and\n"
	"for what leads out of the codec; reads, polls and repeated values do not count, nor\n"
	"do the numbers that a driver gives to streams and to unsolicited responses.\n"
	"\n"
	"      --a-from END, --a-to END, --b-from END, --b-to END\n"
	"                         a range of that side: seconds (1.5, 2:30) or a mark's text\n"
	"      --from END, --to END   the same for both sides\n"
	"  -U, --context N        lines around a change (3)\n"
	"      --device NAME      only this controller; --a-device, --b-device for one side\n"
	"      --address N        only the codec at this address\n"
	"      --nid NID,...      only these nodes, hexadecimal; a range is 10-1f\n"
	"  -q, --quiet            only the summary\n"
	"      --color WHEN       auto (default), always or never\n"
	"      --format FORM      text or json (docs/json-analyse.md)\n"
	"\n"
	"Exit status: 0 the same, 1 error, 2 usage, 3 the same as far as can be seen, but one\n"
	"of them has losses, 4 they differ.\n";

enum {
	OPT_A_FROM = 256, OPT_A_TO, OPT_B_FROM, OPT_B_TO, OPT_FROM, OPT_TO, OPT_DEVICE, OPT_A_DEVICE,
	OPT_B_DEVICE, OPT_ADDRESS, OPT_NID, OPT_COLOR, OPT_FORMAT,
};

struct options {
	struct steps_input in[2];
	struct filter nodes;
	struct show_options show;	/* only its colour */
	long context;
	int address;			/* -1: all */
	bool quiet, json, help;
};

static struct err *take_end(const char *text, struct range_end *a, struct range_end *b)
{
	struct err *e = range_end_parse(a, text);

	if (!e && b)
		*b = *a;
	return e;
}

static struct err *take_number(const char *text, const char *option, long max, long *v)
{
	char *end;

	*v = strtol(text, &end, 0);
	if (*end || end == text || *v < 0 || *v > max)
		return err_new(ERR_USAGE, "%s %s: 0 to %ld", option, text, max);
	return NULL;
}

static struct err *take(int c, struct options *o)
{
	struct range *a = &o->in[0].from.range, *b = &o->in[1].from.range;
	struct err *e;
	long v = -1;

	switch (c) {
	case OPT_A_FROM:
		return take_end(optarg, &a->from, NULL);
	case OPT_A_TO:
		return take_end(optarg, &a->to, NULL);
	case OPT_B_FROM:
		return take_end(optarg, &b->from, NULL);
	case OPT_B_TO:
		return take_end(optarg, &b->to, NULL);
	case OPT_FROM:
		return take_end(optarg, &a->from, &b->from);
	case OPT_TO:
		return take_end(optarg, &a->to, &b->to);
	case OPT_DEVICE:
		o->in[0].from.controller = o->in[1].from.controller = optarg;
		return NULL;
	case OPT_A_DEVICE:
		o->in[0].from.controller = optarg;
		return NULL;
	case OPT_B_DEVICE:
		o->in[1].from.controller = optarg;
		return NULL;
	case OPT_ADDRESS:
		e = take_number(optarg, "--address", 15, &v);
		o->address = (int)v;
		return e;
	case OPT_NID:
		return filter_nids(&o->nodes, optarg);
	case OPT_COLOR:
		return show_parse_color(optarg, &o->show);
	case OPT_FORMAT:
		e = show_parse_format(optarg, &o->show);
		o->json = o->show.format == FORMAT_JSON;
		return e;
	case 'U':
		return take_number(optarg, "--context", 1000000, &o->context);
	case 'q':
		o->quiet = true;
		return NULL;
	case 'h':
		o->help = true;
		return NULL;
	default:
		return err_new(ERR_USAGE, "see 'hdadump diff --help'");
	}
}

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "a-from", required_argument, NULL, OPT_A_FROM },
		{ "a-to", required_argument, NULL, OPT_A_TO },
		{ "b-from", required_argument, NULL, OPT_B_FROM },
		{ "b-to", required_argument, NULL, OPT_B_TO },
		{ "from", required_argument, NULL, OPT_FROM },
		{ "to", required_argument, NULL, OPT_TO },
		{ "device", required_argument, NULL, OPT_DEVICE },
		{ "a-device", required_argument, NULL, OPT_A_DEVICE },
		{ "b-device", required_argument, NULL, OPT_B_DEVICE },
		{ "address", required_argument, NULL, OPT_ADDRESS },
		{ "nid", required_argument, NULL, OPT_NID },
		{ "context", required_argument, NULL, 'U' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "color", required_argument, NULL, OPT_COLOR },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	bool ranges;
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && !o->help && (c = getopt_long(argc, argv, "U:qh", longs, NULL)) != -1)
		e = take(c, o);
	if (e || o->help)
		return e;
	ranges = range_is_set(&o->in[0].from.range) || range_is_set(&o->in[1].from.range);
	if (argc - optind != 2 && !(argc - optind == 1 && ranges))
		return err_new(ERR_USAGE, "diff takes two files, or one and its ranges; see 'hdadump diff "
			       "--help'");
	for (int i = 0; i < 2; i++) {
		o->in[i].from.path = argv[argc - optind == 2 ? optind + i : optind];
	}
	if (strcmp(o->in[0].from.path, "-") == 0 && strcmp(o->in[1].from.path, "-") == 0)
		return err_new(ERR_USAGE, "standard input can be read only once");
	return NULL;
}

/* --- all ---------------------------------------------------------------------------------- */

/* A codec that only one of them has: said, because nothing of it is compared. */
static void note_alone(const struct options *o, const struct diff *d)
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

static struct err *run(struct options *o, const struct diff *d, bool *differ)
{
	struct diff_show show = {
		.path = { o->in[0].from.path, o->in[1].from.path }, .nids = o->nodes.nids,
		.start = { o->in[0].stats.origin, o->in[1].stats.origin },
		.address = o->address, .context = (size_t)o->context,
		.colour = o->show.color == COLOR_ALWAYS || (o->show.color == COLOR_AUTO &&
			  isatty(STDOUT_FILENO) && !getenv("NO_COLOR")),
	};
	const size_t only[2] = { diff_count(&show, d, 0), diff_count(&show, d, 1) };
	struct err *e = NULL;

	*differ = only[0] || only[1];
	if (o->json)
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

int cmd_diff(int argc, char **argv)
{
	struct options o = { .context = 3, .address = -1 };
	struct steps a = { 0 }, b = { 0 };
	struct diff d = { 0 };
	struct err *e = parse(argc, argv, &o);
	bool differ = false, losses;

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e)
		e = steps_load(&o.in[0], &a);
	if (!e)
		e = steps_load(&o.in[1], &b);
	if (!e)
		e = diff_steps(&a, &b, &d);
	if (!e && !d.codecs && (a.n || b.n))
		e = err_new(ERR_FAIL, "%s and %s are of different codecs", o.in[0].from.path, o.in[1].from.path);
	if (!e)
		e = run(&o, &d, &differ);
	losses = stats_losses(&o.in[0].stats) || stats_losses(&o.in[1].stats);
	diff_deinit(&d);
	steps_deinit(&a);
	steps_deinit(&b);
	if (e)
		return exit_status(e, NULL);
	if (differ)
		return EXIT_DIFFER;
	return losses ? 3 : 0;
}
