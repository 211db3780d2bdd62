// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump segments: divides a capture at its events, and shows what each part changed. */
#include <stddef.h>

#include "analyse/segments.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "print/segments_text.h"

struct segments_args {
	struct load_options from;
	int64_t idle_ns;
	enum answer_form form;
	bool summary;
};

static struct err *take_idle(const struct option_row *row, const char *arg, void *field)
{
	struct range_end end;
	struct err *e = range_end_parse(&end, arg);

	(void)row;
	if (!e && (end.kind != RANGE_TIME || end.ns <= 0))
		e = err_new(ERR_USAGE, "seconds, as 0.5");
	*(int64_t *)field = end.ns;
	return e;
}

static const struct option_row rows[] = {
	{ .name = "idle", .arg = "SECONDS", .take = take_idle, .at = offsetof(struct segments_args, idle_ns),
	  .help = "the shortest pause that begins a segment; default 0.5" },
	{ .name = "summary", .letter = 's', .take = option_flag,
	  .at = offsetof(struct segments_args, summary), .help = "show only where segments begin" },
	{ 0 }
};

static int run(void *options, int argc, char **argv)
{
	struct segments_args *o = options;
	struct segments s = { 0 };
	struct steps_input in = { .watch = &s.sink };
	struct steps a = { 0 };
	struct buf b = { 0 };
	struct err *e;

	(void)argc;
	in.from = o->from;
	in.from.path = argv[0];
	segments_init(&s, o->idle_ns);
	e = steps_load(&in, &a);
	if (!e)
		e = segments_finish(&s, &a);
	if (!e && o->form == ANSWER_JSON)
		e = segments_json(&s, &a, o->summary, &b);
	else if (!e)
		segments_text(&s, &a, o->summary, &b);
	if (!e)
		e = out_answer(&b);
	segments_deinit(&s);
	steps_deinit(&a);
	buf_deinit(&b);
	return exit_status(e, stats_losses(&in.stats));
}

const struct command cmd_segments = {
	.name = "segments", .brief = "divide a capture where something happened, and show what each part changed",
	.usage = (const char *const[]){ "[OPTION...] FILE", NULL },
	.about = "Divides a capture where something happened: marks, resets, power, streams that start and "
		 "stop, GPIOs, jacks, pauses; and shows what each part changed. FILE is a capture, a log, a "
		 "script or a list; or - for standard input.",
	.groups = (const struct option_group[]){
		{ NULL, rows, 0 },
		{ NULL, input_rows, offsetof(struct segments_args, from) },
		{ NULL, range_rows, offsetof(struct segments_args, from) },
		{ NULL, format_rows, offsetof(struct segments_args, form) },
		{ 0 } },
	.end = "Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.",
	.operand = "FILE", .min = 1, .max = 1, .size = sizeof(struct segments_args),
	.defaults = &(const struct segments_args){ .idle_ns = 500000000 }, .run = run,
};
