// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/ids.h"
#include "model/model.h"
#include "print/state_text.h"

#include "analyse/state.h"
#include "base/buf.h"
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
