// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of a man page that come from a command's table, in scdoc's form. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/options/options.h"
#include "base/reader.h"

struct page {
	const struct command_section *list;
	struct reader rest;
	unsigned int line;
	struct buf *out;
};

/* --- words ------------------------------------------------------------------- */

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

/* Adds @text with everything escaped that scdoc would interpret. */
static void add_plain(const char *text, size_t len, struct buf *b)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr("_*\\", text[i]))
			buf_addc(b, '\\');
		buf_addc(b, (uint8_t)text[i]);
	}
}

/* Length of the word in capitals that @text begins with; 0 if it has fewer than @least letters. */
static size_t capitals(const char *text, size_t least)
{
	size_t n = 0;

	while (isupper((unsigned char)text[n]))
		n++;
	return n >= least && !is_name(text[n]) ? n : 0;
}

/* Length of the option that @text begins with: -o or --output; 0 if there is none. */
static size_t option_name(const char *text)
{
	size_t n = text[0] == '-' ? 1 + (text[1] == '-') : 0, name = n;

	while (n && is_name(text[name]))
		name++;
	return name > n ? name : 0;
}

static bool is_argument(const struct command *c, const char *word, size_t len)
{
	if (c->operand && strlen(c->operand) == len && memcmp(c->operand, word, len) == 0)
		return true;
	command_each_row(c, g, r)
		if (r->arg && strncmp(r->arg, word, len) == 0 && !isupper((unsigned char)r->arg[len]))
			return true;
	return false;
}

/*
 * Adds a text with its options in bold and its arguments underlined. In a usage line every
 * word in capitals is an argument, and the other words are bold: the user types them as they
 * are.
 */
static void add_marked(const struct command *c, const char *text, bool usage, struct buf *b)
{
	bool begins = true;	/* at the beginning of a word */

	while (*text) {
		size_t n = begins ? option_name(text) : 0;
		char mark = n ? '*' : '\0';

		if (!n && begins) {
			n = capitals(text, 1);
			mark = n && (usage || is_argument(c, text, n)) ? '_' : '\0';
		}
		if (!n && begins && usage && islower((unsigned char)*text)) {
			for (n = 1; is_name(text[n]);)
				n++;
			mark = '*';
		}
		if (!n)
			n = 1;
		if (mark)
			buf_addc(b, (uint8_t)mark);
		add_plain(text, n, b);
		if (mark)
			buf_addc(b, (uint8_t)mark);
		begins = !is_name(text[n - 1]);
		text += n;
	}
}

/* --- parts ------------------------------------------------------------------- */

static void add_synopsis(const struct command *c, struct buf *b)
{
	for (unsigned int i = 0; c->usage[i]; i++) {
		buf_addf(b, "%s*%s%s%s* ", i ? "\n" : "", c->is_program ? "" : log_program,
			 c->is_program ? "" : " ", c->name);
		add_marked(c, c->usage[i], true, b);
		buf_addc(b, '\n');
	}
}

static void add_commands(const struct command_section *list, struct buf *b)
{
	for (; list->title; list++) {
		buf_addf(b, "## %s\n", list->title);
		for (const struct command *const *c = list->commands; *c; c++) {
			buf_addf(b, "\n*%s*\n\t%c", (*c)->name, toupper((unsigned char)(*c)->brief[0]));
			add_marked(*c, (*c)->brief + 1, false, b);
			buf_adds(b, ".\n");
		}
		buf_adds(b, list[1].title ? "\n" : "");
	}
}

static void add_term(const struct option_row *r, struct buf *b)
{
	if (r->letter)
		buf_addf(b, "*-%c*, ", r->letter);
	buf_addf(b, "*--%s*", r->name);
	if (r->arg) {
		const char *text = r->arg;

		buf_addc(b, ' ');
		while (*text) {
			size_t n = capitals(text, 1);

			if (n)
				buf_addf(b, "_%.*s_", (int)n, text);
			else
				add_plain(text, n = 1, b);
			text += n;
		}
	}
	buf_addc(b, '\n');
}

/* "The file to write: a, b or c." */
static void add_text(const struct command *c, const struct option_row *r, struct buf *b)
{
	size_t n = capitals(r->help, 1);

	buf_addc(b, '\t');
	if (!n)
		buf_addc(b, (uint8_t)toupper((unsigned char)r->help[0]));
	add_marked(c, r->help + !n, false, b);
	for (unsigned int i = 0; r->words && r->words[i]; i++)
		buf_addf(b, "%s*%s*", !i ? ": " : r->words[i + 1] ? ", " : " or ", r->words[i]);
	buf_adds(b, ".\n");
}

