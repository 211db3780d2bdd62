// SPDX-License-Identifier: GPL-2.0-or-later
/* QemuHDADump: saves the CORB and the RIRB as frames, by QEMU's monitor, once a lap. */
#include "compat/frame_recorder.h"
#include "compat/programs.h"

int main(int argc, char **argv)
{
	struct frame_recorder_options o = { 0 };
	struct frame_recorder_result r = { 0 };
	struct err *e;
	int first, status;

	if (!program_start(&program_QemuHDADump, argc, argv, &o, &first, &status))
		return status;
	o.where = argv[first];
	e = frame_recorder_run(&o, &r);
	if (e)
		return program_end(e, 0);
	if (!r.verbs || r.failed || (o.where && !r.checked))
		return 1;
	return o.where && r.good < r.verbs ? 3 : 0;
}
