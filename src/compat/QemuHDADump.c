// SPDX-License-Identifier: GPL-2.0-or-later
/* QemuHDADump: frames of the CORB and the RIRB, saved by QEMU's monitor as the ring rolls over. */
#include <getopt.h>
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "compat/frame_recorder.h"

static const char usage[] =
	"usage: start-qemu 2>&1 >/dev/null | QemuHDADump [OPTION...] [MONITOR]\n"
	"\n"
	"Reads QEMU's trace, prints for each HD Audio verb the address at which it will stand in\n"
	"the finished file, and has QEMU's monitor save the rings as frame00, frame01, ...\n"
	"\n"
	"MONITOR is the terminal on which QEMU runs with -monitor stdio (what 'tty' says there),\n"
	"or unix:PATH, the socket of a monitor or of QMP. Without it only addresses are printed.\n"
	"\n"
	"      --device NAME    the controller, as the trace names it; default: the first that\n"
	"                       sends a verb\n"
	"      --folder DIR     where QEMU puts the frames; default: its own current folder\n"
	"  -f, --force          replace the frames of an earlier capture\n"
	"      --no-hold        with QMP: let QEMU end at the guest's shutdown without waiting\n"
	"                       for the last frame\n"
	"      --pmemsave       with QMP: QEMU writes the frames, even where its memory can be\n"
	"                       read directly\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"\n"
	"Exit status: 0 all verbs saved in time, 1 error, 2 usage, 3 some may be missing.\n";

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "device", required_argument, NULL, 'D' },
		{ "folder", required_argument, NULL, 'F' },
		{ "force", no_argument, NULL, 'f' },
		{ "no-hold", no_argument, NULL, 'H' },
		{ "pmemsave", no_argument, NULL, 'P' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 }
	};
	struct frame_recorder_options o = { .hold = true };
	struct frame_recorder_result r = { 0 };
	struct err *e = NULL;
	int c;

	log_program = "QemuHDADump";
	while (!e && (c = getopt_long(argc, argv, "fhV", longs, NULL)) != -1) {
		switch (c) {
		case 'D':
			o.device = optarg;
			break;
		case 'F':
			o.folder = optarg;
			break;
		case 'f':
			o.overwrite = true;
			break;
		case 'H':
			o.hold = false;
			break;
		case 'P':
			o.pmemsave = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'V':
			puts("QemuHDADump " HDADUMP_VERSION);
			return 0;
		default:
			e = err_new(ERR_USAGE, "see 'QemuHDADump --help'");
		}
	}
	if (!e && argc - optind > 1)
		e = err_new(ERR_USAGE, "one monitor is enough; see 'QemuHDADump --help'");
	if (!e) {
		o.where = argv[optind];
		e = frame_recorder_run(&o, &r);
	}
	if (e) {
		int status = err_kind(e) == ERR_USAGE ? 2 : 1;

		log_err(e);
		return status;
	}
	if (!r.verbs || r.failed || (o.where && !r.checked))
		return 1;
	return o.where && r.good < r.verbs ? 3 : 0;
}