/*
 * True for a line of the text that follows @more: indented, or empty before an indented line
 * or another block.
 */
static bool is_more(struct reader line, struct reader rest)
{
	struct reader next;

	if (reader_left(&line))
		return *line.p == '\t';
	return reader_line(&rest, &next) && reader_left(&next) &&
	       (*next.p == '\t' || reader_lit(&next, "@more "));
}

/* Adds the text that @more gives for the option @name; @blocks begin after the line @options. */
static void add_more(struct reader blocks, const char *name, struct buf *b)
{
	struct reader line;
	bool mine = false;

	while (reader_line(&blocks, &line)) {
		struct reader word = line;

		if (reader_lit(&word, "@more --")) {
			mine = reader_left(&word) == strlen(name) &&
			       memcmp(word.p, name, strlen(name)) == 0;
			continue;
		}
		/* an empty line before the next block belongs to neither block */
		if (!mine || (!reader_left(&line) && (!reader_left(&blocks) || *blocks.p != '\t')))
			continue;
		buf_add(b, line.p, reader_left(&line));
		buf_addc(b, '\n');
	}
}

static bool has_option(const struct command *c, const struct reader *name)
{
	command_each_row(c, g, r)
		if (strlen(r->name) == reader_left(name) &&
		    memcmp(r->name, name->p, reader_left(name)) == 0)
			return true;
	return false;
}

/* Checks that the blocks of @more name options of @c, and moves past them. */
static struct err *take_more(struct page *p, const struct command *c, struct reader *blocks)
{
	struct reader before, line;

	*blocks = p->rest;
	for (before = p->rest; reader_line(&p->rest, &line); before = p->rest, p->line++) {
		struct reader word = line;

		if (!reader_lit(&word, "@more --")) {
			if (is_more(line, p->rest))
				continue;
			p->rest = before;
			break;
		}
		if (!has_option(c, &word))
			return err_new(ERR_FORMAT, "line %u: %s has no option --%.*s", p->line + 1,
				       c->name, (int)reader_left(&word), (const char *)word.p);
	}
	blocks->end = p->rest.p;
	return NULL;
}

static struct err *add_options(struct page *p, const struct command *c)
{
	struct reader blocks;
	struct err *e = take_more(p, c, &blocks);
	bool any = false;

	command_each_row(c, g, r) {
		if (e)
			return e;
		if (g->title && r == g->rows)
			buf_addf(p->out, "%s## %s\n", any ? "\n" : "", g->title);
		buf_adds(p->out, any || g->title ? "\n" : "");
		any = true;
		add_term(r, p->out);
		add_text(c, r, p->out);
		add_more(blocks, r->name, p->out);
	}
	return e;
}

static struct err *named(const struct page *p, const struct reader *name, const struct command **c)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*s", (int)reader_left(name), (const char *)name->p);
	*c = command_find(p->list, text);
	return *c ? NULL : err_new(ERR_FORMAT, "line %u: there is no command '%s'", p->line, text);
}

static struct err *add_line(struct page *p, struct reader line)
{
	const struct command *c;
	struct reader word = line;
	struct err *e;

	if (reader_lit(&word, "@synopsis ")) {
		e = named(p, &word, &c);
		if (!e)
			add_synopsis(c, p->out);
		return e;
	}
	if (reader_lit(&word, "@options ")) {
		e = named(p, &word, &c);
		return e ? e : add_options(p, c);
	}
	if (reader_lit(&word, "@commands") && !reader_left(&word)) {
		add_commands(p->list, p->out);
		return NULL;
	}
	if (reader_left(&line) && *line.p == '@')
		return err_new(ERR_FORMAT, "line %u: %.*s: @synopsis, @options, @commands or @more",
			       p->line, (int)reader_left(&line), (const char *)line.p);
	buf_add(p->out, line.p, reader_left(&line));
	buf_addc(p->out, '\n');
	return NULL;
}

struct err *command_man(const struct command_section *list, const char *page, size_t len,
			struct buf *b)
{
	struct page p = { .list = list, .rest = reader_make(page, len), .out = b };
	struct reader line;
	struct err *e = NULL;

	while (!e && reader_line(&p.rest, &line)) {
		p.line++;
		e = add_line(&p, line);
	}
	return e;
}
