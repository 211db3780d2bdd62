// SPDX-License-Identifier: GPL-2.0-or-later
/* The text of --help. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/options/options.h"
#include "base/text.h"

/* The last column where an option's text may begin; a longer option has a line of its own. */
#define TEXT_COLUMN 26

static void add_left(const struct option_row *r, struct buf *b)
{
	if (r->letter)
		buf_addf(b, "  -%c, --%s", r->letter, r->name);
	else
		buf_addf(b, "      --%s", r->name);
	if (r->arg)
		buf_addf(b, " %s", r->arg);
}

/* The column where the texts of all options begin. */
static unsigned int text_column(const struct command *c)
{
	unsigned int column = 0;

	command_each_row(c, g, r) {
		unsigned int n = 10 + (unsigned int)strlen(r->name) +
				 (r->arg ? (unsigned int)strlen(r->arg) + 1 : 0);

		if (n > column && n <= TEXT_COLUMN)
			column = n;
	}
	return column ? column : 14;
}

static void add_row(const struct option_row *r, unsigned int column, unsigned int width,
		    struct buf *b)
{
	struct buf left = { 0 }, text = { 0 };

	add_left(r, &left);
	buf_adds(&text, r->help);
	if (r->words) {
		buf_adds(&text, ": ");
		for (unsigned int i = 0; r->words[i]; i++)
			buf_addf(&text, "%s%s", !i ? "" : r->words[i + 1] ? ", " : " or ",
				 r->words[i]);
	}
	/* at least one blank between the two, otherwise the text has its own line */
	if (left.len == column)
		buf_addc(&left, ' ');
	text_wrap(b, buf_str(&left), column, buf_str(&text), width);
	buf_deinit(&left);
	buf_deinit(&text);
}

static void add_usage(const struct command *c, unsigned int width, struct buf *b)
{
	for (unsigned int i = 0; c->usage[i]; i++) {
		struct buf head = { 0 };

		buf_addf(&head, "%s%s%s%s ", i ? "       " : "usage: ",
			 c->is_program ? "" : log_program, c->is_program ? "" : " ", c->name);
		text_wrap(b, buf_str(&head), (unsigned int)head.len, c->usage[i], width);
		buf_deinit(&head);
	}
}

void command_help(const struct command *c, unsigned int width, struct buf *b)
{
	unsigned int column = text_column(c);

	add_usage(c, width, b);
	buf_addc(b, '\n');
	text_wrap(b, "", 0, c->about, width);
	for (const struct option_group *g = c->groups; g && g->rows; g++) {
		if (g->title || g == c->groups)
			buf_addf(b, "\n%s%s", g->title ? g->title : "", g->title ? ":\n" : "");
		for (const struct option_row *r = g->rows; r->name; r++)
			add_row(r, column, width, b);
	}
	if (c->is_program) {
		buf_adds(b, c->groups ? "" : "\n");
		for (const struct option_row *r = options_own; r->name; r++)
			add_row(r, column, width, b);
	}
	if (c->end) {
		buf_addc(b, '\n');
		text_wrap(b, "", 0, c->end, width);
	}
}

void commands_help(const struct command_section *list, const char *about, unsigned int width,
		   struct buf *b)
{
	size_t column = 0;

	for (const struct command_section *s = list; s->title; s++)
		for (const struct command *const *c = s->commands; *c; c++)
			if (strlen((*c)->name) > column)
				column = strlen((*c)->name);
	text_wrap(b, "", 0, about, width);
	for (const struct command_section *s = list; s->title; s++) {
		buf_addf(b, "\n%s\n", s->title);
		for (const struct command *const *c = s->commands; *c; c++) {
			char head[48];

			snprintf(head, sizeof(head), "  %s", (*c)->name);
			text_wrap(b, head, (unsigned int)column + 4, (*c)->brief, width);
		}
	}
}
