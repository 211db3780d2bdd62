// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump show: what a capture holds, verb by verb. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "event/source.h"
#include "flow/load.h"
#include "flow/pipeline.h"
#include "flow/sink.h"

static const char usage[] =
	"usage: hdadump show [OPTION...] FILE\n"
	"\n"
	"Shows a capture verb by verb; FILE may be - for standard input.\n"
	"\n"
	"What to show:\n"
	"      --device NAME      only this controller\n"
	"      --bar ADDRESS      kvm_mmio text: where its registers lie in the guest\n"
	"      --codec N,...      only codecs at these addresses\n"
	"      --nid NID,...      only these nodes, hexadecimal; a range is 10-1f\n"
	"      --class WORD,...   only verbs of this class: get, set, amp, pin, coef, power,\n"
	"                         stream, route, jack, gpio, digital, hdmi, caps, config, ...\n"
	"      --verb NAME,...    only these verbs, by name or id\n"
	"      --coef INDEX,...   only accesses of these coefs, hexadecimal\n"
	"      --certainty WORD,...  only exact, suspect, unanswered, conflicting or lost ones\n"
	"      --from END, --to END  a range: seconds (1.5, 2:30) or a mark's text\n"
	"      --mark TEXT        from this mark on\n"
	"  -n, --noise            fold nothing (capability walks, repeated reads)\n"
	"\n"
	"How to show it:\n"
	"  -e, --effects          what runs of verbs achieve, a line each\n"
	"      --registers        accesses to the controller's registers as well\n"
	"  -r, --raw              each verb's word before its name\n"
	"      --time FORM        start (default), delta, absolute, index or none\n"
	"      --color WHEN       auto (default), always or never\n"
	"      --format FORM      text, or json: one object a verb or effect\n"
	"  -s, --summary          only the summary, on standard error\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.\n";

enum {
	OPT_DEVICE = 256, OPT_BAR, OPT_CODEC, OPT_NID, OPT_CLASS, OPT_VERB, OPT_COEF, OPT_CERTAINTY,
	OPT_FROM, OPT_TO, OPT_TIME, OPT_COLOR, OPT_FORMAT, OPT_REGISTERS,
};

static const struct option longs[] = {
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "bar", required_argument, NULL, OPT_BAR },
	{ "codec", required_argument, NULL, OPT_CODEC },
	{ "nid", required_argument, NULL, OPT_NID },
	{ "class", required_argument, NULL, OPT_CLASS },
	{ "verb", required_argument, NULL, OPT_VERB },
	{ "coef", required_argument, NULL, OPT_COEF },
	{ "certainty", required_argument, NULL, OPT_CERTAINTY },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "mark", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "noise", no_argument, NULL, 'n' },
	{ "effects", no_argument, NULL, 'e' },
	{ "registers", no_argument, NULL, OPT_REGISTERS },
	{ "raw", no_argument, NULL, 'r' },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "summary", no_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct show_args {
	struct show_options show;
	struct fold_options fold;
	struct load_options from;
	bool summary;
	bool help;
};

static struct err *take(int c, struct show_args *a)
{
	switch (c) {
	case OPT_DEVICE:
		a->from.controller = optarg;
		return NULL;
	case OPT_BAR:
		return parse_address(optarg, &a->from.bar);
	case OPT_CODEC:
		return filter_codecs(&a->fold.filter, optarg);
	case OPT_NID:
		return filter_nids(&a->fold.filter, optarg);
	case OPT_CLASS:
		return filter_classes(&a->fold.filter, optarg);
	case OPT_VERB:
		return filter_verbs(&a->fold.filter, optarg);
	case OPT_COEF:
		return filter_coefs(&a->fold.filter, optarg);
	case OPT_CERTAINTY:
		return filter_certainties(&a->fold.filter, optarg);
	case OPT_FROM:
		return range_end_parse(&a->from.range.from, optarg);
	case OPT_TO:
		return range_end_parse(&a->from.range.to, optarg);
	case OPT_TIME:
		return show_parse_time(optarg, &a->show);
	case OPT_COLOR:
		return show_parse_color(optarg, &a->show);
	case OPT_FORMAT:
		return show_parse_format(optarg, &a->show);
	case 'n':
		a->fold.noise = true;
		return NULL;
	case 'e':
		a->fold.effects = true;
		return NULL;
	case OPT_REGISTERS:
		a->fold.registers = true;
		return NULL;
	case 'r':
		a->show.raw = true;
		return NULL;
	case 's':
		a->summary = true;
		return NULL;
	case 'h':
		a->help = true;
		return NULL;
	default:
		return err_new(ERR_USAGE, "see 'hdadump show --help'");
	}
}

int cmd_show(int argc, char **argv)
{
	struct show_args a = { .show = { .fd = STDOUT_FILENO } };
	struct pipeline p = { 0 };
	struct sink *sink = NULL;
	struct err *e = NULL;
	struct loaded in = { 0 };
	int c;

	optind = 1;
	while (!e && (c = getopt_long(argc, argv, "nersh", longs, NULL)) != -1)
		e = take(c, &a);
	if (!e && a.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e && argc - optind != 1)
		e = err_new(ERR_USAGE, "show takes one file; see 'hdadump show --help'");
	a.from.path = argv[optind];
	if (!e)
		e = load_open(&a.from, &in);
	if (!e && !a.summary)
		e = show_create_sink(&a.show, &p.names, &sink);
	if (!e) {
		p.sink = sink;
		p.fold = a.fold;
		/* a program wants each verb; it can fold for itself */
		p.fold.noise |= a.show.format == FORMAT_JSON;
		e = load_run(&in, &a.from, &p);
		if (!e && a.summary)
			summary_print(&p, NULL, NULL);
	}
	load_close(&in);
	sink_destroy(sink);
	int status = exit_status(e, &p);
	pipeline_deinit(&p);
	return status;
}
