// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/options/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/reader.h"

/* The values that getopt_long returns start here: FIRST_ID + row. */
#define FIRST_ID 256
#define OPTIONS_MAX 64
/* Longest name that is compared with a mistyped word. */
#define NAME_LENGTH_MAX 32

const struct option_row options_own[] = {
	{ .name = "help", .letter = 'h', .help = "shows this" },
	{ .name = "version", .letter = 'V', .help = "shows the version" },
	{ 0 }
};

/* --- values ------------------------------------------------------------------ */

struct err *option_flag(const struct option_row *row, const char *arg, void *field)
{
	(void)row;
	(void)arg;
	*(bool *)field = true;
	return NULL;
}

struct err *option_text(const struct option_row *row, const char *arg, void *field)
{
	(void)row;
	*(const char **)field = arg;
	return NULL;
}

struct err *option_word(const struct option_row *row, const char *arg, void *field)
{
	struct buf all = { 0 };
	struct err *e = NULL;

	for (unsigned int i = 0; row->words[i]; i++) {
		if (strcmp(arg, row->words[i]) == 0) {
			*(unsigned int *)field = i;
			goto out;
		}
		buf_addf(&all, "%s%s", !i ? "" : row->words[i + 1] ? ", " : " or ", row->words[i]);
	}
	e = err_new(ERR_USAGE, "%s", buf_str(&all));
out:
	buf_deinit(&all);
	return e;
}

bool options_hex(const char *text, uint64_t max, uint64_t *v)
{
	struct reader r = reader_make(text, strlen(text));

	if (!reader_lit(&r, "0x"))
		reader_lit(&r, "0X");
	return reader_hex(&r, v) && !reader_left(&r) && *v <= max;
}

bool options_decimal(const char *text, uint64_t max, uint64_t *v)
{
	struct reader r = reader_make(text, strlen(text));

	return reader_dec(&r, v) && !reader_left(&r) && *v <= max;
}

struct err *option_count(const struct option_row *row, const char *arg, void *field)
{
	uint64_t v;

	if (!options_decimal(arg, row->max ? row->max : UINT64_MAX, &v))
		return row->max ? err_new(ERR_USAGE, "a decimal number, 0 to %llu",
					  (unsigned long long)row->max) :
				  err_new(ERR_USAGE, "a decimal number");
	*(uint64_t *)field = v;
	return NULL;
}

struct err *option_id(const struct option_row *row, const char *arg, void *field)
{
	uint64_t v;

	(void)row;
	if (!options_hex(arg, UINT32_MAX, &v))
		return err_new(ERR_USAGE, "an id of eight hexadecimal digits, as 10ec0298");
	*(uint32_t *)field = (uint32_t)v;
	return NULL;
}

struct err *option_address(const struct option_row *row, const char *arg, void *field)
{
	uint64_t v;

	(void)row;
	if (!options_hex(arg, UINT64_MAX, &v))
		return err_new(ERR_USAGE, "an address in hexadecimal, as febf0000");
	*(uint64_t *)field = v;
	return NULL;
}

/* --- typing errors --------------------------------------------------------------- */

/* Number of letters to insert, remove, change or swap with their neighbour to get @b from @a. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[NAME_LENGTH_MAX + 1][NAME_LENGTH_MAX + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > NAME_LENGTH_MAX || m > NAME_LENGTH_MAX)
		return NAME_LENGTH_MAX;
	for (size_t i = 0; i <= n; i++)
		d[i][0] = (unsigned int)i;
	for (size_t k = 0; k <= m; k++)
		d[0][k] = (unsigned int)k;
	for (size_t i = 1; i <= n; i++) {
		for (size_t k = 1; k <= m; k++) {
			unsigned int best = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);

			best = d[i - 1][k] + 1 < best ? d[i - 1][k] + 1 : best;
			best = d[i][k - 1] + 1 < best ? d[i][k - 1] + 1 : best;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
			    d[i - 2][k - 2] + 1 < best)
				best = d[i - 2][k - 2] + 1;
			d[i][k] = best;
		}
	}
	return d[n][m];
}

/* Sets *best to @name if @name is nearer to @word and near enough to be a typing error. */
static void nearer(const char *word, const char *name, const char **best, unsigned int *least)
{
	unsigned int d = distance(word, name), most = strlen(word) < 4 ? 1 : strlen(word) < 8 ? 2 : 3;

	if (d <= most && d < *least) {
		*least = d;
		*best = name;
	}
}

const struct command *command_find(const struct command_section *list, const char *name)
{
	for (; list->title; list++)
		for (const struct command *const *c = list->commands; *c; c++)
			if (strcmp((*c)->name, name) == 0)
				return *c;
	return NULL;
}

const char *command_hint(const struct command_section *list, const char *word)
{
	unsigned int least = NAME_LENGTH_MAX;
	const char *best = NULL;

	for (; list->title; list++)
		for (const struct command *const *c = list->commands; *c; c++)
			nearer(word, (*c)->name, &best, &least);
	return best;
}

/* --- parsing ------------------------------------------------------------------- */

/* The help command to show in an error: "hdadump help show", or "ExtractHDADump --help". */
static const char *see(const struct command *c, char text[64])
{
	snprintf(text, 64, c->is_program ? "%s%s --help" : "%s help %s",
		 c->is_program ? "" : log_program, c->name);
	return text;
}

