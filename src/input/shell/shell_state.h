/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a shell (input/shell/shell.h) knows, and the events that wait for the end of a block. */
#ifndef HDADUMP_INPUT_SHELL_STATE_H
#define HDADUMP_INPUT_SHELL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "input/shell/shell_words.h"

struct text_reader;

#define SHELL_FUNCTIONS 32
#define SHELL_ARRAYS 16
/* The largest block, and the most statements and events that a script may become. */
#define SHELL_BLOCK_MAX (256u << 10)
#define SHELL_STATEMENTS_MAX 100000
#define SHELL_OUT_MAX 65536
/* Calls and blocks within each other. */
#define SHELL_DEPTH_MAX 12
#define SHELL_ALTERNATIVES_MAX 256

/* A function or an array: its text, and where that begins. */
struct shell_stored {
	char name[SHELL_NAME_MAX];
	struct buf text;
	uint32_t line;
	bool used;
};

enum shell_out_kind { OUT_VERB, OUT_MARK, OUT_PART, OUT_GAP };

/* An event that waits for the end of its block. */
struct shell_out {
	enum shell_out_kind kind;
	uint32_t line, word;
	int card;		/* -1 = the device has no number */
	size_t text, len;	/* in `texts` */
};

struct script_shell {
	struct shell_variables vars;
	struct shell_stored functions[SHELL_FUNCTIONS], arrays[SHELL_ARRAYS];
	size_t n_functions, n_arrays;
	struct buf block;
	uint32_t block_line;
	unsigned int depth;	/* reserved words of the block that wait for their end */
	bool function;		/* its brace has not come */
	uint8_t open;		/* the quote or parenthesis that the block waits for */
	struct shell_out *out;
	size_t n_out, cap_out;
	struct buf texts;
	size_t verbs, gaps;	/* number of them in `out` */
	unsigned int statements;
	unsigned int alternatives;
	bool rejoin;		/* the next verb belongs to all alternatives before it */
};

void shell_put(struct script_shell *s, enum shell_out_kind kind, uint32_t line, struct reader text);
/* A part with a name, before the event @at. */
void shell_insert_part(struct script_shell *s, size_t at, struct reader name, uint32_t line);
void shell_put_gap(struct script_shell *s, const struct statement *st, const char *why);
void shell_put_verb(struct script_shell *s, uint32_t line, int card, uint32_t word);
/* Gives @t all that waits. */
void shell_give_out(struct script_shell *s, struct text_reader *t);

/* True if only a shell knows a part of @t. */
bool shell_has_variable(struct reader t);
/* The arguments of hda-verb, with or without a device. False: it is no command. */
bool shell_send(struct script_shell *s, const struct statement *st, struct reader *r);
/* A name with "verb" in it that the file does not define: [DEVICE] NID VERB PARAMETER. */
bool shell_send_by_wrapper(struct script_shell *s, const struct statement *st, struct reader name,
			   struct reader rest);
/* The triples of an array: "NID VERB PARAMETER", or one word after the other. */
void shell_put_array(struct script_shell *s, const struct shell_stored *a);

#endif
