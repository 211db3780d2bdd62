// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump segments: a capture cut where something happened, with what each part changed. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "analyse/segments.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "event/event.h"
#include "print/segments_text.h"

static const char usage[] =
	"usage: hdadump segments [OPTION...] FILE\n"
	"\n"
	"Cuts a capture where something happened: marks, resets, power, streams that start\n"
	"and stop, GPIOs, jacks, pauses; and says what each part changed. FILE is a capture,\n"
	"a log, a script or a list; - is standard input.\n"
	"\n"
	"      --idle SECONDS   how long a pause must be to be one (0.5)\n"
	"  -s, --summary        only where they begin\n"
	"      --from END, --to END  a range: seconds (1.5, 2:30) or a mark's text\n"
	"      --device NAME    only this controller\n"
	"      --bar ADDRESS    kvm_mmio text: where its registers lie in the guest\n"
	"      --format FORM    text or json (docs/json-analyse.md)\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.\n";

enum { OPT_IDLE = 256, OPT_FROM, OPT_TO, OPT_DEVICE, OPT_BAR, OPT_FORMAT };

struct options {
	struct steps_input in;
	int64_t idle_ns;
	bool summary, json, help;
};

static struct err *take_idle(struct options *o)
{
	struct range_end end;
	struct err *e = range_end_parse(&end, optarg);

	if (!e && (end.kind != RANGE_TIME || end.ns <= 0))
		e = err_new(ERR_USAGE, "--idle %s: seconds, as 0.5", optarg);
	o->idle_ns = end.ns;
	return e;
}

static struct err *take(int c, struct options *o)
{
	switch (c) {
	case OPT_IDLE:
		return take_idle(o);
	case OPT_FROM:
		return range_end_parse(&o->in.from.range.from, optarg);
	case OPT_TO:
		return range_end_parse(&o->in.from.range.to, optarg);
	case OPT_DEVICE:
		o->in.from.controller = optarg;
		return NULL;
	case OPT_BAR:
		return parse_address(optarg, &o->in.from.bar);
	case OPT_FORMAT:
		return parse_json(optarg, &o->json);
	case 's':
		o->summary = true;
		return NULL;
	case 'h':
		o->help = true;
		return NULL;
	default:
		return err_new(ERR_USAGE, "see 'hdadump segments --help'");
	}
}

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "idle", required_argument, NULL, OPT_IDLE },
		{ "summary", no_argument, NULL, 's' },
		{ "from", required_argument, NULL, OPT_FROM },
		{ "to", required_argument, NULL, OPT_TO },
		{ "device", required_argument, NULL, OPT_DEVICE },
		{ "bar", required_argument, NULL, OPT_BAR },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && !o->help && (c = getopt_long(argc, argv, "sh", longs, NULL)) != -1)
		e = take(c, o);
	if (!e && !o->help && argc - optind != 1)
		e = err_new(ERR_USAGE, "segments takes one file; see 'hdadump segments --help'");
	o->in.from.path = argv[optind];
	return e;
}

int cmd_segments(int argc, char **argv)
{
	struct options o = { .idle_ns = 500000000 };
	struct pipeline p = { 0 };
	struct segments s = { 0 };
	struct steps a = { 0 };
	struct buf b = { 0 };
	struct err *e = parse(argc, argv, &o);

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	segments_init(&s, o.idle_ns);
	o.in.watch = &s.sink;
	if (!e)
		e = steps_load(&o.in, &a);
	if (!e)
		e = segments_finish(&s, &a);
	if (!e && o.json)
		e = segments_json(&s, &a, o.summary, &b);
	else if (!e)
		segments_text(&s, &a, o.summary, &b);
	if (!e)
		e = buf_err(&b);
	if (!e && (fwrite(b.data, 1, b.len, stdout) != b.len || fflush(stdout) != 0))
		e = err_sys(errno, "standard output");
	p.stats = o.in.stats;
	segments_deinit(&s);
	steps_deinit(&a);
	buf_deinit(&b);
	return exit_status(e, &p);
}
