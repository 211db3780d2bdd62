// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump run and attach: capture the verbs of a guest while it runs. */
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "cmd/capture_marks.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "live/control.h"
#include "live/live.h"
#include "print/summary.h"
#include "qemu/qemu.h"
#include "store/store.h"

struct capture_args {
	struct live_attach_options live;
	bool strict;
	char *const *command;	/* QEMU's command line to start; NULL = attach to a running one */
	struct output_options out;
	struct show_options show;
	bool quiet;
};

/* --- options --------------------------------------------------------------------- */

static struct err *take_buffer(const struct option_row *row, const char *arg, void *field)
{
	(void)row;
	return kvm_feed_parse_buffer(arg, field);
}

static const struct option_row output[] = {
	{ .name = "output", .letter = 'o', .arg = "FILE", .take = option_text,
	  .at = offsetof(struct capture_args, out.path),
	  .help = "write the capture to FILE, which must not exist" },
	{ .name = "force", .letter = 'f', .take = option_flag,
	  .at = offsetof(struct capture_args, out.force), .help = "replace FILE if it is an older capture" },
	{ .name = "quiet", .letter = 'q', .take = option_flag, .at = offsetof(struct capture_args, quiet),
	  .help = "show only the summary" },
	{ 0 }
};

static const struct option_row capture[] = {
	{ .name = "controller", .arg = "NAME", .take = option_text,
	  .at = offsetof(struct capture_args, live.device),
	  .help = "only this controller: its PCI address, the end of that, or its id in QEMU" },
	{ .name = "via", .arg = "ROUTE", .take = option_word, .at = offsetof(struct capture_args, live.via),
	  .words = (const char *const[]){ "auto", "bpf", "trace", NULL },
	  .help = "by a BPF program (KVM guests) or QEMU's log" },
	{ .name = "bpf-buffer", .arg = "SIZE", .take = take_buffer,
	  .at = offsetof(struct capture_args, live.bpf_buffer),
	  .help = "bytes between the kernel and hdadump, with K or M; default 4M" },
	{ .name = "memory", .arg = "ROUTE", .take = option_word,
	  .at = offsetof(struct capture_args, live.memory),
	  .words = (const char *const[]){ "auto", "process", "monitor", NULL },
	  .help = "how guest memory is read" },
	{ 0 }
};

static const struct option_row strict[] = {
	{ .name = "strict", .take = option_flag, .at = offsetof(struct capture_args, strict),
	  .help = "make the guest wait at every single register access" },
	{ 0 }
};

static const struct option_row guest[] = {
	{ .name = "qmp", .arg = "PATH", .take = option_text,
	  .at = offsetof(struct capture_args, live.where.qmp),
	  .help = "QEMU's QMP socket: PATH, unix:PATH or tcp:HOST:PORT" },
	{ .name = "libvirt", .arg = "NAME", .take = option_text,
	  .at = offsetof(struct capture_args, live.where.libvirt),
	  .help = "a libvirt guest: its name, id or UUID" },
	{ .name = "connect", .letter = 'c', .arg = "URI", .take = option_text,
	  .at = offsetof(struct capture_args, live.where.uri),
	  .help = "which libvirt (qemu:///system, qemu:///session)" },
	{ .name = "fifo-dir", .arg = "FOLDER", .take = option_text,
	  .at = offsetof(struct capture_args, live.fifo_dir),
	  .help = "the trace comes through a FIFO in FOLDER, not a pipe without a name" },
	{ 0 }
};

static struct err *take_pid(const char *text, pid_t *pid)
{
	uint64_t n;

	if (!options_decimal(text, 1 << 22, &n) || !n)
		return err_new(ERR_USAGE, "'%s' is not a process id; use --libvirt for a name, and for a socket "
			       "--qmp", text);
	*pid = (pid_t)n;
	return NULL;
}

