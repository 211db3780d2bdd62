/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A shell's text as a list of commands and reserved words. */
#ifndef HDADUMP_INPUT_SHELL_PARSE_H
#define HDADUMP_INPUT_SHELL_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "input/shell/shell_words.h"

enum shell_token {
	W_COMMAND, W_COMMENT, W_IF, W_THEN, W_ELIF, W_ELSE, W_FI, W_FOR, W_LOOP, W_DO, W_DONE, W_CASE,
	W_ESAC, W_NEXT, W_OPEN, W_CLOSE, W_FUNCTION,
};

struct shell_item {
	struct statement st;
	enum shell_token word;
};

struct shell_items {
	struct shell_item *v;
	size_t n, cap;
};

/* Points into @text. False if memory ran out; @out->v is the caller's in any case. */
bool shell_parse(struct reader text, uint32_t line, struct shell_items *out);
/* The token that @text begins with; @alone: what follows it is a statement of its own. */
enum shell_token shell_token_of(struct reader *text, bool *alone);
/* `name()` or `function name`: the name. */
bool shell_is_function(struct reader text, struct reader *name);
/* 1 for a token that begins a block, -1 for one that ends it. */
int shell_opens(enum shell_token token);
/* The item that ends what @from begins, or @to. */
size_t shell_block_end(const struct shell_items *l, size_t from, size_t to);

#endif
