// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump show: prints a capture verb by verb. */
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "flow/load.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "print/summary.h"

struct show_args {
	struct load_options from;
	struct fold_options fold;
	struct show_options show;
	bool summary;
};

OPTION_TAKE(take_classes, filter_classes)
OPTION_TAKE(take_verbs, filter_verbs)
OPTION_TAKE(take_coefs, filter_coefs)
OPTION_TAKE(take_certainties, filter_certainties)

static const struct option_row filter_rows[] = {
	{ .name = "class", .arg = "WORD,...", .take = take_classes,
	  .help = "only verbs of this class: get, set, caps, amp, pin, coef, route, stream, power, "
		  "jack, gpio, digital, hdmi, config, beep, vendor" },
	{ .name = "verb", .arg = "VERB,...", .take = take_verbs,
	  .help = "only these verbs, by name (its beginning will do) or id" },
	{ .name = "coef", .arg = "INDEX,...", .take = take_coefs,
	  .help = "only accesses of these coefs, hexadecimal" },
	{ .name = "certainty", .arg = "WORD,...", .take = take_certainties,
	  .help = "only exact, suspect, unanswered, conflicting or lost ones" },
	{ 0 }
};

static const struct option_row fold_rows[] = {
	{ .name = "noise", .take = option_flag, .at = offsetof(struct fold_options, noise),
	  .help = "fold nothing (capability walks, repeated reads)" },
	{ .name = "effects", .letter = 'e', .take = option_flag,
	  .at = offsetof(struct fold_options, effects),
	  .help = "what runs of verbs do, one line each" },
	{ .name = "registers", .take = option_flag, .at = offsetof(struct fold_options, registers),
	  .help = "accesses to the controller's registers as well" },
	{ 0 }
};

static const struct option_row form_rows[] = {
	{ .name = "raw", .letter = 'r', .take = option_flag, .at = offsetof(struct show_options, raw),
	  .help = "each verb's word before its name" },
	{ .name = "time", .arg = "WORD", .take = option_word, .at = offsetof(struct show_options, time),
	  .words = (const char *const[]){ "start", "delta", "absolute", "index", "none", NULL },
	  .help = "seconds since the capture's first event, since the line before or since 1970, or "
		  "the number of the verb" },
	{ 0 }
};

static const struct option_row summary_rows[] = {
	{ .name = "summary", .letter = 's', .take = option_flag, .at = offsetof(struct show_args, summary),
	  .help = "only the summary" },
	{ 0 }
};

static int show(void *options, int argc, char **argv)
{
	struct show_args *a = options;
	struct pipeline p = { .fold = a->fold };
	struct loaded in = { 0 };
	struct sink *sink = NULL;
	struct buf text = { 0 };
	bool json = a->show.form == ANSWER_JSON;
	struct err *e = NULL;

	(void)argc;
	a->from.path = argv[0];
	if (json && a->show.time != TEXT_TIME_START && a->show.time != TEXT_TIME_ABSOLUTE)
		e = err_new(ERR_USAGE, "--time: JSON has start or absolute, and every verb's number");
	if (!e)
		e = load_open(&a->from, &in);
	if (!e && !a->summary)
		e = show_sink(&a->show, &p.names, &sink);
	p.sink = sink;
	/* a program needs each verb, and can fold them itself */
	p.fold.noise |= json;
	if (!e)
		e = load_run(&in, &a->from, &p);
	if (!e && a->summary) {
		summary_text(&p, &text);
		e = out_answer(&text);
	}
	load_close(&in);
	sink_destroy(sink);
	buf_deinit(&text);
	int status = exit_status(e, stats_losses(&p.stats));
	pipeline_deinit(&p);
	return status;
}

const struct command cmd_show = {
	.name = "show", .brief = "show a capture, verb by verb or effect by effect",
	.usage = (const char *const[]){ "[OPTION...] FILE", NULL },
	.about = "Shows a capture verb by verb. FILE is a capture file, QEMU's trace log, or what another "
		 "tool wrote, packed or not; or - for standard input. Its content shows what it is.",
	.groups = (const struct option_group[]){
		{ "What to show", input_rows, offsetof(struct show_args, from) },
		{ NULL, address_rows, offsetof(struct show_args, fold.filter.cads) },
		{ NULL, nid_rows, offsetof(struct show_args, fold.filter) },
		{ NULL, filter_rows, offsetof(struct show_args, fold.filter) },
		{ NULL, range_rows, offsetof(struct show_args, from) },
		{ NULL, fold_rows, offsetof(struct show_args, fold) },
		{ "How to show it", form_rows, offsetof(struct show_args, show) },
		{ NULL, format_rows, offsetof(struct show_args, show.form) },
		{ NULL, color_rows, offsetof(struct show_args, show.color) },
		{ NULL, summary_rows, 0 },
		{ 0 } },
	.end = "Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.",
	.operand = "FILE", .min = 1, .max = 1, .size = sizeof(struct show_args), .run = show,
};