static struct err *take_guest(char *const *argv, struct monitor_where *w)
{
	int ways = (w->qmp != NULL) + (w->libvirt != NULL) + (argv[0] != NULL);

	if (!ways)
		return err_new(ERR_USAGE, "which guest? A process id, --qmp PATH or --libvirt NAME; see "
			       "'hdadump help attach'");
	if (ways > 1)
		return err_new(ERR_USAGE, "one guest at a time: a process id, --qmp PATH or --libvirt "
			       "NAME");
	if (w->uri && !w->libvirt)
		return err_new(ERR_USAGE, "--connect is for --libvirt NAME");
	return argv[0] ? take_pid(argv[0], &w->pid) : NULL;
}

/* --- the capture ------------------------------------------------------------------- */

/* Makes the text for the capture's header: what was started, or attached to. */
static struct err *header_text(const struct capture_args *o, struct buf *text)
{
	const struct monitor_where *w = &o->live.where;

	buf_addf(text, "hdadump " HDADUMP_VERSION " %s", o->command ? "run --" : "attach ");
	for (char *const *c = o->command; c && *c; c++)
		buf_addf(text, " %s", *c);
	if (w->libvirt)
		buf_addf(text, "--libvirt %s", w->libvirt);
	else if (w->qmp)
		buf_addf(text, "--qmp %s", w->qmp);
	else if (!o->command)
		buf_addf(text, "%d", (int)w->pid);
	return buf_err(text);
}

static struct err *create_source(const struct capture_args *o, struct source **src)
{
	const struct live_run_options run = {
		.command = o->command, .device = o->live.device, .strict = o->strict,
		.memory = o->live.memory, .via = o->live.via, .bpf_buffer = o->live.bpf_buffer,
	};

	return o->command ? live_run_create(&run, src) : live_attach_create(&o->live, src);
}

/* Everything that may fail before the guest is affected. */
static struct err *begin(const struct capture_args *o, struct pipeline *p, struct sink **sink)
{
	struct buf text = { 0 };
	struct err *e = o->quiet ? NULL : show_sink(&o->show, &p->names, sink);

	if (!e)
		e = header_text(o, &text);
	if (!e && o->out.path)
		e = store_create(o->out.path, o->out.force, buf_str(&text), &p->store);
	buf_deinit(&text);
	if (!e)
		e = create_source(o, &p->source);
	if (e) {
		/* no guest has run, so remove the file: the next try needs the name */
		store_discard(p->store);
		p->store = NULL;
	}
	p->sink = *sink;
	return e;
}

static struct err *end(const struct capture_args *o, struct pipeline *p, struct err *e)
{
	struct err *closed = store_close(p->store), *result;

	p->store = NULL;
	if (closed && !p->store_failed)
		log_err(closed);
	else
		err_free(closed);
	p->store_failed |= closed != NULL;
	result = live_result(p->source);
	summary_note(p, live_route(p->source), o->out.path);
	if (o->live.device && !p->names.count)
		log_note("--controller %s: nothing was seen of a controller of that name",
			 o->live.device);
	/* report in any case how a QEMU that could not be restored can be repaired */
	if (!result)
		return e;
	if (e && err_kind(e) != ERR_PIPE)
		log_err(e);
	else
		err_free(e);
	return result;
}

static int capture_guest(const struct capture_args *o, bool qemus_terminal)
{
	/* live: show every verb when it comes */
	struct pipeline p = { .live = true, .fold.noise = true };
	struct control *control = NULL;
	struct sink *sink = NULL;
	struct err *e = begin(o, &p, &sink);

	if (!e) {
		control = marks_start(&p, p.source, o->out.path ? o->out.path : "(not kept)",
				      qemus_terminal);
		e = end(o, &p, pipeline_run(&p));
	}
	source_destroy(p.source);
	control_destroy(control);
	sink_destroy(sink);
	int status = exit_status(e, stats_losses(&p.stats));
	if (!status || status == 3)
		status = p.store_failed ? 1 : status;
	pipeline_deinit(&p);
	return status;
}

