// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump convert: any format that is read into one that is written. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/log.h"
#include "base/output_file.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "event/source.h"
#include "export/trace_lines.h"
#include "export/verb_lines.h"
#include "flow/join.h"
#include "flow/load.h"
#include "flow/pipeline.h"
#include "input/list_head.h"
#include "print/xact_json.h"
#include "store/store.h"

static const char usage[] =
	"usage: hdadump convert [OPTION...] FILE... -o OUT\n"
	"\n"
	"Writes what hdadump show reads (captures, logs, frames and lists of other tools, packed\n"
	"or not; - is standard input) in another form. Several files become parts of one, each\n"
	"begun by a mark with its name.\n"
	"\n"
	"  -o, --output OUT     the file to write; - is standard output (texts only)\n"
	"  -f, --force          replace OUT if it exists (never one of the inputs)\n"
	"      --to FORM        capture   a capture file, with everything that was observed\n"
	"                       trace     register accesses as a trace log of QEMU's\n"
	"                       hda-verb  a shell script of hda-verb commands\n"
	"                       list      NID, verb and parameter, a verb a line\n"
	"                       words     the verbs' words, eight hex digits a line\n"
	"                       json      an object a verb (docs/json.md)\n"
	"                       By default OUT's name says it: .log .sh .txt .words .json, and\n"
	"                       anything else is a capture.\n"
	"      --sets           hda-verb, list, words: leave out verbs that only read\n"
	"      --device NAME    only this controller\n"
	"      --bar ADDRESS    kvm_mmio text: where the controller's registers lie in the guest\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the input has losses.\n";

enum convert_form { FORM_NONE, FORM_CAPTURE, FORM_TRACE, FORM_SCRIPT, FORM_LIST, FORM_WORDS, FORM_JSON };

static const struct {
	const char *name, *suffix;
	enum convert_form form;
} forms[] = {
	{ "capture", ".pcapng", FORM_CAPTURE }, { "trace", ".log", FORM_TRACE },
	{ "hda-verb", ".sh", FORM_SCRIPT }, { "list", ".txt", FORM_LIST },
	{ "words", ".words", FORM_WORDS }, { "json", ".json", FORM_JSON },
};

struct convert {
	const char *device;
	const char *out;
	uint64_t bar;
	enum convert_form form;
	bool sets, force;
	char **in;
	int n;
	/* opened inputs */
	struct loaded *loaded;
	struct source **parts;
	struct source *joined;	/* of more than one */
};

static struct err *parse_form(const char *text, struct convert *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (strcmp(text, forms[i].name) == 0) {
			c->form = forms[i].form;
			return NULL;
		}
	}
	return err_new(ERR_USAGE, "--to %s: capture, trace, hda-verb, list, words or json", text);
}

static enum convert_form form_by_name(const char *out)
{
	size_t len = strlen(out);

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t n = strlen(forms[i].suffix);

		if (len > n && strcmp(out + len - n, forms[i].suffix) == 0)
			return forms[i].form;
	}
	return strcmp(out, "-") == 0 ? FORM_NONE : FORM_CAPTURE;
}

static struct err *open_inputs(struct convert *c)
{
	c->parts = calloc((size_t)c->n, sizeof(*c->parts));
	c->loaded = calloc((size_t)c->n, sizeof(*c->loaded));
	if (!c->parts || !c->loaded)
		return err_nomem();
	for (int i = 0; i < c->n; i++) {
		const struct load_options from = {
			.path = c->in[i], .controller = c->device, .bar = c->bar,
		};
		struct err *e = load_open(&from, &c->loaded[i]);

		if (e)
			return e;
		c->parts[i] = c->loaded[i].source;
	}
	if (c->n == 1)
		return NULL;
	return join_create(c->parts, (const char *const *)c->in, (size_t)c->n, &c->joined);
}

static void close_inputs(struct convert *c)
{
	source_destroy(c->joined);
	for (int i = 0; i < c->n && c->loaded; i++)
		load_close(&c->loaded[i]);
	free(c->parts);
	free(c->loaded);
}

static struct err *to_capture(struct convert *c, struct pipeline *p)
{
	char comment[] = "hdadump convert";
	struct err *e = output_check(c->out, c->force, c->in, c->n), *end;

	if (!e)
		e = store_create(c->out, c->force, comment, &p->store);
	if (e)
		return e;
	e = pipeline_run(p);
	end = store_close(p->store);
	p->store = NULL;
	if (e)
		err_free(end);
	else
		e = end;
	if (e)
		unlink(c->out);
	return e;
}

/* The log has accesses only: they come straight from the source. */
static struct err *to_trace(struct convert *c, struct pipeline *p, int fd)
{
	struct event_steps steps = { 0 };
	struct trace_out t;
	struct event *ev;
	struct err *e = trace_out_init(&t, fd);

	while (!e) {
		e = source_step(p->source, &steps, &ev);
		if (e || !ev)
			break;
		if (ev->kind != EV_NONE)
			e = trace_out_put(&t, ev);
	}
	if (!e)
		e = out_flush(&t.out);
	if (!e && !t.lines)
		e = err_new(ERR_FAIL, "%s: no register accesses in it to make a trace log of",
			    c->in[0]);
	if (!e && t.left_out)
		log_note("%" PRIu64 " other observations (words, marks, gaps) have no place in a trace "
			 "log and were left out", t.left_out);
	trace_out_deinit(&t);
	return e;
}

