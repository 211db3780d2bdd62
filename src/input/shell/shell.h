/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of a shell as scripts of hda-verb commands need: constant variables, arrays, `for`
 * over constant words, and functions with their arguments. It sends nothing and asks nothing:
 * what only a real shell could know is a gap at its place, and of alternatives (branches of an
 * `if` or `case`, functions that nothing calls) each becomes a part with its name.
 *
 * Everything is bounded: the size of a block, nesting, and the number of commands.
 */
#ifndef HDADUMP_INPUT_SHELL_H
#define HDADUMP_INPUT_SHELL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reader.h"

struct err;
struct text_reader;
struct script_shell;

enum shell_kind {
	SHELL_OTHER,	/* nothing that a shell does here */
	SHELL_TAKEN,	/* read, or kept until its block ends */
};

struct err *shell_create(struct script_shell **out);
void shell_destroy(struct script_shell *s);
/* Reads one line; @t gets its events, at the end of the block for a line of a block. */
enum shell_kind shell_line(struct script_shell *s, struct text_reader *t, struct reader line);
/* A line that `sh -x` printed: the command after its signs. False: no verb is sent in it. */
bool shell_traced(struct script_shell *s, struct text_reader *t, struct reader line);
/* True in an `if`, a function or another block that has not ended. */
bool shell_in_block(const struct script_shell *s);
/* After the last line: what no command has used, and a block without an end. */
void shell_end(struct script_shell *s, struct text_reader *t);
/* The next hda-verb or alc-verb of @r that is a command; *r then begins after it. */
bool shell_find_command(struct reader *r);

#endif
