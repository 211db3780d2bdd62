/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of a command as one table: the options' names, their arguments, where the
 * values are stored, and their help texts. Parsing (over getopt_long), --help, the
 * completions of shells and the man page's synopsis and options come from the table, so they
 * cannot disagree.
 *
 * An option is a row. Rows that belong together are a group: of one command, or shared by
 * several, so that these use the same words for the same thing. A row's `at` is an offset in
 * its group's struct, a group's `at` an offset in the command's struct:
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
 * Ownership: tables are constant and never freed; values point into argv. Errors are
 * ERR_USAGE and name the option.
 */
#ifndef HDADUMP_BASE_OPTIONS_OPTIONS_H
#define HDADUMP_BASE_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct option_row;

/* Parses @arg and stores it in @field. An error says only what is expected: "seconds, as 0.5". */
typedef struct err *option_take(const struct option_row *row, const char *arg, void *field);

struct option_row {
	const char *name;	/* "output"; NULL ends the rows */
	const char *arg;	/* its argument in the help, "OUT"; NULL: it has none */
	const char *help;	/* help text: a phrase without a full stop */
	option_take *take;
	size_t at;		/* offset of the field in the group's struct */
	/* option_word: the allowed values, in order; the last is NULL */
	const char *const *words;
	uint64_t max;		/* option_count: the greatest value; 0 = no limit */
	char letter;		/* 'o'; 0 = no letter */
	bool needed;		/* the command fails without this option */
};

struct option_group {
	const char *title;	/* "What to show"; NULL: continues the group before it */
	const struct option_row *rows;	/* NULL ends the groups */
	size_t at;		/* offset of the rows' struct in the command's struct */
};

struct command {
	const char *name;	/* "show" */
	/* "shows a capture verb by verb": shown beside the name in a list */
	const char *brief;
	/* the text after the name, one line for each way to call it; the last is NULL */
	const char *const *usage;
	const char *about;	/* paragraphs */
	const struct option_group *groups;	/* NULL: it has only --help */
	const char *end;	/* text after the options: exit statuses */
	const char *operand;	/* the name of its operands: "FILE" */
	/* all values that the operands can have; NULL: any text */
	const char *const *operand_words;
	int min, max;		/* number of operands; max < 0: no limit */
	bool rest;		/* everything after the first operand belongs to another program */
	bool is_program;	/* a program, not a command of hdadump: it also has --version */
	const void *defaults;	/* initial values of the options' struct; NULL: zeros */
	size_t size;		/* size of that struct */
	/* Runs the command and returns the exit status. @argv are the operands, and a NULL. */
	int (*run)(void *options, int argc, char **argv);
};

/* Commands that are listed under one title. */
struct command_section {
	const char *title;	/* "Prepare"; NULL ends the sections */
	const struct command *const *commands;	/* the last is NULL */
};

/* --- values ------------------------------------------------------------------ */

option_take option_flag;	/* bool: set to true */
option_take option_text;	/* const char * */
option_take option_word;	/* an enum: the index in row->words */
option_take option_count;	/* uint64_t, decimal, 0 to row->max */
option_take option_id;		/* uint32_t, hexadecimal with or without 0x */
option_take option_address;	/* uint64_t, the same: an address in memory */

/* Parses a number without a sign that fills @text; hexadecimal with or without 0x, or decimal. */
bool options_hex(const char *text, uint64_t max, uint64_t *v);
bool options_decimal(const char *text, uint64_t max, uint64_t *v);

/* --- parsing ------------------------------------------------------------------- */

enum options_asked { OPTIONS_GO, OPTIONS_HELP, OPTIONS_VERSION };

/*
 * Parses argv[1] and the rest into @options, which the caller has filled with the defaults.
 * Afterwards argv + *first are the operands. @asked is set if the user wants help or the
 * version; then the other options do not count.
 */
struct err *command_parse(const struct command *c, void *options, int argc, char **argv, int *first,
			  enum options_asked *asked);

/* Finds a command by its name; NULL if there is none. */
const struct command *command_find(const struct command_section *list, const char *name);
/* The command's name that is nearest to the mistyped @word; NULL if none is near. */
const char *command_hint(const struct command_section *list, const char *word);

/* --- help, man pages and completion -------------------------------------------------- */

/* "usage: hdadump show [OPTION...] FILE", what it does, and its options. */
void command_help(const struct command *c, unsigned int width, struct buf *b);
/* The commands by sections, one line each, after the text @about. */
void commands_help(const struct command_section *list, const char *about, unsigned int width,
		   struct buf *b);

/*
 * Fills in a man page in scdoc's form. These lines of the page are replaced:
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

/* The script that completes hdadump's commands in @shell. */
void command_completion(const struct command_section *list, enum shell shell, struct buf *b);

/* --- for the files of this folder --------------------------------------------------- */

/* --help and, for a program, --version: every command has them. */
extern const struct option_row options_own[];

#define command_each_row(c, g, r) \
	for (const struct option_group *g = (c)->groups; g && g->rows; g++) \
		for (const struct option_row *r = g->rows; r->name; r++)

#endif
