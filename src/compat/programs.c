// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/programs.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "compat/frame_recorder.h"

static const struct option_row recorder_rows[] = {
	{ .name = "controller", .arg = "NAME", .take = option_text,
	  .at = offsetof(struct frame_recorder_options, device),
	  .help = "the controller, as the trace names it, or the end of its PCI address; by default the "
		  "first that sends a verb" },
	{ .name = "folder", .arg = "FOLDER", .take = option_text,
	  .at = offsetof(struct frame_recorder_options, folder),
	  .help = "where QEMU puts the frames; by default its own current folder" },
	{ .name = "force", .letter = 'f', .take = option_flag,
	  .at = offsetof(struct frame_recorder_options, overwrite),
	  .help = "replace the frames of an earlier capture" },
	{ .name = "no-hold", .take = option_flag, .at = offsetof(struct frame_recorder_options, no_hold),
	  .help = "with QMP: let QEMU end at the guest's shutdown without waiting for the last frame" },
	{ .name = "pmemsave", .take = option_flag, .at = offsetof(struct frame_recorder_options, pmemsave),
	  .help = "with QMP: QEMU writes the frames, even where its memory can be read directly" },
	{ 0 }
};

const struct command program_QemuHDADump = {
	.name = "QemuHDADump", .brief = "saves the rings as frames, through QEMU's monitor",
	.usage = (const char *const[]){ "[OPTION...] [MONITOR]", NULL },
	.about = "Reads QEMU's trace on standard input (start-qemu 2>&1 >/dev/null | QemuHDADump), prints for each "
		 "HD Audio verb the address that it will have in the joined file, and has QEMU's monitor "
		 "save the rings as frame00, frame01, ...\n"
		 "\n"
		 "MONITOR is the terminal on which QEMU runs with -monitor stdio (what 'tty' says there), or "
		 "unix:PATH, the socket of a monitor or of QMP. Without it only addresses are printed.",
	.groups = (const struct option_group[]){ { NULL, recorder_rows, 0 }, { 0 } },
	.end = "Exit status: 0 all verbs saved in time, 1 error, 2 usage, 3 some may be missing.",
	.operand = "MONITOR", .max = 1, .is_program = true,
};

static const struct option_row extract_rows[] = {
	{ .name = "output", .letter = 'o', .arg = "FOLDER", .take = option_text,
	  .at = offsetof(struct extract_options, output), .help = "put them there" },
	{ .name = "pair", .arg = "FILE", .take = option_text, .at = offsetof(struct extract_options, pair),
	  .help = "also join verbs and responses to a capture that hdadump reads" },
	{ .name = "force", .letter = 'f', .take = option_flag,
	  .at = offsetof(struct extract_options, overwrite), .help = "replace what an earlier run wrote" },
	{ 0 }
};

const struct command program_ExtractHDADump = {
	.name = "ExtractHDADump", .brief = "joins frames into all verbs and all responses",
	.usage = (const char *const[]){ "[OPTION...] FOLDER", NULL },
	.about = "Joins the frames of FOLDER (frame00, frame01, ... or frame0000, ...; exit_dump or exit_frame "
		 "last) into allCORBframes, all verbs, and allRIRBframes, all responses, in the current folder. "
		 "It reports what is missing or doubtful.",
	.groups = (const struct option_group[]){ { NULL, extract_rows, 0 }, { 0 } },
	.end = "Exit status: 0 all is there, 1 error, 2 usage, 3 something is missing or doubtful.",
	.operand = "FOLDER", .min = 1, .max = 1, .is_program = true,
};

static const struct option_row format_rows[] = {
	{ .name = "decode", .letter = 'd', .take = option_flag, .at = offsetof(struct format_options, decode),
	  .help = "one verb a line, with its name; responses where the file's name says RIRB" },
	{ .name = "responses", .take = option_flag, .at = offsetof(struct format_options, responses),
	  .help = "decode responses, whatever the file's name says" },
	{ 0 }
};

const struct command program_frameDumpFormatted = {
	.name = "frameDumpFormatted", .brief = "prints the words of a file of frames",
	.usage = (const char *const[]){ "[OPTION...] FILE", NULL },
	.about = "Prints the words of FILE (allCORBframes, allRIRBframes, a frame, or - for standard input) in hex, "
		 "four a line, with the address on the left.",
	.groups = (const struct option_group[]){ { NULL, format_rows, 0 }, { 0 } },
	.end = "Exit status: 0, 1 error, 2 usage.",
	.operand = "FILE", .min = 1, .max = 1, .is_program = true,
};

const struct command *const compat_programs[] = {
	&program_QemuHDADump, &program_ExtractHDADump, &program_frameDumpFormatted, NULL
};

int program_end(struct err *e, int good)
{
	int status;

	if (!e)
		return good;
	status = err_kind(e) == ERR_USAGE ? 2 : err_kind(e) == ERR_PIPE ? good : 1;
	if (err_kind(e) == ERR_PIPE)
		err_free(e);
	else
		log_err(e);
	return status;
}

bool program_start(const struct command *c, int argc, char **argv, void *options, int *first, int *status)
{
	enum options_asked asked;
	struct buf b = { 0 };
	struct err *e;

	log_program = c->name;
	signal(SIGPIPE, SIG_IGN);
	text_locale();
	e = command_parse(c, options, argc, argv, first, &asked);
	*status = program_end(e, 0);
	if (e || asked == OPTIONS_GO)
		return !e;
	if (asked == OPTIONS_HELP)
		command_help(c, text_width(STDOUT_FILENO), &b);
	else
		buf_addf(&b, "%s " HDADUMP_VERSION "\n", c->name);
	fputs(buf_str(&b), stdout);
	buf_deinit(&b);
	return false;
}
