/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands: arguments -> rooms -> exit status. Each is a table of its options
 * (base/options/options.h) and a function. Only these and main() print errors.
 */
#ifndef HDADUMP_CMD_CMD_H
#define HDADUMP_CMD_CMD_H

#include <stdio.h>

#include "base/options/options.h"

extern const struct command cmd_args, cmd_attach, cmd_bisect, cmd_codec, cmd_completion, cmd_convert,
	cmd_diff, cmd_doctor, cmd_export, cmd_help, cmd_info, cmd_libvirt, cmd_mark, cmd_reduce,
	cmd_repair, cmd_replay, cmd_run, cmd_segments, cmd_show, cmd_state, cmd_verb;

/* All commands, in the order of the help. */
extern const struct command_section cmd_sections[];

/* Runs a command, or shows its help; @argv[0] is its name. Returns the exit status. */
int cmd_run_command(const struct command *c, int argc, char **argv);
/* Prints what hdadump does, and its commands. */
void cmd_overview(FILE *f);

#endif
