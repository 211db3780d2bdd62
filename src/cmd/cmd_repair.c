// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump repair: undo what another tool did to a list, and say what was changed. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/doubled.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "base/output_file.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "event/source.h"
#include "flow/load.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "input/input.h"
#include "input/open.h"

/* The list's verbs, with their lines. */
struct list {
	struct sink sink;
	uint32_t *verbs;
	uint32_t *lines;
	size_t n, cap;
};

static struct err *list_put(struct sink *s, const struct xact *x, const struct decoded *d)
{
	struct list *l = (struct list *)s;

	(void)d;
	if (!xact_is_verb(x) || !x->has_verb)
		return NULL;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 4096;
		uint32_t *verbs = reallocarray(l->verbs, cap, sizeof(*verbs));
		uint32_t *lines = verbs ? reallocarray(l->lines, cap, sizeof(*lines)) : NULL;

		if (verbs)
			l->verbs = verbs;
		if (!lines)
			return err_nomem();
		l->lines = lines;
		l->cap = cap;
	}
	l->verbs[l->n] = x->verb;
	l->lines[l->n++] = x->line;
	return NULL;
}

static struct err *list_flush(struct sink *s)
{
	(void)s;
	return NULL;
}

static struct err *read_list(const char *path, struct list *l)
{
	struct pipeline p = { .fold = { .noise = true } };
	struct source_facts facts;
	const struct load_options from = { .path = path };
	struct loaded in = { 0 };
	struct err *e = load_open(&from, &in);

	if (!e) {
		p.sink = &l->sink;
		e = load_run(&in, &from, &p);
	}
	if (!e) {
		load_facts(&in, &facts);
		if (facts.format != SOURCE_LIST && facts.format != SOURCE_SCRIPT &&
		    facts.format != SOURCE_WORDS)
			e = err_new(ERR_FAIL, "%s is %s, and not a list: what can be put right in it "
				    "is put right by reading it; hdadump convert keeps that", path,
				    source_format_what(facts.format));
	}
	load_close(&in);
	pipeline_deinit(&p);
	return e;
}

/* --- lines --------------------------------------------------------------- */

/*
 * Which lines go: all verbs of a line must, or none.  A bit for each line,
 * counted from 1.
 */
static struct err *mark_lines(const char *path, const struct list *l, const struct doubled *d,
			      uint8_t **gone, uint32_t *last)
{
	size_t i = 0;

	*last = l->n ? l->lines[l->n - 1] : 0;
	*gone = calloc(*last / 8 + 1u, 1);
	if (!*gone)
		return err_nomem();
	for (size_t b = 0; b < d->n_blocks; b++) {
		size_t first = d->blocks[b].first + d->blocks[b].words;

		for (i = first; i < first + d->blocks[b].words; i++)
			(*gone)[l->lines[i] / 8] |= (uint8_t)(1u << l->lines[i] % 8);
	}
	/* a verb that stays must not stand in a line that goes */
	for (size_t b = 0, at = 0; at < l->n; b++) {
		size_t stays = b < d->n_blocks ? d->blocks[b].first + d->blocks[b].words : l->n;

		for (; at < stays; at++)
			if ((*gone)[l->lines[at] / 8] >> l->lines[at] % 8 & 1)
				return err_new(ERR_FAIL, "%s:%" PRIu32 ": a line with verbs that stay "
					       "and verbs that go; make it a list first: hdadump "
					       "convert --as list", path, l->lines[at]);
		if (b < d->n_blocks)
			at += d->blocks[b].words;
	}
	return NULL;
}

/* Copies the list's lines, but for those that go. */
static struct err *copy_lines(const char *path, const uint8_t *gone, uint32_t last, int to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), from = -1;
	struct input *in = NULL;
	struct out out = { 0 };
	FILE *f = NULL;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	struct err *e = fd < 0 ? err_sys(errno, "%s", path) : input_create(fd, path, &in);
	bool more;

	if (!e)
		e = input_more(in, &more);
	if (!e)
		e = input_fd(in, &from);
	if (!e) {
		from = dup(from);
		f = from < 0 ? NULL : fdopen(from, "r");
		e = f ? out_init(&out, to) : err_sys(errno, "%s", path);
	}
	for (uint32_t n = 1; !e && (len = getline(&line, &cap, f)) > 0; n++)
		if (n > last || !(gone[n / 8] >> n % 8 & 1))
			e = out_add(&out, line, (size_t)len);
	if (!e)
		e = out_flush(&out);
	if (!e)
		e = input_result(in);
	free(line);
	if (f)
		fclose(f);
	else if (from >= 0)
		close(from);
	out_deinit(&out);
	input_destroy(in);
	if (fd >= 0)
		close(fd);
	return e;
}

