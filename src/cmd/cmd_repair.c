// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump repair: removes repetitions that another tool added to a list, and reports them. */
#include <stddef.h>
#include <string.h>

#include "analyse/repair.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "print/repair_text.h"

struct repair_args {
	struct output_options out;
	bool quiet;
};

static int run(void *options, int argc, char **argv)
{
	const struct repair_args *o = options;
	struct repaired r = { 0 };
	struct buf text = { 0 };
	struct err *e = NULL;

	(void)argc;
	if (strcmp(argv[0], "-") == 0)
		e = err_new(ERR_USAGE, "repair reads its list twice: it must be a file");
	if (!e)
		e = repair_list(argv[0], o->out.path, o->out.force, &r);
	if (!e && !o->quiet && strcmp(o->out.path, "-") != 0) {
		repair_text(&r, &text);
		e = out_answer(&text);
	}
	if (!e)
		repair_note(&r, argv[0]);
	buf_deinit(&text);
	repaired_deinit(&r);
	return exit_status(e, false);
}

const struct command cmd_repair = {
	.name = "repair", .brief = "remove the repetitions that another tool added to a list",
	.usage = (const char *const[]){ "[OPTION...] LIST -o OUT", NULL },
	.about = "A list or script in which every verb is there twice (hdadump info says so) is written with "
		 "everything once. Comments and all other lines stay as they are. What was removed is listed "
		 "on standard output, unless that is OUT.",
	.groups = (const struct option_group[]){
		{ NULL, output_rows, offsetof(struct repair_args, out) },
		{ NULL, quiet_rows, offsetof(struct repair_args, quiet) },
		{ 0 } },
	.end = "Exit status: 0 repaired, 1 error, or nothing to repair, 2 usage.",
	.operand = "LIST", .min = 1, .max = 1, .size = sizeof(struct repair_args), .run = run,
};
