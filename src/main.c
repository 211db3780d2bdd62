// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump COMMAND ...: finds the command. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "cmd/cmd.h"

int main(int argc, char **argv)
{
	const struct command *c;
	const char *hint;

	/* a closed output is an error like any other, and is reported once */
	signal(SIGPIPE, SIG_IGN);
	text_locale();
	if (argc < 2) {
		cmd_overview(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("hdadump " HDADUMP_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		cmd_overview(stdout);
		return 0;
	}
	c = command_find(cmd_sections, argv[1]);
	if (c)
		return cmd_run_command(c, argc - 1, argv + 1);
	/* a file is shown */
	if (strcmp(argv[1], "-") == 0 || access(argv[1], F_OK) == 0)
		return cmd_run_command(&cmd_show, argc, argv);
	hint = command_hint(cmd_sections, argv[1]);
	log_note("'%s' is neither a command nor a file%s%s%s 'hdadump help'", argv[1],
		 hint ? "; is '" : "", hint ? hint : "", hint ? "' meant? See" : "; see");
	return 2;
}
