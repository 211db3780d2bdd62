// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump run: the user's own QEMU, with everything its guest says to its codecs. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "cmd/capture_marks.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "live/control.h"
#include "live/live.h"
#include "qemu/qemu.h"
#include "store/store.h"

static const char usage[] =
	"usage: hdadump run [OPTION...] -- QEMU ARGUMENT...\n"
	"\n"
	"Starts QEMU as you wrote it, with what a capture needs added, shows every verb\n"
	"of its audio controllers and can keep them in a file.\n"
	"\n"
	"  -o, --output FILE    keep the capture in FILE (must not exist)\n"
	"  -f, --force          replace FILE if it is an older capture\n"
	"      --strict         let the guest wait for every single register access\n"
	"      --device NAME    only this controller: its PCI address or QEMU id\n"
	"      --via ROUTE      auto, bpf (KVM guests) or trace (QEMU's log)\n"
	"      --bpf-buffer N   bytes between the kernel and hdadump, with K or M\n"
	"      --memory ROUTE   auto, process (process_vm_readv) or monitor\n"
	"      --format FORM    text or json\n"
	"  -q, --quiet          show only the summary\n"
	"\n"
	"The first Ctrl-C ends QEMU and keeps what was captured. QEMU may be a script of\n"
	"yours that adds $(hdadump args) to QEMU's arguments.\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 captured with losses.\n";

struct run_options {
	struct live_run_options live;
	struct show_options show;
	const char *output;
	bool force;
	bool quiet;
};

static struct err *parse(int argc, char **argv, struct run_options *o, bool *help)
{
	static const struct option longs[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "force", no_argument, NULL, 'f' },
		{ "strict", no_argument, NULL, 'S' },
		{ "device", required_argument, NULL, 'D' },
		{ "via", required_argument, NULL, 'V' },
		{ "bpf-buffer", required_argument, NULL, 'B' },
		{ "memory", required_argument, NULL, 'M' },
		{ "format", required_argument, NULL, 'F' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && (c = getopt_long(argc, argv, "+o:fqh", longs, NULL)) != -1) {
		switch (c) {
		case 'o':
			o->output = optarg;
			break;
		case 'f':
			o->force = true;
			break;
		case 'S':
			o->live.strict = true;
			break;
		case 'D':
			o->live.device = optarg;
			break;
		case 'V':
			e = capture_via_parse(optarg, &o->live.via);
			break;
		case 'B':
			e = kvm_feed_parse_buffer(optarg, &o->live.bpf_buffer);
			break;
		case 'M':
			e = parse_memory_route(optarg, &o->live.memory);
			break;
		case 'F':
			e = show_parse_format(optarg, &o->show);
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			*help = true;
			return NULL;
		default:
			return err_new(ERR_USAGE, "see 'hdadump run --help'");
		}
	}
	if (!e && !argv[optind])
		e = err_new(ERR_USAGE, "there is no QEMU to run; see 'hdadump run --help'");
	o->live.command = argv + optind;
	return e;
}

/* What was run, kept in the capture's header. */
static struct err *command_text(char *const *command, struct buf *text)
{
	buf_adds(text, "hdadump " HDADUMP_VERSION " run --");
	for (; *command; command++)
		buf_addf(text, " %s", *command);
	return buf_err(text);
}

int cmd_run(int argc, char **argv)
{
	struct run_options o = { .show = { .fd = STDOUT_FILENO } };
	struct pipeline p = { .live = true };
	struct control *control = NULL;
	struct source *src = NULL;
	struct store *store = NULL;
	struct sink *sink = NULL;
	struct buf text = { 0 };
	bool help = false;
	struct err *e = parse(argc, argv, &o, &help), *end;

	if (help) {
		fputs(usage, stdout);
		return 0;
	}
	if (e)
		goto out;
	if (!o.quiet)
		e = show_create_sink(&o.show, &p.names, &sink);
	if (!e)
		e = command_text(o.live.command, &text);
	/* before QEMU runs: a file that cannot be written is known now */
	if (!e && o.output)
		e = store_create(o.output, o.force, buf_str(&text), &store);
	if (!e)
		e = live_run_create(&o.live, &src);
	if (e) {
		/* no guest has run; the next try wants the name */
		store_discard(store);
		store = NULL;
		goto out;
	}
	p.source = src;
	p.store = store;
	p.sink = sink;
	control = marks_start(&p, src, o.output ? o.output : "(not kept)",
			      qemu_uses_terminal(o.live.command));
	p.fold.noise = true;	/* live, every verb is shown when it comes */
	e = pipeline_run(&p);
	end = store_close(store);
	store = NULL;
	if (end && !p.store_failed)
		log_err(end);
	else
		err_free(end);
	p.store_failed |= end != NULL;
	summary_print(&p, live_route(src), o.output);
	if (o.live.device && !p.names.count)
		log_note("--device %s: nothing was seen of a controller of that name",
			 o.live.device);
	if (!e)
		e = live_result(src);
out:
	source_destroy(src);
	control_destroy(control);
	sink_destroy(sink);
	end = store_close(store);
	err_free(end);
	buf_deinit(&text);
	int status = exit_status(e, &p);
	pipeline_deinit(&p);
	return status;
}

int cmd_args(int argc, char **argv)
{
	const char *inherited = getenv(QEMU_CAPTURE_ENV);
	const struct qemu_fds none = { .qmp = -1, .trace = -1 };
	struct buf args = { 0 };

	if (argc > 1) {
		fputs("usage: qemu-system-x86_64 ... $(hdadump args)\n"
		      "\n"
		      "Prints what a capture adds to QEMU's command line. In a script that is\n"
		      "started by 'hdadump run -o FILE -- SCRIPT' these additions lead to hdadump;\n"
		      "elsewhere QEMU's trace goes to its standard error (or -D FILE), for\n"
		      "'hdadump show'.\n", strcmp(argv[1], "--help") == 0 ? stdout : stderr);
		return strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	if (inherited && *inherited) {
		puts(inherited);
		return 0;
	}
	qemu_additions(&none, false, &args);
	for (size_t i = 0; i < args.len; i++)
		if (!args.data[i])
			args.data[i] = i + 1 < args.len ? ' ' : '\n';
	if (args.len)
		fwrite(args.data, 1, args.len, stdout);
	buf_deinit(&args);
	return 0;
}
