// SPDX-License-Identifier: GPL-2.0-or-later
/* Global options and the command table. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd/cmd.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "run",  cmd_run,  "start QEMU and capture what its guest says to its codecs" },
	{ "attach", cmd_attach, "capture a guest that runs already" },
	{ "doctor", cmd_doctor, "whether this machine's codec can be captured, and what to do" },
	{ "mark", cmd_mark, "put a word into a running capture, at its place" },
	{ "libvirt", cmd_libvirt, "the change a libvirt guest's definition needs for a capture" },
	{ "show", cmd_show, "show a capture or a trace log, verb by verb" },
	{ "codec", cmd_codec, "show a codec: from its dump, an alsa-info, an RtHDDump or a capture" },
	{ "info", cmd_info, "whether a capture can be trusted, and what is wrong with it" },
	{ "convert", cmd_convert, "turn any format that is read into another" },
	{ "export", cmd_export, "write a list for hda-verb, the kernel, other systems or programs" },
	{ "state", cmd_state, "the codec's registers as the traffic left them, or against another source" },
	{ "diff", cmd_diff, "what two captures do differently to the codec" },
	{ "segments", cmd_segments, "a capture cut where something happened, and what each part changed" },
	{ "reduce", cmd_reduce, "the shortest verb list that leaves the codec in the same state" },
	{ "replay", cmd_replay, "send a list to a codec, and put everything back" },
	{ "bisect", cmd_bisect, "find the verbs of a list that matter, by few questions" },
	{ "repair", cmd_repair, "undo what another tool did to a list" },
	{ "verb", cmd_verb, "explain a verb or a response" },
	{ "args", cmd_args, "what a capture adds to QEMU's command line, for scripts" },
};

static void print_help(FILE *f)
{
	fputs("usage: hdadump COMMAND [ARGUMENT...]\n\n"
	      "Captures and explains the HD Audio verbs that a guest's driver sends.\n\n", f);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].help);
	fputs("\nhdadump COMMAND --help says more; hdadump --version the version.\n", f);
}

int main(int argc, char **argv)
{
	/* a reader that has gone is an error like any other, told once */
	signal(SIGPIPE, SIG_IGN);
	text_locale();
	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("hdadump " HDADUMP_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	log_note("'%s' is not a command; see hdadump --help", argv[1]);
	return 2;
}
