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
 * Reads the command line of @c into @options; *first is the first operand.  False: help or
 * the version was shown, or an error told, and the program ends with *status.
 */
bool program_start(const struct command *c, int argc, char **argv, void *options, int *first, int *status);
/* Tells and frees @e; the exit status, which is @good without an error. */
int program_end(struct err *e, int good);

#endif
