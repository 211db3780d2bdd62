// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump export and convert: write an input in another form. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "export/fixlist.h"
#include "export/forms.h"
#include "flow/pipeline.h"

struct export_args {
	struct form_job job;
	struct load_options from;
	struct output_options out;
	struct codec_ids codec;
	uint16_t addresses;
	uint64_t layout;
};

static struct err *take_name(const struct option_row *row, const char *arg, void *field)
{
	(void)row;
	form_name_of(arg, field);
	return NULL;
}

static const struct option_row rows[] = {
	{ .name = "as", .arg = "FORM", .take = option_word, .at = offsetof(struct export_args, job.form),
	  .words = form_names, .help = "the form; by default OUT's name says it" },
	{ .name = "sets", .take = option_flag, .at = offsetof(struct export_args, job.sets),
	  .help = "with list and words: leave out verbs that only read" },
	{ 0 }
};

static const struct option_row fix_rows[] = {
	{ .name = "name", .arg = "NAME", .take = take_name, .at = offsetof(struct export_args, job.name),
	  .help = "the fix's name; by default made from the machine's or OUT's name" },
	{ .name = "machine", .arg = "TEXT", .take = option_text,
	  .at = offsetof(struct export_args, job.fix.machine),
	  .help = "the machine's name, for the quirk and the message" },
	{ .name = "author", .arg = "TEXT", .take = option_text,
	  .at = offsetof(struct export_args, job.fix.author),
	  .help = "\"Name <address>\", for the patch" },
	{ .name = "kernel-source", .arg = "FOLDER", .take = option_text,
	  .at = offsetof(struct export_args, job.fix.kernel), .help = "the top of the kernel's source" },
	{ .name = "layout", .arg = "N", .take = option_count, .max = UINT32_MAX,
	  .at = offsetof(struct export_args, layout), .help = "AppleALC's layout id; default 99" },
	{ 0 }
};

static struct err *check(struct export_args *x)
{
	struct form_job *j = &x->job;
	int standard = 0;

	if (j->form == FORM_NONE)
		j->form = form_of_name(j->out);
	if (j->form == FORM_NONE)
		return err_new(ERR_USAGE, "standard output has no name that shows the form: use --as");
	const enum form_carries carries = forms[j->form].carries;
	const char *form = form_names[j->form];

	for (int i = 0; i < j->n_inputs; i++)
		standard += strcmp(j->inputs[i], "-") == 0;
	if (standard > 1)
		return err_new(ERR_USAGE, "standard input can be read only once");
	if (j->form == FORM_CAPTURE && strcmp(j->out, "-") == 0)
		return err_new(ERR_USAGE, "a capture is not written to standard output");
	if (carries == FORM_FIX && j->n_inputs > 1)
		return err_new(ERR_USAGE, "the form %s needs exactly one file", form);
	if (j->sets && j->form != FORM_LIST && j->form != FORM_WORDS)
		return err_new(ERR_USAGE, "--sets is for list and words");
	if (carries == FORM_EVENTS && (x->addresses || range_is_set(&x->from.range)))
		return err_new(ERR_USAGE, "%s has the controller's registers and rings, and no part of these can "
			       "be understood without what came before: --address, --from and --to are for "
			       "the other forms", form);
	return NULL;
}

static int export_fix(struct export_args *x)
{
	struct fixlist l = { 0 };
	struct err *e = codec_ids_complete(&x->codec, x->addresses);

	x->job.fix.layout = (uint32_t)x->layout;
	if (!e)
		e = fixlist_load(&x->from, x->addresses, &x->codec.id, &l);
	if (!e)
		e = form_write_fix(&x->job, &l);
	bool losses = x->job.left_out || l.elsewhere || l.wordless || stats_losses(&l.in.stats);
	fixlist_deinit(&l);
	return exit_status(e, losses);
}