/* `removed lines 7-8, which repeat lines 5-6` */
static void report(const struct list *l, const struct doubled *d)
{
	for (size_t b = 0; b < d->n_blocks; b++) {
		const struct doubled_block *k = &d->blocks[b];
		uint32_t from = l->lines[k->first], to = l->lines[k->first + k->words - 1];
		uint32_t gone = l->lines[k->first + k->words];
		uint32_t end = l->lines[k->first + 2 * k->words - 1];

		if (k->words == 1)
			printf("removed line %" PRIu32 ", which repeats line %" PRIu32 "\n", gone,
			       from);
		else
			printf("removed lines %" PRIu32 "-%" PRIu32 ", which repeat lines %" PRIu32
			       "-%" PRIu32 "\n", gone, end, from, to);
	}
}

static struct err *repair(const char *path, const char *to, bool force, bool quiet)
{
	static const struct sink_ops ops = { .put = list_put, .flush = list_flush };
	struct list l = { .sink = { &ops } };
	struct output out = { .fd = -1 };
	struct doubled d = { 0 };
	uint8_t *gone = NULL;
	char *const inputs[] = { (char *)path };
	uint32_t last;
	struct err *e = output_check(to, force, inputs, 1);

	if (!e)
		e = read_list(path, &l);
	if (!e)
		e = doubled_find(l.verbs, l.n, &d);
	if (!e && !d.is_doubled)
		e = err_new(ERR_FAIL, "%s: nothing to repair: %zu of its %zu verbs stand alone, so it "
			    "is not doubled", path, d.alone, l.n);
	if (!e)
		e = mark_lines(path, &l, &d, &gone, &last);
	if (!e)
		e = output_create(to, force, inputs, 1, 0666, &out);
	if (!e)
		e = copy_lines(path, gone, last, out.fd);
	if (!e)
		e = output_finish(&out);
	if (!e && !quiet && strcmp(to, "-") != 0)
		report(&l, &d);
	if (!e) {
		log_note("%s: %zu of %zu verbs were repetitions, in %zu batches; %zu stay", path,
			 d.repeated, l.n, d.n_blocks, l.n - d.repeated);
		if (d.ambiguous)
			log_note("at %zu places another reading would order the verbs differently; "
				 "the one with the shorter batches was taken", d.ambiguous);
		if (d.alone)
			log_note("%zu verbs stood only once and were kept: the list was changed by hand",
				 d.alone);
	}
	output_deinit(&out);
	doubled_deinit(&d);
	free(gone);
	free(l.verbs);
	free(l.lines);
	return e;
}

struct repair_args {
	struct output_options out;
	bool quiet;
};

static int run(void *options, int argc, char **argv)
{
	const struct repair_args *o = options;
	struct err *e = NULL;

	(void)argc;
	if (strcmp(argv[0], "-") == 0)
		e = err_new(ERR_USAGE, "repair reads its list twice: it must be a file");
	if (!e)
		e = repair(argv[0], o->out.path, o->out.force, o->quiet);
	return exit_status(e, false);
}

const struct command cmd_repair = {
	.name = "repair", .brief = "undo what another tool did to a list",
	.usage = (const char *const[]){ "[OPTION...] LIST -o OUT", NULL },
	.about = "A list or script in which everything stands twice (hdadump info says so) is written with "
		 "everything once. Comments and all other lines stay as they are. What was removed is listed "
		 "on standard output, unless that is OUT.",
	.groups = (const struct option_group[]){
		{ NULL, output_rows, offsetof(struct repair_args, out) },
		{ NULL, quiet_rows, offsetof(struct repair_args, quiet) },
		{ 0 } },
	.end = "Exit status: 0 repaired, 1 error, or nothing to repair, 2 usage.",
	.operand = "LIST", .min = 1, .max = 1, .size = sizeof(struct repair_args), .run = run,
};
