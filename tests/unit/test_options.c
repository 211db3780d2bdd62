// SPDX-License-Identifier: GPL-2.0-or-later
/* Command lines from a table: values, typing errors, help that fits, man pages, completions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/options/options.h"
#include "base/text.h"

enum colour { RED, GREEN };
static const char *const colours[] = { "red", "green", NULL };

struct shared {
	const char *controller;
};

struct paint {
	struct shared in;
	const char *out;
	uint64_t coats, place;
	uint32_t id;
	enum colour colour;
	bool force;
};

static const struct option_row shared_rows[] = {
	{ .name = "controller", .arg = "NAME", .help = "only this controller",
	  .take = option_text, .at = offsetof(struct shared, controller) },
	{ 0 }
};
static const struct option_row rows[] = {
	{ .name = "output", .letter = 'o', .arg = "OUT", .help = "where OUT goes; see --force",
	  .take = option_text, .at = offsetof(struct paint, out), .needed = true },
	{ .name = "force", .letter = 'f', .help = "replace OUT", .take = option_flag,
	  .at = offsetof(struct paint, force) },
	{ .name = "coats", .arg = "N", .help = "how often", .take = option_count, .max = 15,
	  .at = offsetof(struct paint, coats) },
	{ .name = "vendor-id", .arg = "ID", .help = "whose paint", .take = option_id,
	  .at = offsetof(struct paint, id) },
	{ .name = "place", .arg = "ADDRESS", .help = "where", .take = option_address,
	  .at = offsetof(struct paint, place) },
	{ .name = "colour", .arg = "WORD", .help = "the colour", .take = option_word,
	  .words = colours, .at = offsetof(struct paint, colour) },
	{ 0 }
};
static const struct option_group groups[] = {
	{ "Which wall", shared_rows, offsetof(struct paint, in) }, { "How", rows, 0 }, { 0 }
};
static const struct command paint = {
	.name = "paint", .brief = "gives a wall another colour", .operand = "WALL", .min = 1, .max = 2,
	.usage = (const char *const[]){ "[OPTION...] WALL... -o OUT", "--again WALL", NULL },
	.about = "Gives every WALL another colour, as often as it takes, which may be more than once; "
		 "what it was before is not kept.",
	.groups = groups, .end = "Exit status: 0 it is done, 1 error, 2 usage.",
};
static const struct command mix = {
	.name = "mix", .brief = "mixes two colours", .usage = (const char *const[]){ "A B", NULL },
	.about = "Mixes.", .operand = "PROGRAM", .min = 1, .max = -1, .rest = true,
};
static const struct command_section sections[] = {
	{ "Do", (const struct command *const[]){ &paint, &mix, NULL } }, { 0 }
};

static struct err *parse(const struct command *c, struct paint *p, int *first, enum options_asked *asked,
			 const char *a, const char *b, const char *d, const char *w)
{
	static char words[5][64];
	char *argv[6] = { words[0] };
	const char *given[] = { a, b, d, w };
	int n = 1;

	strcpy(words[0], c->name);
	for (int i = 0; i < 4 && given[i]; i++, n++)
		argv[n] = strcpy(words[n], given[i]);
	*p = (struct paint){ .coats = 1 };
	return command_parse(c, p, n, argv, first, asked);
}

static void refused(const char *a, const char *b, const char *d, const char *w, const char *says)
{
	struct paint p;
	enum options_asked asked;
	int first;
	struct err *e = parse(&paint, &p, &first, &asked, a, b, d, w);

	assert_non_null(e);
	assert_int_equal(err_kind(e), ERR_USAGE);
	assert_string_equal(err_text(e), says);
	err_free(e);
}

static void values_of_every_kind(void **state)
{
	(void)state;
	struct paint p;
	enum options_asked asked;
	int first;

	assert_null(parse(&paint, &p, &first, &asked, "-fox", "north", "--coats=15", "--colour=green"));
	assert_int_equal(asked, OPTIONS_GO);
	assert_int_equal(first, 4);	/* the operand was moved to the end */
	assert_true(p.force);
	assert_string_equal(p.out, "x");
	assert_int_equal(p.coats, 15);
	assert_int_equal(p.colour, GREEN);
	assert_null(parse(&paint, &p, &first, &asked, "-ox", "--vendor-id=10ec0298", "--place=0xFE00",
			  "w"));
	assert_int_equal(p.id, 0x10ec0298);
	assert_int_equal(p.place, 0xfe00);
	assert_int_equal(p.coats, 1);
	assert_null(parse(&paint, &p, &first, &asked, "-ox", "--contr", "1f.3", "w"));
	assert_string_equal(p.in.controller, "1f.3");
	assert_null(parse(&paint, &p, &first, &asked, "--help", "--nonsense", NULL, NULL));
	assert_int_equal(asked, OPTIONS_HELP);
}

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	refused("-ox", "--coats", "16", "w", "--coats 16: a decimal number, 0 to 15");
	refused("-ox", "--coats", "0x1", "w", "--coats 0x1: a decimal number, 0 to 15");
	refused("-ox", "--colour=blue", "w", NULL, "--colour blue: red or green");
	refused("-ox", "--vendor-id=ten", "w", NULL,
		"--vendor-id ten: an id of eight hexadecimal digits, as 10ec0298");
	refused("-ox", "--place=0x", "w", NULL,
		"--place 0x: an address in hexadecimal, as febf0000");
	refused("-ox", "--colour", NULL, NULL, "--colour needs WORD");
	refused("w", "-o", NULL, NULL, "--output needs OUT");
	refused("w", "--force=1", NULL, NULL, "--force=1: the option takes no value");
	refused("w", "--help=1", NULL, NULL, "--help=1: the option takes no value");
	refused("w", NULL, NULL, NULL, "paint needs --output OUT; see 'hdadump help paint'");
	refused("-ox", NULL, NULL, NULL, "paint needs WALL; see 'hdadump help paint'");
	refused("-ox", "a", "b", "c", "'c' is one argument too many for paint; see 'hdadump help paint'");
}

