// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump info: whether a capture can be trusted, and what is wrong with it. */
#include "flow/load.h"
#include "print/info.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyse/verdict.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "event/source.h"
#include "flow/pipeline.h"

static const char usage[] =
	"usage: hdadump info [OPTION...] FILE\n"
	"\n"
	"Says whether a capture can be trusted: what is missing or wrong in it and where, what\n"
	"the driver did, whose driver it was, and what to do. FILE is whatever hdadump show\n"
	"reads: a capture, a log, frames or a list of another tool; - is standard input.\n"
	"\n"
	"      --device NAME    only this controller\n"
	"      --bar ADDRESS    kvm_mmio text: where the controller's registers lie in the guest\n"
	"      --json           one JSON object, with every place (docs/json-info.md)\n"
	"\n"
	"Exit status: 0 nothing is missing or wrong, 1 error, 2 usage, 3 something is.\n";

static struct err *print(const struct buf *b)
{
	struct out out;
	struct err *e = out_init(&out, STDOUT_FILENO);

	if (!e)
		e = out_add(&out, b->data, b->len);
	if (!e)
		e = out_flush(&out);
	out_deinit(&out);
	return e;
}

int cmd_info(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "device", required_argument, NULL, 'D' },
		{ "bar", required_argument, NULL, 'B' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct load_options from = { 0 };
	struct loaded in = { 0 };
	struct source_facts facts;
	struct pipeline p = { .fold = { .noise = true, .registers = true } };
	struct buf text = { 0 };
	struct verdict v;
	struct err *e = NULL;
	bool json = false;
	int c;

	verdict_init(&v);
	optind = 1;
	while (!e && (c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'D':
			from.controller = optarg;
			break;
		case 'B':
			e = parse_address(optarg, &from.bar);
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			e = err_new(ERR_USAGE, "see 'hdadump info --help'");
		}
	}
	if (!e && argc - optind != 1)
		e = err_new(ERR_USAGE, "info takes one file; see 'hdadump info --help'");
	from.path = argv[optind];
	if (!e)
		e = load_open(&from, &in);
	if (e)
		goto out;
	p.sink = &v.sink;
	e = load_run(&in, &from, &p);
	if (e)
		goto out;
	load_facts(&in, &facts);
	e = verdict_finish(&v, &facts);
	if (e)
		goto out;
	const struct info info = {
		.file = in.name, .verdict = &v, .names = &p.names, .width = text_width(STDOUT_FILENO),
	};

	e = json ? info_json(&info, &text) : info_text(&info, &text);
	if (!e)
		e = print(&text);
out:
	load_close(&in);
	int status = exit_status(e, &p);

	if (!status && v.trust > TRUST_CARE)
		status = 3;
	verdict_deinit(&v);
	buf_deinit(&text);
	pipeline_deinit(&p);
	return status;
}
