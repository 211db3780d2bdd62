// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump codec: shows a codec and its state, from a dump or from the traffic of a capture. */
#include <limits.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "flow/codec_input.h"
#include "flow/filter.h"
#include "print/json/model_json.h"
#include "print/model_text.h"

/* Formats of other programs; the last one is our own. */
enum codec_form { CODEC_PROC, CODEC_OURS };

struct codec_args {
	struct codec_input in;
	uint16_t addresses;
	enum answer_form form;
	enum codec_form as;
	bool current;
};

static const struct option_row rows[] = {
	{ .name = "as", .arg = "FORM", .take = option_word, .at = offsetof(struct codec_args, as),
	  .words = (const char *const[]){ "proc", NULL }, .help = "in a form of the kernel's" },
	{ .name = "current", .take = option_flag, .at = offsetof(struct codec_args, current),
	  .help = "with --as proc: always in the current kernel's words, even if an older kernel wrote "
		  "the text" },
	{ 0 }
};

/* --- output --------------------------------------------------------------- */

static bool is_shown(const struct codec_args *o, const struct codec_model *m)
{
	return filter_has_address(o->addresses, m->has_cad ? m->cad : UINT_MAX);
}

static struct err *print(const struct codec_args *o, const struct model_list *l, struct buf *b)
{
	unsigned int any = 0;

	if (o->form == ANSWER_JSON)
		return model_list_json(l, o->addresses, b);
	for (uint32_t i = 0; i < l->n; i++) {
		const struct codec_model *m = l->v[i];

		if (!is_shown(o, m))
			continue;
		if (o->as == CODEC_PROC) {
			proc_print(m, o->current ? NULL : &m->style, b);
		} else {
			if (any++)
				buf_addc(b, '\n');
			model_to_text(m, b);
		}
	}
	return NULL;
}

static int run(void *options, int argc, char **argv)
{
	struct codec_args *o = options;
	struct model_list l = { 0 };
	struct buf b = { 0 };
	const char *name = load_name(argv[0]);
	struct err *e = NULL;
	unsigned int n = 0;

	(void)argc;
	o->in.from.path = argv[0];
	if (o->as == CODEC_PROC && o->form == ANSWER_JSON)
		e = err_new(ERR_USAGE, "--as proc or --format json, not both");
	if (!e)
		e = codec_input_read(&o->in, &l);
	for (uint32_t i = 0; !e && i < l.n; i++)
		n += is_shown(o, l.v[i]);
	if (!e && !n)
		e = err_new(ERR_FORMAT, l.n ? "%s: there is no codec at that address" :
					      "%s: no codec was found", name);
	if (!e)
		e = print(o, &l, &b);
	if (!e)
		e = out_answer(&b);
	if (!e && o->form != ANSWER_JSON)
		model_notes(name, &l);
	bool losses = o->in.losses || l.left != 0;
	model_list_deinit(&l);
	buf_deinit(&b);
	return exit_status(e, losses);
}

const struct command cmd_codec = {
	.name = "codec", .brief = "show what a codec is: from its dump, or from a capture",
	.usage = (const char *const[]){ "[OPTION...] FILE", NULL },
	.about = "Shows the codecs of FILE: a /proc/asound/cardX/codec#Y text or several of them, an "
		 "alsa-info text, an RtHDDump.txt, or a capture of any format; packed or not; or - for "
		 "standard input. Lines of a text that could not be read are named on standard error.",
	.groups = (const struct option_group[]){
		{ NULL, rows, 0 },
		{ NULL, format_rows, offsetof(struct codec_args, form) },
		{ NULL, address_rows, offsetof(struct codec_args, addresses) },
		{ "With a capture", input_rows, offsetof(struct codec_args, in.from) },
		{ NULL, moment_rows, offsetof(struct codec_args, in.from) },
		{ NULL, range_rows, offsetof(struct codec_args, in.from) },
		{ 0 } },
	.end = "Exit status: 0 all was read, 1 error, 2 usage, 3 lines were left over, or the capture has "
	       "losses.",
	.operand = "FILE", .min = 1, .max = 1, .size = sizeof(struct codec_args),
	.defaults = &(const struct codec_args){ .as = CODEC_OURS }, .run = run,
};