static void slips_get_a_hint(void **state)
{
	(void)state;
	refused("--contoller", "x", NULL, NULL,
		"paint has no option '--contoller'; is --controller meant? See 'hdadump help paint'");
	refused("--color=red", NULL, NULL, NULL,
		"paint has no option '--color'; is --colour meant? See 'hdadump help paint'");
	refused("--nothing-like-it", NULL, NULL, NULL,
		"paint has no option '--nothing-like-it'; see 'hdadump help paint'");
	refused("-fz", NULL, NULL, NULL, "paint has no option '-z'; see 'hdadump help paint'");
	refused("-V", NULL, NULL, NULL, "paint has no option '-V'; see 'hdadump help paint'");
	assert_string_equal(command_hint(sections, "piant"), "paint");
	assert_string_equal(command_hint(sections, "mx"), "mix");
	assert_null(command_hint(sections, "varnish"));
	assert_ptr_equal(command_find(sections, "mix"), &mix);
	assert_null(command_find(sections, "mi"));
}

static void options_of_another_program_are_its_own(void **state)
{
	(void)state;
	struct paint p;
	enum options_asked asked;
	int first;

	assert_null(parse(&mix, &p, &first, &asked, "prog", "--help", "-x", NULL));
	assert_int_equal(asked, OPTIONS_GO);
	assert_int_equal(first, 1);
	assert_null(parse(&mix, &p, &first, &asked, "--", "--help", NULL, NULL));
	assert_int_equal(first, 2);
}

static void help_fits(void **state)
{
	(void)state;
	struct buf b = { 0 };

	command_help(&paint, 60, &b);
	assert_string_equal(buf_str(&b),
		"usage: hdadump paint [OPTION...] WALL... -o OUT\n"
		"       hdadump paint --again WALL\n"
		"\n"
		"Gives every WALL another colour, as often as it takes, which\n"
		"may be more than once; what it was before is not kept.\n"
		"\n"
		"Which wall:\n"
		"      --controller NAME  only this controller\n"
		"\n"
		"How:\n"
		"  -o, --output OUT       where OUT goes; see --force\n"
		"  -f, --force            replace OUT\n"
		"      --coats N          how often\n"
		"      --vendor-id ID     whose paint\n"
		"      --place ADDRESS    where\n"
		"      --colour WORD      the colour: red or green\n"
		"\n"
		"Exit status: 0 it is done, 1 error, 2 usage.\n");
	buf_clear(&b);
	commands_help(sections, "Colours.", 80, &b);
	assert_string_equal(buf_str(&b), "Colours.\n\nDo\n  paint  gives a wall another colour\n"
			    "  mix    mixes two colours\n");
	buf_deinit(&b);
}

