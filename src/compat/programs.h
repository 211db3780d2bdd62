/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command lines of the three programs beside hdadump. */
#ifndef HDADUMP_COMPAT_PROGRAMS_H
#define HDADUMP_COMPAT_PROGRAMS_H

#include <stdbool.h>

#include "base/options/options.h"

struct err;

struct extract_options {
	const char *folder, *output, *pair;
	bool overwrite;
};

struct format_options {
	bool decode, responses;
};

extern const struct command program_QemuHDADump, program_ExtractHDADump, program_frameDumpFormatted;
/* All three; the last is NULL. */
extern const struct command *const compat_programs[];

/*
 * Parses the command line of @c into @options; *first is the first operand. False: help, the
 * version or an error was printed, and the program ends with *status.
 */
bool program_start(const struct command *c, int argc, char **argv, void *options, int *first, int *status);
/* Prints and frees @e. Returns the exit status, which is @good if there is no error. */
int program_end(struct err *e, int good);

#endif
