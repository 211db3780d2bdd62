// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/state_text.h"

#include <stdlib.h>

#include "analyse/state.h"
#include "base/buf.h"
#include "base/err.h"
#include "codec/ids.h"
#include "model/model.h"
#include "print/json/state_json.h"
#include "print/render.h"

size_t state_text(const struct state *s, size_t i, bool fold, struct buf *b)
{
	bool both = fold && state_pairs(s, i);
	struct buf scratch = { 0 };
	struct effect e;
	char *p = (char *)buf_reserve(b, OUT_ROOM);

	if (!p)
		return 1;
	state_effect(s, i, both, &e);
	b->len += (size_t)(put_effect(p, &e, &scratch) - p);
	buf_deinit(&scratch);
	return both ? 2 : 1;
}

bool state_shows(const struct state_show *o, reg_key key)
{
	const uint64_t *n = o->nids;
	unsigned int nid = reg_key_nid(key);

	return !n || !(n[0] | n[1] | n[2] | n[3]) || n[nid / 64] >> nid % 64 & 1;
}

static void add_name(const struct state *s, struct buf *b)
{
	struct reg subsystem = model_subsystem(s->model);
	const char *name = codec_id_name(s->vendor_id);

	if (s->model->has_cad)
		buf_addf(b, "codec %u", s->model->cad);
	else
		buf_adds(b, "codec");
	if (name)
		buf_addf(b, " %s", name);
	if (s->vendor_id)
		buf_addf(b, " (%08x)", s->vendor_id);
	if (subsystem.known && subsystem.val)
		buf_addf(b, ", subsystem %08x", subsystem.val);
}

void state_rows_text(const struct state_show *o, const struct state *s, struct buf *b)
{
	add_name(s, b);
	buf_addf(b, ": %zu registers known, %zu of them written\n", s->n, s->written);
	for (size_t i = 0; i < s->n;) {
		const struct state_row *r = &s->rows[i];
		size_t mark = b->len;

		buf_addf(b, "%c ", r->written ? 'w' : 'r');
		i += state_text(s, i, true, b);
		buf_addc(b, '\n');
		if ((o->written && !r->written) || !state_shows(o, r->key))
			b->len = mark;
	}
}

static void add_line(const struct state *s, size_t row, char sign, bool fold, struct buf *b)
{
	buf_addf(b, "%c ", sign);
	state_text(s, row, fold, b);
	buf_adds(b, s->rows[row].written ? "  [written]\n" : "\n");
}

static reg_key key_of(const struct state *here, const struct state *there,
		      const struct state_difference *d)
{
	return d->side == STATE_THERE ? there->rows[d->there].key : here->rows[d->here].key;
}

/* True if the next difference is the other side of the same amplifier, with the same values. */
static bool folds(const struct state *here, const struct state *there,
		  const struct state_differences *d, size_t i)
{
	const struct state_difference *v = &d->v[i], *n = v + 1;

	if (i + 1 == d->n || n->side != v->side)
		return false;
	if (v->side != STATE_THERE && (n->here != v->here + 1 || !state_pairs(here, v->here)))
		return false;
	return v->side == STATE_HERE || (n->there == v->there + 1 && state_pairs(there, v->there));
}

/* Pairs of lines, as in a diff: - here, + there. */
static void add_differences(const struct state_show *o, const struct state *here,
			    const struct state *there, const struct state_differences *d,
			    struct buf *b)
{
	static const char *const heads[] = {
		[STATE_BOTH] = "@@ differ @@", [STATE_HERE] = "@@ written here, not known there @@",
		[STATE_THERE] = "@@ written there, not known here @@",
	};

	for (int side = STATE_BOTH; side <= STATE_THERE; side++) {
		bool head = false;

		for (size_t i = 0; i < d->n; i++) {
			const struct state_difference *v = &d->v[i];

			if ((int)v->side != side || !state_shows(o, key_of(here, there, v)) ||
			    (o->written && side == STATE_BOTH && !here->rows[v->here].written &&
			     !there->rows[v->there].written))
				continue;
			if (!head)
				buf_addf(b, "%s\n", heads[side]);
			head = true;
			/*
			 * print both sides of an amplifier in one line if both files have the
			 * same value for both
			 */
			bool fold = folds(here, there, d, i);

			if (side != STATE_THERE)
				add_line(here, v->here, '-', fold, b);
			if (side != STATE_HERE)
				add_line(there, v->there, '+', fold, b);
			i += fold;
		}
	}
}

void state_against_text(const struct state_show *o, const struct state *here, const char *here_path,
			const struct state *there, const char *there_path,
			const struct state_differences *d, struct buf *out)
{
	buf_addf(out, "--- %s: ", here_path);
	add_name(here, out);
	buf_addf(out, "\n+++ %s: ", there_path);
	add_name(there, out);
	buf_addc(out, '\n');
	add_differences(o, here, there, d, out);
	buf_addf(out, "%zu registers are the same; known only here %zu, only there %zu\n",
		 d->same, d->unknown_there, d->unknown_here);
}

/* Builds the state of each codec of @a; those about which nothing is known stay empty. */
static struct err *build_states(const struct steps *a, struct state **out)
{
	struct err *e = NULL;

	*out = calloc(a->n_codecs ? a->n_codecs : 1, sizeof(**out));
	if (!*out)
		return err_nomem();
	for (size_t i = 0; !e && i < a->n_codecs; i++)
		e = state_build(a->codecs[i]->model, a, (uint16_t)i, &(*out)[i]);
	return e;
}

static void free_states(struct state *v, size_t n)
{
	for (size_t i = 0; v && i < n; i++)
		state_deinit(&v[i]);
	free(v);
}

struct err *states_diff(const struct states_diff_side sides[2], const struct state_show *show,
			bool json, struct buf *out, bool *differ)
{
	const struct steps *a = sides[0].steps, *b = sides[1].steps;
	struct state_doc *doc = json ? state_doc_create() : NULL;
	struct state *here = NULL, *there = NULL;
	struct err *e = build_states(a, &here);

	if (!e)
		e = build_states(b, &there);
	for (size_t i = 0; !e && i < a->n_codecs; i++) {
		struct state *other = state_partner(&here[i], there, b->n_codecs);
		struct state_differences d = { 0 };

		if (!other)
			continue;
		state_know_each_other(&here[i], other);
		e = state_compare(&here[i], other, &d);
		*differ |= !e && (d.n || d.unknown_here || d.unknown_there);
		if (!e && doc)
			state_doc_against(doc, &here[i], other, &d);
		else if (!e)
			state_against_text(show, &here[i], sides[0].path, other, sides[1].path,
					   &d, out);
		state_differences_deinit(&d);
	}
	if (doc) {
		struct err *end = state_doc_answer(doc, out);

		if (e)
			err_free(end);
		else
			e = end;
	}
	free_states(here, a->n_codecs);
	free_states(there, b->n_codecs);
	return e;
}
