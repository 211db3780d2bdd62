// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/repair.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/out.h"
#include "base/output_file.h"
#include "base/vec.h"
#include "flow/load.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "input/input.h"
#include "input/open.h"

/* The list's verbs with their line numbers. */
struct list_lines {
	struct sink sink;
	uint32_t *verbs;
	uint32_t *lines;
	size_t n, cap_verbs, cap_lines;
};

static struct err *list_put(struct sink *s, const struct xact *x, const struct decoded *d)
{
	struct list_lines *l = (struct list_lines *)s;

	(void)d;
	if (!xact_is_verb(x) || !x->has_verb)
		return NULL;
	if (!vec_room(l->verbs, l->n, l->cap_verbs) || !vec_room(l->lines, l->n, l->cap_lines))
		return err_nomem();
	l->verbs[l->n] = x->verb;
	l->lines[l->n++] = x->line;
	return NULL;
}

static struct err *list_flush(struct sink *s)
{
	(void)s;
	return NULL;
}

static struct err *read_list(const char *path, struct list_lines *l)
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
		if (facts.format != SOURCE_LIST && facts.format != SOURCE_TABLE && facts.format != SOURCE_SCRIPT &&
		    facts.format != SOURCE_WORDS)
			e = err_new(ERR_FAIL, "%s is %s, and not a list: reading it corrects what "
				    "can be corrected; 'hdadump convert' saves the result", path,
				    source_format_what(facts.format));
	}
	load_close(&in);
	pipeline_deinit(&p);
	return e;
}

/* --- lines --------------------------------------------------------------- */

/*
 * Marks the lines to remove: of each line all verbs must be repetitions, or none. One bit for
 * each line, counted from 1.
 */
static struct err *mark_lines(const char *path, const struct list_lines *l, const struct doubled *d,
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
	/* a verb to keep must not be in a line to remove */
	for (size_t b = 0, at = 0; at < l->n; b++) {
		size_t stays = b < d->n_blocks ? d->blocks[b].first + d->blocks[b].words : l->n;

		for (; at < stays; at++)
			if ((*gone)[l->lines[at] / 8] >> l->lines[at] % 8 & 1)
				return err_new(ERR_FAIL, "%s:%" PRIu32 ": a line with verbs to "
					       "keep and verbs to remove; make it a list first: "
					       "hdadump convert --as list", path, l->lines[at]);
		if (b < d->n_blocks)
			at += d->blocks[b].words;
	}
	return NULL;
}

/* Copies the list without the lines that are removed. */
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

struct err *repair_list(const char *path, const char *to, bool replace, struct repaired *r)
{
	static const struct sink_ops ops = { .put = list_put, .flush = list_flush };
	struct list_lines l = { .sink = { .ops = &ops } };
	char *const inputs[] = { (char *)path };
	struct output out = { .fd = -1 };
	struct doubled *d = &r->doubled;
	uint8_t *gone = NULL;
	uint32_t last;
	struct err *e;

	*r = (struct repaired){ 0 };
	e = output_check(to, replace, inputs, 1);
	if (!e)
		e = read_list(path, &l);
	if (!e)
		e = doubled_find(l.verbs, l.n, d);
	if (!e && !d->is_doubled)
		e = err_new(ERR_FAIL, "%s: nothing to repair: %zu of its %zu verbs are alone, so "
			    "it is not doubled", path, d->alone, l.n);
	if (!e)
		e = mark_lines(path, &l, d, &gone, &last);
	if (!e)
		e = output_create(to, replace, inputs, 1, 0666, &out);
	if (!e)
		e = copy_lines(path, gone, last, out.fd);
	if (!e)
		e = output_finish(&out);
	output_deinit(&out);
	free(gone);
	free(l.verbs);
	r->lines = l.lines;
	r->n = l.n;
	return e;
}

void repaired_deinit(struct repaired *r)
{
	doubled_deinit(&r->doubled);
	free(r->lines);
	*r = (struct repaired){ 0 };
}