/* The subject of an error's sentence: the command's or the program's name. */
static const char *subject(const struct command *c)
{
	return c->is_program ? "it" : c->name;
}

static struct err *unknown(const struct command *c, const char *word)
{
	unsigned int least = NAME_LENGTH_MAX;
	const char *best = NULL;
	char name[NAME_LENGTH_MAX + 2], more[64];
	size_t n = strncmp(word, "--", 2) == 0 ? strcspn(word + 2, "=") : 0;

	if (n && n <= NAME_LENGTH_MAX) {
		snprintf(name, sizeof(name), "%.*s", (int)n, word + 2);
		command_each_row(c, g, r)
			nearer(name, r->name, &best, &least);
	}
	if (best)
		return err_new(ERR_USAGE, "%s has no option '%.*s'; is --%s meant? See '%s'",
			       subject(c), (int)(n + 2), word, best, see(c, more));
	return err_new(ERR_USAGE, "%s has no option '%.*s'; see '%s'", subject(c),
		       n ? (int)(n + 2) : (int)strlen(word), word, see(c, more));
}

struct parser {
	struct option longs[OPTIONS_MAX + 3];
	const struct option_row *row[OPTIONS_MAX];
	size_t at[OPTIONS_MAX];
	bool seen[OPTIONS_MAX];
	char letters[2 * OPTIONS_MAX + 8];
	int n;
};

/*
 * "+" stops getopt_long at the first operand, so that options of a program to be run are not
 * taken; ":" keeps it from printing errors itself.
 */
static void build(const struct command *c, struct parser *p)
{
	char *s = p->letters;
	int n = 0;

	if (c->rest)
		*s++ = '+';
	*s++ = ':';
	command_each_row(c, g, r) {
		if (n == OPTIONS_MAX)
			break;
		p->row[n] = r;
		p->at[n] = g->at + r->at;
		p->longs[n] = (struct option){ r->name, r->arg ? required_argument : no_argument,
					       NULL, FIRST_ID + n };
		n++;
		if (!r->letter)
			continue;
		*s++ = r->letter;
		if (r->arg)
			*s++ = ':';
	}
	p->n = n;
	for (const struct option_row *r = options_own; r->name; r++) {
		if (r->letter == 'V' && !c->is_program)
			continue;
		p->longs[n++] = (struct option){ r->name, no_argument, NULL, r->letter };
		*s++ = r->letter;
	}
	*s = '\0';
}

/* The row for a value returned by getopt_long. */
static int row_of(const struct parser *p, int opt)
{
	if (opt >= FIRST_ID)
		return opt - FIRST_ID;
	for (int i = 0; i < p->n; i++)
		if (p->row[i]->letter == opt)
			return i;
	return -1;
}

/* The error for what getopt_long did not understand: a long option, or a letter among others. */
static struct err *refused(const struct command *c, const struct parser *p, int opt, char **argv)
{
	const char *word = argv[optind - 1];
	char letter[3] = { '-', (char)optopt, '\0' };
	int i = optopt ? row_of(p, optopt) : -1;

	if (opt == ':' || (i >= 0 && p->row[i]->arg))
		return err_new(ERR_USAGE, "--%s needs %s", p->row[i]->name, p->row[i]->arg);
	if (optopt && strncmp(word, "--", 2) == 0)
		return err_new(ERR_USAGE, "%s: the option takes no value", word);
	return unknown(c, optopt && optopt < FIRST_ID ? letter : word);
}

/* Fails if a required option is missing, or if there are too few or too many operands. */
static struct err *check(const struct command *c, const struct parser *p, int n, char **argv)
{
	char more[64];

	for (int i = 0; i < p->n; i++)
		if (p->row[i]->needed && !p->seen[i])
			return err_new(ERR_USAGE, "%s needs --%s %s; see '%s'", subject(c),
				       p->row[i]->name, p->row[i]->arg, see(c, more));
	if (n < c->min)
		return err_new(ERR_USAGE, "%s needs %s; see '%s'", subject(c), c->operand,
			       see(c, more));
	if (c->max >= 0 && n > c->max)
		return err_new(ERR_USAGE, "'%s' is one argument too many for %s; see '%s'",
				       argv[c->max],
			       subject(c), see(c, more));
	return NULL;
}

struct err *command_parse(const struct command *c, void *options, int argc, char **argv, int *first,
			  enum options_asked *asked)
{
	struct parser *p = calloc(1, sizeof(*p));
	struct err *e = NULL;
	int opt;

	*asked = OPTIONS_GO;
	if (!p)
		return err_nomem();
	build(c, p);
	optind = 0;	/* glibc: 0 starts a new scan and reads the "+" of the letters again */
	opterr = 0;
	while (!e && (opt = getopt_long(argc, argv, p->letters, p->longs, NULL)) != -1) {
		int i = row_of(p, opt);

		if (opt == 'h' || opt == 'V') {
			*asked = opt == 'h' ? OPTIONS_HELP : OPTIONS_VERSION;
			goto out;
		}
		if (opt == '?' || opt == ':') {
			e = refused(c, p, opt, argv);
			break;
		}
		p->seen[i] = true;
		e = p->row[i]->take(p->row[i], optarg, (char *)options + p->at[i]);
		if (e && optarg)
			e = err_wrap(e, "--%s %s", p->row[i]->name, optarg);
	}
	*first = optind;
	if (!e)
		e = check(c, p, argc - optind, argv + optind);
out:
	free(p);
	return e;
}
