// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of all commands: each option is accepted, and has a field of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "cmd/cmd.h"
#include "compat/programs.h"

/*
 * A value that an option accepts, by its argument's name, or by the option's own name if that
 * is not specific enough.
 */
static const char *sample(const struct option_row *r)
{
	static const struct {
		const char *name, *value;
	} values[] = {
		{ "class", "set,pin" }, { "certainty", "exact" }, { "keep", "speaker,coef" },
		{ "allow", "gpio" }, { "ADDRESS", "0xfebf0000" }, { "END", "1.5" }, { "ID", "10ec0298" },
		{ "INDEX,...", "10" }, { "MS", "5" }, { "N", "7" }, { "N,...", "1,3" },
		{ "NID,...", "10-1f" }, { "PID", "4711" }, { "SECONDS", "2" }, { "SIZE", "64K" },
		{ "VERB,...", "707" },
	};

	if (r->words)
		return r->words[1] ? r->words[1] : r->words[0];
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].name, r->name) == 0 || strcmp(values[i].name, r->arg) == 0)
			return values[i].value;
	return "a text";
}

/*
 * The first byte that the option changes, and *end the last one, starting from zeros or, for
 * a word, from ones; SIZE_MAX = none.
 */
static size_t changed(const struct option_group *g, const struct option_row *r, size_t size, size_t *end)
{
	size_t first = SIZE_MAX;

	*end = 0;
	for (int fill = 0; fill <= (r->words ? 0xff : 0); fill += 0xff) {
		uint8_t *options = malloc(size + 64);
		struct err *e;

		assert_non_null(options);
		memset(options, fill, size + 64);
		e = r->take(r, r->arg ? sample(r) : NULL, options + g->at + r->at);
		if (e)
			fail_msg("--%s %s: %s", r->name, sample(r), err_text(e));
		for (size_t i = 0; i < size + 64; i++) {
			if (options[i] == fill)
				continue;
			first = i < first ? i : first;
			*end = i + 1 > *end ? i + 1 : *end;
		}
		free(options);
	}
	return first;
}

/* True for two names of one thing, as --at and --to. */
static bool may_share(const char *a, const char *b)
{
	return (strcmp(a, "at") == 0 && strcmp(b, "to") == 0) ||
	       (strcmp(a, "to") == 0 && strcmp(b, "at") == 0);
}

/* True for lists that share one struct, each with its own bits or count. */
static bool is_list(const struct option_row *r)
{
	return r->arg && strstr(r->arg, ",...");
}

static void check_command(const struct command *c)
{
	assert_non_null(c->brief);
	assert_non_null(c->about);
	assert_non_null(c->usage[0]);
	assert_true(c->max == 0 || c->operand);
	command_each_row(c, g, r) {
		size_t end, first = changed(g, r, c->size ? c->size : 4096, &end);

		assert_true(r->help && *r->help);
		assert_null(strchr(r->help, '\n'));
		if (first == SIZE_MAX)
			fail_msg("%s --%s changes nothing", c->name, r->name);
		if (c->size && end > c->size)
			fail_msg("%s --%s writes behind its struct", c->name, r->name);
		for (const struct option_row *own = options_own; own->name; own++)
			assert_int_not_equal(r->letter, own->letter);
		command_each_row(c, g2, r2) {
			size_t end2, first2;

			if (r2 == r && g2 == g)
				continue;
			if (strcmp(r->name, r2->name) == 0 || (r->letter && r->letter == r2->letter))
				fail_msg("%s has --%s or its letter twice", c->name, r->name);
			first2 = changed(g2, r2, c->size ? c->size : 4096, &end2);
			if (first < end2 && first2 < end && !may_share(r->name, r2->name) &&
			    !(is_list(r) && is_list(r2)))
				fail_msg("%s: --%s and --%s write to one place", c->name, r->name,
					 r2->name);
		}
	}
}

static void each_option_has_its_field(void **state)
{
	(void)state;
	for (const struct command_section *s = cmd_sections; s->title; s++) {
		for (const struct command *const *c = s->commands; *c; c++) {
			assert_non_null((*c)->run);
			check_command(*c);
			assert_ptr_equal(command_find(cmd_sections, (*c)->name), *c);
		}
	}
	for (const struct command *const *c = compat_programs; *c; c++)
		check_command(*c);
}

/* An option with the same name has the same kind of argument in all commands. */
static void a_name_means_one_thing(void **state)
{
	static const char *const gone[] = {
		"device", "json", "until", "mark", "subsystem", "a-device", "b-device",
	};

	(void)state;
	for (const struct command_section *s = cmd_sections; s->title; s++) {
		for (const struct command *const *c = s->commands; *c; c++) {
			command_each_row(*c, g, r) {
				for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
					assert_string_not_equal(r->name, gone[i]);
				if (strcmp(r->name, "from") == 0 || strcmp(r->name, "to") == 0)
					assert_string_equal(r->arg, "END");
				if (strcmp(r->name, "controller") == 0)
					assert_string_equal(r->arg, "NAME");
				if (strcmp(r->name, "address") == 0)
					assert_string_equal(r->arg, "N,...");
				if (strcmp(r->name, "format") == 0)
					assert_string_equal(r->words[1], "json");
				if (strcmp(r->name, "codec") == 0)
					assert_string_equal(r->arg, "DEV");
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_has_its_field),
		cmocka_unit_test(a_name_means_one_thing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
