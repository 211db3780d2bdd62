// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump attach: what a guest that runs already says to its codecs. */
#include <ctype.h>
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
#include "store/store.h"

static const char usage[] =
	"usage: hdadump attach [OPTION...] PID | --qmp PATH | --libvirt NAME\n"
	"\n"
	"Captures the audio controllers of a guest that runs already, until the guest\n"
	"ends or you press Ctrl-C; QEMU is then left as it was. PID is QEMU's process:\n"
	"its QMP socket is found on its command line.\n"
	"\n"
	"      --qmp PATH       QEMU's QMP socket: PATH, unix:PATH or tcp:HOST:PORT\n"
	"      --libvirt NAME   a guest of libvirt's: its name, id or UUID\n"
	"      --connect URI    which libvirt (qemu:///system, qemu:///session)\n"
	"      --fifo-dir DIR   where the trace's FIFO is made: QEMU's user must reach it\n"
	"  -o, --output FILE    keep the capture in FILE (must not exist)\n"
	"  -f, --force          replace FILE if it is an older capture\n"
	"      --device NAME    only this controller: its PCI address or QEMU id\n"
	"      --via ROUTE      auto, bpf (KVM guests) or trace (QEMU's log)\n"
	"      --bpf-buffer N   bytes between the kernel and hdadump, with K or M\n"
	"      --memory ROUTE   auto, process (process_vm_readv) or monitor\n"
	"      --format FORM    text or json\n"
	"  -q, --quiet          show only the summary\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 captured with losses.\n";

struct attach_options {
	struct live_attach_options live;
	struct show_options show;
	const char *output;
	bool force;
	bool quiet;
};

static struct err *parse_pid(const char *text, pid_t *pid)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || !isdigit((unsigned char)*text) || n <= 0 || n > 1 << 22)
		return err_new(ERR_USAGE, "'%s' is no process id; a name goes with --libvirt, a socket "
			       "with --qmp", text);
	*pid = (pid_t)n;
	return NULL;
}

static struct err *parse_target(char *const *argv, struct monitor_where *w)
{
	int ways = (w->qmp != NULL) + (w->libvirt != NULL) + (argv[0] != NULL);

	if (!ways)
		return err_new(ERR_USAGE, "which guest? a process id, --qmp PATH or --libvirt NAME; see "
			       "'hdadump attach --help'");
	if (ways > 1 || (argv[0] && argv[1]))
		return err_new(ERR_USAGE, "one guest at a time: a process id, --qmp PATH or --libvirt "
			       "NAME");
	if (w->uri && !w->libvirt)
		return err_new(ERR_USAGE, "--connect is for --libvirt NAME");
	return argv[0] ? parse_pid(argv[0], &w->pid) : NULL;
}

static struct err *parse(int argc, char **argv, struct attach_options *o, bool *help)
{
	static const struct option longs[] = {
		{ "qmp", required_argument, NULL, 'Q' },
		{ "libvirt", required_argument, NULL, 'L' },
		{ "connect", required_argument, NULL, 'c' },
		{ "fifo-dir", required_argument, NULL, 'I' },
		{ "output", required_argument, NULL, 'o' },
		{ "force", no_argument, NULL, 'f' },
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
	while (!e && (c = getopt_long(argc, argv, "c:o:fqh", longs, NULL)) != -1) {
		switch (c) {
		case 'Q':
			o->live.where.qmp = optarg;
			break;
		case 'L':
			o->live.where.libvirt = optarg;
			break;
		case 'c':
			o->live.where.uri = optarg;
			break;
		case 'I':
			o->live.fifo_dir = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case 'f':
			o->force = true;
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
			return err_new(ERR_USAGE, "see 'hdadump attach --help'");
		}
	}
	return e ? e : parse_target(argv + optind, &o->live.where);
}

/* What was joined, kept in the capture's header. */
static struct err *header_text(const struct monitor_where *w, struct buf *text)
{
	buf_adds(text, "hdadump " HDADUMP_VERSION " attach ");
	if (w->libvirt)
		buf_addf(text, "--libvirt %s", w->libvirt);
	else if (w->qmp)
		buf_addf(text, "--qmp %s", w->qmp);
	else
		buf_addf(text, "%d", (int)w->pid);
	return buf_err(text);
}

int cmd_attach(int argc, char **argv)
{
	struct attach_options o = { .show = { .fd = STDOUT_FILENO } };
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
		e = header_text(&o.live.where, &text);
	/* before the guest is touched: a file that cannot be written is known now */
	if (!e && o.output)
		e = store_create(o.output, o.force, buf_str(&text), &store);
	if (!e)
		e = live_attach_create(&o.live, &src);
	if (e) {
		/* no guest was joined; the next try wants the name */
		store_discard(store);
		store = NULL;
		goto out;
	}
	p.source = src;
	p.store = store;
	p.sink = sink;
	control = marks_start(&p, src, o.output ? o.output : "(not kept)", false);
	p.fold.noise = true;	/* live, every verb is shown when it comes */
	e = pipeline_run(&p);
	end = store_close(store);
	store = NULL;
	if (end && !p.store_failed)
		log_err(end);
	else
		err_free(end);
	p.store_failed |= end != NULL;
	end = live_result(src);
	summary_print(&p, live_route(src), o.output);
	if (e)
		err_free(end);
	else
		e = end;
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
