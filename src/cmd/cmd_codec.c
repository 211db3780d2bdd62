// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hdadump codec: what a codec is and how it is set up, from a dump of it or
 * from the traffic of a capture.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "base/reader.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "flow/codec_input.h"
#include "print/model_json.h"
#include "print/model_text.h"

static const char usage[] =
	"usage: hdadump codec [OPTION...] FILE\n"
	"\n"
	"Shows the codecs of FILE: a /proc/asound/cardX/codec#Y text or several of them,\n"
	"an alsa-info text, an RtHDDump.txt, or a capture of any format; packed or not.\n"
	"- is standard input.\n"
	"\n"
	"      --format FORM    text (for people), proc (as /proc has it) or json\n"
	"      --current        with proc: always in the current kernel's words, also when\n"
	"                       an older kernel wrote the text\n"
	"      --address N      only the codec at this address\n"
	"      --device NAME    with a trace log: only this controller\n"
	"      --at END         with a capture: as it was then: a time, a mark, or #N, a verb\n"
	"\n"
	"Lines of a text that could not be read are named on standard error.\n"
	"Exit status: 0 all was read, 1 error, 2 usage, 3 lines were left over, or the\n"
	"capture has losses.\n";

enum codec_format { CODEC_TEXT, CODEC_PROC, CODEC_JSON };

struct codec_options {
	enum codec_format format;
	bool current;
	int address;		/* -1: all */
	struct codec_input in;
};

/* --- output --------------------------------------------------------------- */

static bool shown(const struct codec_options *o, const struct codec_model *m)
{
	return o->address < 0 || (m->has_cad && m->cad == o->address);
}

static struct err *print(const struct codec_options *o, const struct model_list *l, struct buf *b)
{
	unsigned int any = 0;

	if (o->format == CODEC_JSON)
		return model_list_json(l, o->address, b);
	for (uint32_t i = 0; i < l->n; i++) {
		const struct codec_model *m = l->v[i];

		if (!shown(o, m))
			continue;
		if (o->format == CODEC_PROC) {
			proc_print(m, o->current ? NULL : &m->style, b);
		} else {
			if (any++)
				buf_addc(b, '\n');
			model_to_text(m, b);
		}
	}
	return NULL;
}

static struct err *parse_options(int argc, char **argv, struct codec_options *o, bool *help)
{
	static const struct option longs[] = {
		{ "format", required_argument, NULL, 'F' },
		{ "current", no_argument, NULL, 'c' },
		{ "address", required_argument, NULL, 'a' },
		{ "device", required_argument, NULL, 'D' },
		{ "at", required_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct err *e;
	struct reader r;
	uint64_t v;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'F':
			if (strcmp(optarg, "text") == 0)
				o->format = CODEC_TEXT;
			else if (strcmp(optarg, "proc") == 0)
				o->format = CODEC_PROC;
			else if (strcmp(optarg, "json") == 0)
				o->format = CODEC_JSON;
			else
				return err_new(ERR_USAGE, "--format %s: text, proc or json", optarg);
			break;
		case 'c':
			o->current = true;
			break;
		case 'a':
			r = reader_make(optarg, strlen(optarg));
			if (!reader_num(&r, &v) || reader_left(&r) || v > 15)
				return err_new(ERR_USAGE, "--address %s: 0 to 15", optarg);
			o->address = (int)v;
			break;
		case 'D':
			o->in.from.controller = optarg;
			break;
		case 'u':
			e = range_end_parse(&o->in.from.range.to, optarg);
			if (e)
				return e;
			break;
		case 'h':
			*help = true;
			return NULL;
		default:
			return err_new(ERR_USAGE, "see 'hdadump codec --help'");
		}
	}
	if (argc - optind != 1)
		return err_new(ERR_USAGE, "codec takes one file; see 'hdadump codec --help'");
	return NULL;
}

int cmd_codec(int argc, char **argv)
{
	struct codec_options o = { .address = -1 };
	struct model_list l = { 0 };
	struct buf b = { 0 };
	bool help = false;
	const char *name = "standard input";
	struct err *e = parse_options(argc, argv, &o, &help);
	unsigned int n = 0;

	if (help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e) {
		o.in.from.path = argv[optind];
		name = load_name(o.in.from.path);
		e = codec_input_read(&o.in, &l);
	}
	if (!e) {
		for (uint32_t i = 0; i < l.n; i++)
			n += shown(&o, l.v[i]);
		if (!n)
			e = err_new(ERR_FORMAT, l.n ? "%s: no codec stands at that address" :
						      "%s: no codec was found", name);
	}
	if (!e)
		e = print(&o, &l, &b);
	if (!e)
		e = out_answer(&b);
	if (!e && o.format != CODEC_JSON)
		model_notes(name, &l);
	bool losses = o.in.losses || l.left != 0;
	model_list_deinit(&l);
	buf_deinit(&b);
	if (e)
		return exit_status(e, NULL);
	return losses ? 3 : 0;
}