static void lines_break_at_blanks_and_columns(void **state)
{
	(void)state;
	struct buf b = { 0 };

	text_locale();
	text_wrap(&b, "- ", 2, "one two three four five six", 24);
	text_wrap(&b, "", 0, "a word-that-is-longer-than-a-line b", 20);
	text_wrap(&b, "a head that is long", 4, "text\n\nmore", 30);
	/* two columns each: ten of them fill a line */
	text_wrap(&b, "", 0, "\u4e00\u4e00\u4e00\u4e00\u4e00\u4e00 \u4e00\u4e00\u4e00\u4e00 x", 22);
	text_wrap(&b, "", 0, "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 "
		  "123456789 x", 20);
	assert_string_equal(buf_str(&b),
		"- one two three four\n  five six\n"
		"a\nword-that-is-longer-than-a-line\nb\n"
		"a head that is long\n    text\n\n    more\n"
		"\u4e00\u4e00\u4e00\u4e00\u4e00\u4e00 \u4e00\u4e00\u4e00\u4e00\nx\n"
		"e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 123456789\nx\n");
	buf_deinit(&b);
	assert_int_equal(text_columns("a\xff\u00e9", 4), 3);
}

static void man_pages_are_filled(void **state)
{
	(void)state;
	static const char page[] = "paint(1)\n\n# SYNOPSIS\n\n@synopsis paint\n\n# OPTIONS\n\n@options paint\n"
		"@more --coats\n\tThree are enough.\n\n\tFour are not.\n\n@more --colour\n\tOr none.\n\n# END\n";
	static const char wrong[] = "a\n@options paint\n@more --coats\n\tx\n@more --coat\n\tx\n";
	struct buf b = { 0 };
	struct err *e = command_man(sections, page, sizeof(page) - 1, &b);

	assert_null(e);
	assert_string_equal(buf_str(&b),
		"paint(1)\n\n# SYNOPSIS\n\n*hdadump paint* [_OPTION_...] _WALL_... *-o* _OUT_\n"
		"\n*hdadump paint* *--again* _WALL_\n\n# OPTIONS\n\n"
		"## Which wall\n\n*--controller* _NAME_\n\tOnly this controller.\n"
		"\n## How\n\n*-o*, *--output* _OUT_\n\tWhere _OUT_ goes; see *--force*.\n"
		"\n*-f*, *--force*\n\tReplace _OUT_.\n"
		"\n*--coats* _N_\n\tHow often.\n\tThree are enough.\n\n\tFour are not.\n"
		"\n*--vendor-id* _ID_\n\tWhose paint.\n"
		"\n*--place* _ADDRESS_\n\tWhere.\n"
		"\n*--colour* _WORD_\n\tThe colour: *red* or *green*.\n\tOr none.\n"
		"\n# END\n");
	e = command_man(sections, wrong, sizeof(wrong) - 1, &b);
	assert_non_null(e);
	assert_string_equal(err_text(e), "line 5: paint has no option --coat");
	err_free(e);
	e = command_man(sections, "@synopsis pain\n", 15, &b);
	assert_string_equal(err_text(e), "line 1: there is no command 'pain'");
	err_free(e);
	e = command_man(sections, "x\n@option paint\n", 16, &b);
	assert_string_equal(err_text(e), "line 2: @option paint: @synopsis, @options, @commands or @more");
	err_free(e);
	buf_deinit(&b);
}

static void shells_are_told_everything(void **state)
{
	(void)state;
	static const char *const says[] = {
		[SHELL_BASH] = "\t\t--colour) _hdadump_give words red green; return ;;\n",
		[SHELL_ZSH] = "'(-o --output)'{-o+,--output=}'[where OUT goes; see --force]:OUT:_files'",
		[SHELL_FISH] = "complete -c hdadump -n '__fish_seen_subcommand_from paint' -l colour -x "
			       "-a 'red green' -d 'the colour'\n",
	};
	struct buf b = { 0 };

	for (int shell = SHELL_BASH; shell <= SHELL_FISH; shell++) {
		buf_clear(&b);
		command_completion(sections, (enum shell)shell, &b);
		assert_non_null(strstr(buf_str(&b), says[shell]));
	}
	buf_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_every_kind),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(slips_get_a_hint),
		cmocka_unit_test(options_of_another_program_are_its_own),
		cmocka_unit_test(help_fits),
		cmocka_unit_test(lines_break_at_blanks_and_columns),
		cmocka_unit_test(man_pages_are_filled),
		cmocka_unit_test(shells_are_told_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
