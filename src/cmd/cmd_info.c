// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump info: whether a capture can be trusted, and what is wrong with it. */
#include <stddef.h>
#include <unistd.h>

#include "analyse/verdict.h"
#include "base/buf.h"
#include "base/out.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "flow/load.h"
#include "flow/pipeline.h"
#include "print/info.h"

struct info_args {
	struct load_options from;
	enum answer_form form;
};

static int info(void *options, int argc, char **argv)
{
	struct info_args *a = options;
	struct pipeline p = { .fold = { .noise = true, .registers = true } };
	struct loaded in = { 0 };
	struct source_facts facts;
	struct buf text = { 0 };
	struct verdict v;
	struct err *e;

	(void)argc;
	verdict_init(&v);
	a->from.path = argv[0];
	p.sink = &v.sink;
	e = load_open(&a->from, &in);
	if (!e)
		e = load_run(&in, &a->from, &p);
	if (e)
		goto out;
	load_facts(&in, &facts);
	e = verdict_finish(&v, &facts);
	if (e)
		goto out;
	const struct info info = {
		.file = in.name, .verdict = &v, .names = &p.names, .width = text_width(STDOUT_FILENO),
	};

	e = a->form == ANSWER_JSON ? info_json(&info, &text) : info_text(&info, &text);
	if (!e)
		e = out_answer(&text);
out:
	load_close(&in);
	int status = exit_status(e, stats_losses(&p.stats) || v.trust > TRUST_CARE);
	verdict_deinit(&v);
	buf_deinit(&text);
	pipeline_deinit(&p);
	return status;
}

const struct command cmd_info = {
	.name = "info", .brief = "say whether a capture can be trusted, and what is wrong with it",
	.usage = (const char *const[]){ "[OPTION...] FILE", NULL },
	.about = "Says whether a capture can be trusted: what is missing or wrong in it and where, what the "
		 "driver did, which driver it was, and what to do. FILE is any input of hdadump show: a "
		 "capture, a log, frames or a list of another tool; or - for standard input.",
	.groups = (const struct option_group[]){
		{ NULL, input_rows, offsetof(struct info_args, from) },
		{ NULL, range_rows, offsetof(struct info_args, from) },
		{ NULL, format_rows, offsetof(struct info_args, form) },
		{ 0 } },
	.end = "Exit status: 0 nothing is missing or wrong, 1 error, 2 usage, 3 something is.",
	.operand = "FILE", .min = 1, .max = 1, .size = sizeof(struct info_args), .run = info,
};
