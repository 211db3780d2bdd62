// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump show: what a capture holds, verb by verb. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "pipeline.h"
#include "sink/sink.h"
#include "source/source.h"

static const char usage[] =
	"usage: hdadump show [OPTION...] FILE\n"
	"\n"
	"Shows a capture or a QEMU trace log verb by verb; FILE may be - for a trace log on\n"
	"standard input.\n"
	"\n"
	"      --device NAME    only this controller\n"
	"      --format FORM    text or json\n"
	"  -s, --summary        only the summary, on standard error\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.\n";

int cmd_show(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "device", required_argument, NULL, 'D' },
		{ "format", required_argument, NULL, 'F' },
		{ "summary", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct show_options show = { .fd = STDOUT_FILENO };
	const char *device = NULL;
	struct pipeline p = { 0 };
	struct sink *sink = NULL;
	bool summary = false;
	struct err *e = NULL;
	int c, fd = -1;

	optind = 1;
	while (!e && (c = getopt_long(argc, argv, "sh", longs, NULL)) != -1) {
		switch (c) {
		case 'D':
			device = optarg;
			break;
		case 'F':
			e = show_parse_format(optarg, &show);
			break;
		case 's':
			summary = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			e = err_new(ERR_USAGE, "see 'hdadump show --help'");
		}
	}
	if (!e && argc - optind != 1)
		e = err_new(ERR_USAGE, "show takes one file; see 'hdadump show --help'");
	if (!e)
		e = input_open(argv[optind], device, &p.source, &fd);
	if (!e && !summary)
		e = show_create_sink(&show, &p.names, &sink);
	if (!e) {
		p.sink = sink;
		e = pipeline_run(&p);
		if (!e && summary)
			summary_print(&p, NULL, NULL);
	}
	source_destroy(p.source);
	sink_destroy(sink);
	if (fd >= 0)
		close(fd);
	int status = exit_status(e, &p);
	pipeline_deinit(&p);
	return status;
}