static int export_traffic(struct export_args *x)
{
	struct pipeline p = { .fold.filter.cads = x->addresses };
	const struct stats *s = &p.stats;
	struct err *e = form_write_traffic(&x->job, &p);

	if (!e && x->job.form != FORM_TRACE && strcmp(x->out.path, "-") != 0)
		log_note("%s: %" PRIu64 " verb%s, %" PRIu64 " response%s%s", x->out.path, s->verbs,
			 s->verbs == 1 ? "" : "s", s->responses, s->responses == 1 ? "" : "s",
			 stats_losses(s) ? "; the input has losses, see hdadump info" : "");
	int status = exit_status(e, stats_losses(s));
	pipeline_deinit(&p);
	return status;
}

static int run(void *options, int argc, char **argv)
{
	struct export_args *x = options;
	struct err *e;

	x->job.inputs = argv;
	x->job.n_inputs = argc;
	x->job.out = x->out.path;
	x->job.replace = x->out.force;
	x->job.from = &x->from;
	x->from.path = argv[0];
	e = check(x);
	if (e)
		return exit_status(e, false);
	return forms[x->job.form].carries == FORM_FIX ? export_fix(x) : export_traffic(x);
}

static const struct option_group groups[] = {
	{ NULL, output_rows, offsetof(struct export_args, out) },
	{ NULL, rows, 0 },
	{ "What of the input", address_rows, offsetof(struct export_args, addresses) },
	{ NULL, input_rows, offsetof(struct export_args, from) },
	{ NULL, range_rows, offsetof(struct export_args, from) },
	{ "For a fix", like_rows, offsetof(struct export_args, codec) },
	{ NULL, fix_rows, 0 },
	{ 0 }
};

static const struct export_args defaults = { .job.form = FORM_NONE, .layout = 99 };

/* One command, under two names, each with its own brief. */
#define EXPORT(name_, brief_) { \
	.name = name_, .brief = brief_, \
	.usage = (const char *const[]){ "[OPTION...] FILE... -o OUT", NULL }, \
	.about = "Writes FILE (a capture, a log, frames, a list; - is standard input) in a form " \
		 "for other programs. export and convert are the same command.\n" \
		 "\n" \
		 "What a capture holds; several files become parts of one, each begun by a mark with its " \
		 "name:\n" \
		 "  capture (.pcapng)     a capture file, with everything that was observed\n" \
		 "  trace (.log)          register accesses, as a trace log of QEMU's\n" \
		 "  json (.json)          an object a verb (docs/json.md)\n" \
		 "  list (.txt)           NID, verb and parameter, a verb a line\n" \
		 "  words (.words)        the verbs' words, eight hex digits a line\n" \
		 "\n" \
		 "A fix: the verbs of one codec that change something, as hdadump reduce or bisect leave " \
		 "them, in the form for the program that will send them:\n" \
		 "  hda-verb (.sh)        a shell script that looks for the codec by its ids, with\n" \
		 "                        OUT.service and OUT.sleep for systemd\n" \
		 "  kernel (.patch)       a patch for the kernel's Realtek driver\n" \
		 "  firmware (.fw)        the file that snd-hda-intel loads with patch=OUT\n" \
		 "  init_verbs            a shell script that gives them to the running driver\n" \
		 "  applealc (.plist)     an entry for AppleALC's PinConfigs\n" \
		 "  openbsd (.c)          a C function for azalia(4)\n" \
		 "  csv (.csv)            a verb a line\n" \
		 "  steps                 the codec and its steps, a JSON object\n" \
		 "  sqlite (.sqlite)      a database\n" \
		 "\n" \
		 "A file of another name is a capture. What a form cannot contain is reported.", \
	.groups = groups, \
	.end = "Exit status: 0, 1 error, 2 usage, 3 something of FILE is not in OUT, or FILE has losses.", \
	.operand = "FILE", .min = 1, .max = -1, .size = sizeof(struct export_args), \
	.defaults = &defaults, .run = run, \
}

const struct command cmd_export =
	EXPORT("export", "write a list for hda-verb, the kernel, other systems or programs");
const struct command cmd_convert = EXPORT("convert", "convert any format that hdadump reads into another");