static int run(void *options, int argc, char **argv)
{
	struct capture_args *o = options;

	(void)argc;
	o->command = argv;
	return capture_guest(o, qemu_uses_terminal(argv));
}

static int attach(void *options, int argc, char **argv)
{
	struct capture_args *o = options;
	struct err *e = take_guest(argv, &o->live.where);

	(void)argc;
	return e ? exit_status(e, false) : capture_guest(o, false);
}

const struct command cmd_run = {
	.name = "run", .brief = "start QEMU and capture the verbs of its guest",
	.usage = (const char *const[]){ "[OPTION...] -- QEMU ARGUMENT...", NULL },
	.about = "Starts your QEMU command with the options that a capture needs, shows every verb of its audio "
		 "controllers and can write them to a file. The first Ctrl-C ends QEMU and keeps what was "
		 "captured. QEMU may be a script of yours that adds $(hdadump args) to QEMU's arguments.",
	.groups = (const struct option_group[]){
		{ NULL, output, 0 },
		{ NULL, format_rows, offsetof(struct capture_args, show.form) },
		{ NULL, color_rows, offsetof(struct capture_args, show.color) },
		{ "How to capture", capture, 0 },
		{ NULL, strict, 0 },
		{ 0 } },
	.end = "Exit status: 0 everything exact, 1 error, 2 usage, 3 captured with losses.",
	.operand = "QEMU", .min = 1, .max = -1, .rest = true, .size = sizeof(struct capture_args), .run = run,
};

const struct command cmd_attach = {
	.name = "attach", .brief = "capture a guest that runs already",
	.usage = (const char *const[]){ "[OPTION...] PID", "[OPTION...] --qmp PATH",
		"[OPTION...] --libvirt NAME", NULL },
	.about = "Captures the audio controllers of a guest that runs already, until the guest ends or you "
		 "press Ctrl-C; QEMU is then left as it was. PID is QEMU's process: its QMP socket is found "
		 "on its command line.",
	.groups = (const struct option_group[]){
		{ "Which guest", guest, 0 },
		{ "Output", output, 0 },
		{ NULL, format_rows, offsetof(struct capture_args, show.form) },
		{ NULL, color_rows, offsetof(struct capture_args, show.color) },
		{ "How to capture", capture, 0 },
		{ 0 } },
	.end = "Exit status: 0 everything exact, 1 error, 2 usage, 3 captured with losses.",
	.operand = "PID", .max = 1, .size = sizeof(struct capture_args), .run = attach,
};

/* --- args -------------------------------------------------------------------------- */

static int args(void *options, int argc, char **argv)
{
	const char *inherited = getenv(QEMU_CAPTURE_ENV);
	const struct qemu_fds none = { .qmp = -1, .trace = -1 };
	struct buf all = { 0 };
	struct err *e;

	(void)options;
	(void)argc;
	(void)argv;
	if (inherited && *inherited)
		buf_addf(&all, "%s\n", inherited);
	else
		qemu_additions(&none, false, &all);
	for (size_t i = 0; i < all.len; i++)
		if (!all.data[i])
			all.data[i] = i + 1 < all.len ? ' ' : '\n';
	e = out_answer(&all);
	buf_deinit(&all);
	return exit_status(e, false);
}

const struct command cmd_args = {
	.name = "args", .brief = "print what a capture adds to QEMU's command line, for scripts",
	.usage = (const char *const[]){ "", NULL },
	.about = "Prints what a capture adds to QEMU's command line: qemu-system-x86_64 ... $(hdadump args). In a "
		 "script that is started by 'hdadump run -o FILE -- SCRIPT' these additions lead to hdadump; "
		 "elsewhere QEMU's trace goes to its standard error (or -D FILE), for 'hdadump show'.",
	.run = args,
};