static struct err *create_sink(const struct convert *c, struct pipeline *p, int fd,
			       struct sink **sink)
{
	const struct verbs_options verbs = {
		.fd = fd, .sets = c->sets, .ctrl_name = ctrl_name, .ctrl_arg = &p->names,
		.form = c->form == FORM_SCRIPT ? VERBS_SCRIPT :
			c->form == FORM_LIST ? VERBS_LIST : VERBS_WORDS,
	};
	const struct json_options json = {
		.fd = fd, .ctrl_name = ctrl_name, .ctrl_arg = &p->names,
	};

	return c->form == FORM_JSON ? json_sink_create(&json, sink) :
				      verbs_sink_create(&verbs, sink);
}

static struct err *to_text(struct convert *c, struct pipeline *p)
{
	struct sink *sink = NULL;
	struct output out;
	struct err *e = output_create(c->out, c->force, c->in, c->n,
				      c->form == FORM_SCRIPT ? 0777 : 0666, &out);

	if (!e && c->form == FORM_TRACE) {
		e = to_trace(c, p, out.fd);
	} else if (!e) {
		e = create_sink(c, p, out.fd, &sink);
		p->sink = sink;
		p->fold.noise = true;
		if (!e)
			e = pipeline_run(p);
	}
	sink_destroy(sink);
	p->sink = NULL;
	if (!e)
		e = output_finish(&out);
	output_deinit(&out);
	return e;
}

static struct err *take(int opt, struct convert *c)
{
	switch (opt) {
	case 'o':
		c->out = optarg;
		return NULL;
	case 'f':
		c->force = true;
		return NULL;
	case 'T':
		return parse_form(optarg, c);
	case 'S':
		c->sets = true;
		return NULL;
	case 'D':
		c->device = optarg;
		return NULL;
	case 'B':
		return parse_address(optarg, &c->bar);
	default:
		return err_new(ERR_USAGE, "see 'hdadump convert --help'");
	}
}

static struct err *check(struct convert *c)
{
	int standard = 0;

	if (!c->n || !c->out)
		return err_new(ERR_USAGE, "convert takes one file or more, and -o; see 'hdadump "
			       "convert --help'");
	for (int i = 0; i < c->n; i++)
		standard += strcmp(c->in[i], "-") == 0;
	if (standard > 1)
		return err_new(ERR_USAGE, "standard input can be read only once");
	if (!c->form)
		c->form = form_by_name(c->out);
	if (!c->form)
		return err_new(ERR_USAGE, "standard output has no name that tells the form: say --to");
	if (c->form == FORM_CAPTURE && strcmp(c->out, "-") == 0)
		return err_new(ERR_USAGE, "a capture is not written to standard output");
	if (c->sets && c->form != FORM_SCRIPT && c->form != FORM_LIST && c->form != FORM_WORDS)
		return err_new(ERR_USAGE, "--sets is for hda-verb, list and words");
	return NULL;
}

static void report(const struct convert *c, const struct pipeline *p)
{
	const struct list_head *head = p->source->ops->list_head ?
		p->source->ops->list_head(p->source) : NULL;
	const struct stats *s = &p->stats;

	/* its JSON was made with it; elsewhere vendor verbs go without their names from here on */
	if (head && head->is_list && c->form != FORM_JSON)
		log_note("the head of the list (which codec it is for, what it was made of) has no "
			 "place in %s; keep the list too",
			 c->form == FORM_CAPTURE ? "a capture" : "that form");
	if (c->form == FORM_TRACE || strcmp(c->out, "-") == 0)
		return;
	log_note("%s: %" PRIu64 " verb%s, %" PRIu64 " response%s%s", c->out, s->verbs,
		 s->verbs == 1 ? "" : "s", s->responses, s->responses == 1 ? "" : "s",
		 stats_losses(s) ? "; the input has losses, see hdadump info" : "");
}

int cmd_convert(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "force", no_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 'T' },
		{ "sets", no_argument, NULL, 'S' },
		{ "device", required_argument, NULL, 'D' },
		{ "bar", required_argument, NULL, 'B' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct pipeline p = { 0 };
	struct convert c = { 0 };
	struct err *e = NULL;
	int opt;

	optind = 1;
	while (!e && (opt = getopt_long(argc, argv, "o:fh", longs, NULL)) != -1) {
		if (opt == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		e = take(opt, &c);
	}
	c.in = argv + optind;
	c.n = argc - optind;
	if (!e)
		e = check(&c);
	if (!e)
		e = open_inputs(&c);
	if (!e) {
		p.source = c.joined ? c.joined : c.parts[0];
		e = c.form == FORM_CAPTURE ? to_capture(&c, &p) : to_text(&c, &p);
	}
	if (!e)
		report(&c, &p);
	close_inputs(&c);
	int status = exit_status(e, &p);
	pipeline_deinit(&p);
	return status;
}
