/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of a command as one table: what its options are called, what
 * they take, where that goes, and what is said of them.  Parsing (over
 * getopt_long), --help, the completions of shells and the man page's synopsis
 * and options come from the table, so they cannot disagree.
 *
 * An option is a row.  Rows that belong together are a group: of one command,
 * or shared by several, which then all have the same words for the same thing.
 * A row's `at` counts from the start of its group's struct, a group's `at` from
 * the start of the command's:
 *
 *	struct input_options { const char *controller; };
 *	static const struct option_row input_rows[] = {
 *		{ .name = "controller", .arg = "NAME", .help = "only this controller",
 *		  .take = option_text, .at = offsetof(struct input_options, controller) },
 *		{ 0 }
 *	};
 *	struct show_options { struct input_options in; ... };
 *	groups[] = { { NULL, input_rows, offsetof(struct show_options, in) }, ... { 0 } }
 *
 * Ownership: tables are constant and live for ever; values point into argv.
 * Errors are ERR_USAGE and name the option.
 */
#ifndef HDADUMP_BASE_OPTIONS_OPTIONS_H
#define HDADUMP_BASE_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct option_row;

/* Puts what @arg says into @field.  An error only says what is wrong: "seconds, as 0.5". */
typedef struct err *option_take(const struct option_row *row, const char *arg, void *field);

struct option_row {
	const char *name;	/* "output"; NULL ends the rows */
	const char *arg;	/* what it takes, "OUT"; NULL: nothing */
	const char *help;	/* what it does: a phrase without a full stop */
	option_take *take;
	size_t at;		/* of the field, in the group's struct */
	const char *const *words;	/* option_word: its values, in order; the last is NULL */
	uint64_t max;		/* option_count: the greatest value; 0: any */
	char letter;		/* 'o', or 0 */
	bool needed;		/* the command cannot do without it */
};

struct option_group {
	const char *title;	/* "What to show"; NULL: goes on with the group before */
	const struct option_row *rows;	/* NULL ends the groups */
	size_t at;		/* of the rows' struct, in the command's */
};

struct command {
	const char *name;	/* "show" */
	const char *brief;	/* "shows a capture verb by verb": beside the name, in a list */
	const char *const *usage;	/* what follows the name, a way a line; the last is NULL */
	const char *about;	/* paragraphs */
	const struct option_group *groups;	/* NULL: it has only --help */
	const char *end;	/* what is said after the options: exit statuses */
	const char *operand;	/* what its operands are: "FILE" */
	const char *const *operand_words;	/* all that they can be; NULL: anything */
	int min, max;		/* how many there may be; max < 0: any number */
	bool rest;		/* what follows the first operand is another program's */
	bool is_program;	/* it is no command of another program's; it has --version */
	const void *defaults;	/* the struct that the options start as; NULL: zeros */
	size_t size;		/* of that struct */
	/* Does it; gives the exit status.  @argv are the operands, and a NULL. */
	int (*run)(void *options, int argc, char **argv);
};

/* Commands that are listed together. */
struct command_section {
	const char *title;	/* "Prepare"; NULL ends the sections */
	const struct command *const *commands;	/* the last is NULL */
};

/* --- values ------------------------------------------------------------------ */

option_take option_flag;	/* bool: it is true now */
option_take option_text;	/* const char * */
option_take option_word;	/* an enum: the index in row->words */
option_take option_count;	/* uint64_t, decimal, 0 to row->max */
option_take option_id;		/* uint32_t, hexadecimal with or without 0x */
option_take option_address;	/* uint64_t, the same: a place in memory */

/* A number without a sign to the end of @text; hexadecimal with or without 0x, or decimal. */
bool options_hex(const char *text, uint64_t max, uint64_t *v);
bool options_decimal(const char *text, uint64_t max, uint64_t *v);

/* --- parsing ------------------------------------------------------------------- */

enum options_asked { OPTIONS_GO, OPTIONS_HELP, OPTIONS_VERSION };

/*
 * Reads argv[1] and what follows into @options, which the caller has filled with
 * the defaults.  Afterwards argv + *first are the operands.  @asked tells whether
 * the user wants help or the version instead; then nothing else counts.
 */
struct err *command_parse(const struct command *c, void *options, int argc, char **argv, int *first,
			  enum options_asked *asked);

/* Finds a command by its name, or NULL. */
const struct command *command_find(const struct command_section *list, const char *name);
/* The name of a command that @word may be a slip of, or NULL. */
const char *command_hint(const struct command_section *list, const char *word);

/* --- what is said of them --------------------------------------------------------- */

/* "usage: hdadump show [OPTION...] FILE", what it does, and its options. */
void command_help(const struct command *c, unsigned int width, struct buf *b);
/* The commands by sections, a line each; @about stands before them. */
void commands_help(const struct command_section *list, const char *about, unsigned int width,
		   struct buf *b);

/*
 * Fills in a man page in scdoc's form.  A line of it
 *
 *	@synopsis NAME	becomes the synopsis of that command
 *	@commands	becomes all commands by sections
 *	@options NAME	becomes all its options; lines "@more --OPTION", each with paragraphs
 *			of text, may follow: these go to that option; a line without a tab
 *			at its start ends them
 *
 * An unknown name is an error, which names the line.
 */
struct err *command_man(const struct command_section *list, const char *page, size_t len,
			struct buf *b);

enum shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH };
extern const char *const shell_names[];

/* The script by which @shell completes hdadump's commands. */
void command_completion(const struct command_section *list, enum shell shell, struct buf *b);

/* --- for the files of this folder --------------------------------------------------- */

/* --help and, of a program, --version: every command has them. */
extern const struct option_row options_own[];

#define command_each_row(c, g, r) \
	for (const struct option_group *g = (c)->groups; g && g->rows; g++) \
		for (const struct option_row *r = g->rows; r->name; r++)

#endif
