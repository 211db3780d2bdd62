// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/diff_text.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "event/event.h"
#include "flow/filter.h"
#include "print/step_text.h"

struct printer {
	const struct diff_show *show;
	const struct diff *d;
	struct out out;
	struct buf line;
	bool several;	/* more than one codec */
};

const struct step *diff_step(const struct diff *d, const struct diff_line *l)
{
	return &d->side[l->side == 1].a->v[l->step];
}

bool diff_shows(const struct diff_show *o, const struct diff *d, const struct diff_line *l)
{
	const struct step *t = diff_step(d, l);
	const uint64_t *n = o->nids;

	if (!filter_has_address(o->addresses, step_codec(d->side[l->side == 1].a, t)->cad))
		return false;
	return !(n[0] | n[1] | n[2] | n[3]) || n[t->nid / 64] >> t->nid % 64 & 1;
}

static struct err *put(struct printer *p)
{
	struct err *e;

	buf_addc(&p->line, '\n');
	e = buf_err(&p->line);
	if (!e)
		e = out_add(&p->out, p->line.data, p->line.len);
	buf_clear(&p->line);
	return e;
}

static void paint(struct printer *p, const char *colour)
{
	if (p->show->colour)
		buf_adds(&p->line, colour);
}

static struct err *put_line(struct printer *p, const struct diff_line *l)
{
	const struct steps *a = p->d->side[l->side == 1].a;
	const struct step *t = diff_step(p->d, l);

	paint(p, l->side == 0 ? "\033[31m" : l->side == 1 ? "\033[32m" : "");
	buf_addc(&p->line, l->side == 0 ? '-' : l->side == 1 ? '+' : ' ');
	buf_addc(&p->line, ' ');
	if (p->several)
		buf_addf(&p->line, "%u  ", step_codec(a, t)->cad);
	step_text(a, t, &p->line);
	paint(p, l->side == 2 ? "" : "\033[0m");
	return put(p);
}

static void add_place(struct printer *p, const struct diff_line *l, unsigned int side)
{
	const struct step *t = NULL;

	if (l)
		t = &p->d->side[side].a->v[l->step];
	if (!t) {
		buf_adds(&p->line, "the start");
		return;
	}
	buf_addf(&p->line, "verb %" PRIu64, t->first);
	if (t->time != EVENT_TIME_NONE && p->show->start[side] != EVENT_TIME_NONE)
		buf_addf(&p->line, " at %" PRId64 ".%06" PRId64,
			 (t->time - p->show->start[side]) / 1000000000,
			 (t->time - p->show->start[side]) % 1000000000 / 1000);
}

/* The user's last mark before a step. */
static const char *mark_before(const struct steps *a, size_t step)
{
	const char *text = NULL;

	for (size_t i = 0; i < a->n_marks && a->marks[i].at <= step; i++)
		if (!a->marks[i].gap)
			text = a->marks[i].text;
	return text;
}

/* Adds "@@ -verb 41 at 0.033372 +verb 39 at 0.031000 @@ the mark before". */
static struct err *put_head(struct printer *p, size_t from, size_t to)
{
	const struct diff *d = p->d;
	const struct diff_line *first[2] = { NULL, NULL };
	struct diff_line other;
	const char *mark = NULL;

	for (size_t i = from; i < to; i++) {
		const struct diff_line *l = &d->lines[i];

		if (l->side != 1 && !first[0])
			first[0] = l;
		if (l->side == 1 && !first[1])
			first[1] = l;
		if (l->side == 2 && !first[1]) {
			other = (struct diff_line){ d->side[0].partner[l->step], 1 };
			first[1] = other.step == STEP_NONE ? NULL : &other;
		}
	}
	/* a side without own steps here is shown at the last common step */
	for (size_t i = from; i-- > 0 && (!first[0] || !first[1]);) {
		const struct diff_line *l = &d->lines[i];

		if (l->side == 2 && !first[0])
			first[0] = l;
		if (l->side == 2 && !first[1]) {
			other = (struct diff_line){ d->side[0].partner[l->step], 1 };
			first[1] = other.step == STEP_NONE ? NULL : &other;
			break;
		}
	}
	paint(p, "\033[36m");
	buf_adds(&p->line, "@@ -");
	add_place(p, first[0], 0);
	buf_adds(&p->line, " +");
	add_place(p, first[1], 1);
	buf_adds(&p->line, " @@");
	if (first[0])
		mark = mark_before(d->side[0].a, first[0]->step);
	else if (first[1])
		mark = mark_before(d->side[1].a, first[1]->step);
	if (mark)
		buf_addf(&p->line, " %s", mark);
	paint(p, "\033[0m");
	return put(p);
}

static bool is_change(const struct printer *p, size_t i)
{
	return p->d->lines[i].side != 2 && diff_shows(p->show, p->d, &p->d->lines[i]);
}

static struct err *put_hunks(struct printer *p)
{
	const struct diff *d = p->d;
	size_t context = p->show->context, done = 0;
	struct err *e = NULL;

	for (size_t i = 0; !e && i < d->n_lines; i++) {
		size_t from, to = i, quiet = 0;

		if (!is_change(p, i))
			continue;
		/* continue while at most twice the context lies between changes */
		for (size_t k = i; k < d->n_lines && quiet <= 2 * context; k++) {
			bool change = is_change(p, k);

			quiet = change ? 0 : quiet + (d->lines[k].side == 2);
			if (change)
				to = k + 1;
		}
		from = i - done > context ? i - context : done;
		done = to + context < d->n_lines ? to + context : d->n_lines;
		e = put_head(p, from, done);
		for (size_t k = from; !e && k < done; k++)
			if (d->lines[k].side == 2 || is_change(p, k))
				e = put_line(p, &d->lines[k]);
		i = done - 1;
	}
	return e;
}

static void add_name(struct buf *b, const struct diff_show *o, const struct steps *a,
		     unsigned int side)
{
	unsigned int n = 0;

	buf_addf(b, "%s %s", side ? "+++" : "---", o->path[side]);
	for (size_t i = 0; i < a->n_codecs; i++) {
		const struct step_codec *c = a->codecs[i];

		if (!c->steps || !filter_has_address(o->addresses, c->cad))
			continue;
		buf_addf(b, "%s codec %u", n++ ? "," : ":", c->cad);
		if (c->name)
			buf_addf(b, " %s", c->name);
		else if (c->vendor_id)
			buf_addf(b, " %08x", c->vendor_id);
	}
}

size_t diff_count(const struct diff_show *o, const struct diff *d, unsigned int side)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_lines; i++)
		n += d->lines[i].side == side && diff_shows(o, d, &d->lines[i]);
	return n;
}

struct err *diff_text(const struct diff_show *o, const struct diff *d)
{
	struct printer p = { .show = o, .d = d, .several = d->codecs > 1 };
	struct err *e = out_init(&p.out, STDOUT_FILENO);

	for (unsigned int s = 0; !e && s < 2; s++) {
		add_name(&p.line, o, d->side[s].a, s);
		e = put(&p);
	}
	if (!e)
		e = put_hunks(&p);
	if (!e)
		e = out_flush(&p.out);
	out_deinit(&p.out);
	buf_deinit(&p.line);
	return e;
}
