/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a shell: statements, and variables whose values are constants.
 */
#ifndef HDADUMP_INPUT_SHELL_WORDS_H
#define HDADUMP_INPUT_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/reader.h"

#define SHELL_VARIABLES 64
#define SHELL_NAME_MAX 32
#define SHELL_VALUE_MAX 128
#define SHELL_ARGS 9

/* One simple command, reserved word or comment. */
struct statement {
	struct reader text;
	uint32_t line;
	uint8_t open;		/* the quote or parenthesis that is missing at its end; 0 = none */
};

struct shell_variable {
	char name[SHELL_NAME_MAX], value[SHELL_VALUE_MAX];
	uint8_t name_len, value_len;
};

struct shell_variables {
	struct shell_variable v[SHELL_VARIABLES];
	size_t n;
};

/* The arguments of a function; `shifted` of them are gone. */
struct shell_args {
	struct reader arg[SHELL_ARGS];
	size_t n, shifted;
};

/*
 * The next statement of @r, whose first line is *@line; a comment is one of its own. False at
 * the end.
 */
bool shell_statement(struct reader *r, uint32_t *line, struct statement *out);
/* The next word between blanks; quotes around it are removed. */
bool shell_word(struct reader *r, struct reader *word);
/* True and @r moves on if @word comes first and nothing else is in that word. */
bool shell_takes(struct reader *r, const char *word);
/* `NAME=`: true and @r moves to the value. */
bool shell_assigns(struct reader *r, struct reader *name);
bool shell_same(struct reader a, struct reader b);
/* Sets a variable; an empty or too long value makes it unknown. */
void shell_set(struct shell_variables *v, struct reader name, struct reader value);
/* @text with all that is known in the place of $NAME, ${NAME}, $1 and "$@". */
void shell_expand(const struct shell_variables *v, const struct shell_args *args,
		  struct reader text, struct buf *out);

#endif
