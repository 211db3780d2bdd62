// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/diff.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/steps/regmap.h"
#include "base/bits.h"
#include "base/err.h"
#include "base/lcs.h"
#include "base/vec.h"
#include "codec/effect/coef_port.h"

/* One thing that a step does: it writes one register, or acts on something outside the codec. */
struct diff_item {
	uint64_t token;		/* hash of what is done */
	uint32_t line;		/* its timeline */
	uint32_t step;
	uint32_t epoch;		/* number of resets of the codec before it */
};

struct items {
	struct diff_item *v;
	size_t n, cap;
	uint32_t *epochs;	/* by pair of codecs: number of epochs */
};

/* Timelines that do not belong to a register; these values take the place of its space. */
enum { LINE_PORT = 0x80, LINE_I2C, LINE_CHIP, LINE_GPIO, LINE_RESET, LINE_OTHER };

static uint64_t mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9e3779b97f4a7c15ull + (h << 6) + (h >> 2);
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9ull;
	return h ^ h >> 27;
}

/* --- pairing codecs ---------------------------------------------------------------- */

static bool is_used(const struct step_codec *c)
{
	return c->steps || c->vendor_id || c->model->has_cad;
}

static void pair_codecs(struct diff *d)
{
	const struct steps *a = d->side[0].a, *b = d->side[1].a;

	for (unsigned int s = 0; s < 2; s++)
		for (size_t i = 0; i < d->side[s].a->n_codecs; i++)
			d->side[s].codec[i] = -1;
	/*
	 * first by id and address, then by id, by address, and last whatever is left on both
	 * sides
	 */
	for (unsigned int pass = 0; pass < 4; pass++) {
		for (size_t i = 0; i < a->n_codecs; i++) {
			const struct step_codec *x = a->codecs[i];

			for (size_t k = 0; d->side[0].codec[i] < 0 && k < b->n_codecs; k++) {
				const struct step_codec *y = b->codecs[k];
				bool known = x->vendor_id && y->vendor_id;
				bool id = known && x->vendor_id == y->vendor_id;

				if (d->side[1].codec[k] >= 0 || !is_used(x) || !is_used(y) ||
				    (pass == 0 && (!id || x->cad != y->cad)) || (pass == 1 && !id) ||
				    (pass == 2 && (known || x->cad != y->cad)) ||
				    (pass == 3 && known))
					continue;
				d->side[0].codec[i] = d->side[1].codec[k] = (int32_t)d->codecs++;
			}
		}
	}
}

/* --- items -------------------------------------------------------------------------- */

struct maker {
	struct diff_side *side;
	struct regmap *lines;	/* of both sides; `at` is the number of the timeline */
	struct regmap values;	/* the present value of each register of this side */
	uint32_t *n_lines;
	struct items *out;
	bool failed;
};

static uint32_t line_of(struct maker *m, uint16_t pair, uint64_t key)
{
	struct regmap_entry *e = regmap_get(m->lines, pair, key);

	if (!e) {
		m->failed = true;
		return 0;
	}
	if (!e->at)
		e->at = ++*m->n_lines;
	return e->at - 1;
}

static void add(struct maker *m, size_t step, uint64_t key, uint64_t token)
{
	struct items *o = m->out;
	uint16_t pair = (uint16_t)m->side->codec[m->side->a->v[step].codec];

	if (o->n >= UINT32_MAX / 2 || !vec_room(o->v, o->n, o->cap)) {
		m->failed = true;
		return;
	}
	o->v[o->n++] = (struct diff_item){ .token = token, .line = line_of(m, pair, key),
				      .step = (uint32_t)step, .epoch = o->epochs[pair] };
}

/* Adds an item for a register's value, unless the register has this value already. */
static void add_value(struct maker *m, size_t step, const struct step_reg *r, uint64_t key)
{
	uint32_t value = reg_canonical(r->key, r->value) & r->mask;
	uint16_t pair = (uint16_t)m->side->codec[m->side->a->v[step].codec];
	struct regmap_entry *e = regmap_get(&m->values, pair, r->key);

	if (!e) {
		m->failed = true;
		return;
	}
	if (e->epoch != m->out->epochs[pair] + 1) {
		e->epoch = m->out->epochs[pair] + 1;
		e->mask = 0;
	}
	if (!(r->mask & ~e->mask) && !((e->value ^ value) & r->mask))
		return;
	e->value = (e->value & ~r->mask) | value;
	e->mask |= r->mask;
	add(m, step, key, mix(mix(r->key, value), r->mask));
}

/* One token for everything that the step sends. */
static uint64_t token_of_words(const struct steps *a, const struct step *t)
{
	const struct step_verb *v = step_verbs(a, t);
	uint64_t h = t->kind;

	for (uint32_t i = 0; i < t->n_verbs; i++)
		if (v[i].role != VERB_WAITS)
			h = mix(h, v[i].word & 0x0fffffff);
	return h;
}

static uint64_t line_key(unsigned int sort, const struct step *t)
{
	return REG_KEY(sort, t->nid, 0, 0);
}

static enum port_role role_of(const struct step_codec *c, const struct step *t)
{
	return c->port && t->nid == PORT_NID ? port_role_of(&realtek_ports[c->port - 1], t->addr) :
					       ROLE_NONE;
}

static void add_step(struct maker *m, size_t i)
{
	const struct steps *a = m->side->a;
	const struct step *t = &a->v[i];
	struct step_reg regs[STEP_REGS_MAX];
	unsigned int n = step_regs(a, t, regs);
	bool coef = t->kind == STEP_COEF;

	if (t->order == ORDER_NOTHING || t->asks)
		return;
	switch (t->kind) {
	case STEP_PORT:
		add(m, i, line_key(LINE_PORT, t), mix(mix(LINE_PORT, t->unit),
						      mix(t->addr, t->value)));
		return;
	case STEP_I2C:
		add(m, i, line_key(LINE_I2C, t), mix(mix(LINE_I2C, t->unit), mix(t->addr, t->value)));
		return;
	case STEP_RESET:
	case STEP_LINK_RESET:
		add(m, i, line_key(LINE_RESET, &(struct step){ 0 }), mix(LINE_RESET, t->kind));
		m->out->epochs[m->side->codec[t->codec]]++;
		return;
	case STEP_GPIO:
		for (unsigned int k = 0; k < n; k++)
			add_value(m, i, &regs[k], line_key(LINE_GPIO, t));
		return;
	}
	if (coef && step_coef_is_ordered(step_codec(a, t), t->nid, t->addr) && n) {
		enum port_role role = role_of(step_codec(a, t), t);

		/*
		 * a port's coefficients belong to the transaction that needs them; a command
		 * is an item
		 */
		if (role >= ROLE_COMMAND)
			add(m, i, role == ROLE_COMMAND ? line_key(LINE_PORT, t) : regs[0].key,
			    mix(regs[0].key, t->value));
		return;
	}
	if (t->order == ORDER_STATE || t->order == ORDER_CONTEXT) {
		for (unsigned int k = 0; k < n; k++)
			add_value(m, i, &regs[k], regs[k].key);
		return;
	}
	add(m, i, line_key(t->kind == STEP_CHIP ? LINE_CHIP : LINE_OTHER, t), token_of_words(a, t));
}

/* --- resets -------------------------------------------------------------------------- */

static int by_token(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a < b ? -1 : a > b;
}

static uint64_t place_token(const struct diff_item *i, int64_t shift)
{
	return mix(mix(i->token, i->line), (uint64_t)((int64_t)i->epoch + shift));
}

/* Counts the items that both sides share in the same epochs, if those of side 0 are shifted. */
static bool count_shared(const struct items *x, const struct items *y, const int64_t *shift,
			 const uint32_t *pair_of_line, size_t *shared)
{
	uint64_t *a = malloc((x->n + 1) * sizeof(*a)), *b = malloc((y->n + 1) * sizeof(*b));
	size_t i = 0, k = 0;

	*shared = 0;
	if (!a || !b) {
		free(a);
		free(b);
		return false;
	}
	for (i = 0; i < x->n; i++)
		a[i] = place_token(&x->v[i], shift[pair_of_line[x->v[i].line]]);
	for (k = 0; k < y->n; k++)
		b[k] = place_token(&y->v[k], 0);
	qsort(a, x->n, sizeof(*a), by_token);
	qsort(b, y->n, sizeof(*b), by_token);
	for (i = k = 0; i < x->n && k < y->n;) {
		if (a[i] == b[k]) {
			++*shared;
			i++;
			k++;
		} else if (a[i] < b[k]) {
			i++;
		} else {
			k++;
		}
	}
	free(a);
	free(b);
	return true;
}

/* Numbers the epochs between resets from the beginning or from the end, whichever fits better. */
static struct err *align(struct diff *d, struct items it[2], const uint32_t *pair_of_line)
{
	int64_t *none = calloc(d->codecs + 1, sizeof(*none));
	int64_t *end = calloc(d->codecs + 1, sizeof(*end));
	size_t from_start, from_end;
	bool good = none && end, differ = false;

	for (size_t i = 0; good && i < d->codecs; i++) {
		end[i] = (int64_t)it[1].epochs[i] - it[0].epochs[i];
		differ |= end[i] != 0;
	}
	if (good && differ) {
		good = count_shared(&it[0], &it[1], none, pair_of_line, &from_start) &&
		       count_shared(&it[0], &it[1], end, pair_of_line, &from_end);
		differ = good && from_end > from_start;
	}
	for (unsigned int s = 0; good && s < 2; s++)
		for (size_t i = 0; i < it[s].n; i++) {
			struct diff_item *v = &it[s].v[i];
			int64_t shift = !s && differ ? end[pair_of_line[v->line]] : 0;

			v->token = mix(v->token, (uint64_t)((int64_t)v->epoch + shift));
		}
	free(none);
	free(end);
	return good ? NULL : err_nomem();
}

/* --- timelines ------------------------------------------------------------------------ */

/* The items of each timeline one after the other: those of `line` begin at order[start[line]]. */
struct sorted {
	uint32_t *order;
	size_t *start;
	uint64_t *token;
	uint32_t *match;
};

static bool sort_items(const struct items *it, uint32_t n_lines, struct sorted *s)
{
	size_t *at = calloc((size_t)n_lines + 1, sizeof(*at));

	s->order = malloc((it->n + 1) * sizeof(*s->order));
	s->start = calloc((size_t)n_lines + 1, sizeof(*s->start));
	s->token = malloc((it->n + 1) * sizeof(*s->token));
	s->match = malloc((it->n + 1) * sizeof(*s->match));
	if (!at || !s->order || !s->start || !s->token || !s->match) {
		free(at);
		return false;
	}
	for (size_t i = 0; i < it->n; i++)
		s->start[it->v[i].line + 1]++;
	for (uint32_t l = 0; l < n_lines; l++)
		s->start[l + 1] += s->start[l];
	memcpy(at, s->start, ((size_t)n_lines + 1) * sizeof(*at));
	for (size_t i = 0; i < it->n; i++) {
		size_t place = at[it->v[i].line]++;

		s->order[place] = (uint32_t)i;
		s->token[place] = it->v[i].token;
	}
	free(at);
	return true;
}

static void free_sorted(struct sorted *s)
{
	free(s->order);
	free(s->start);
	free(s->token);
	free(s->match);
}

/* A step with several items is common to both sides only if all its items are. */
static void judge(struct diff_side *side, const struct items *it, const struct items *them,
		  const struct sorted *s, const struct sorted *o, size_t first, size_t n,
		  size_t other_first)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t step = it->v[s->order[first + i]].step;
		uint32_t m = s->match[first + i];

		if (m == LCS_NONE) {
			side->why[step] = DIFF_OWN;
			continue;
		}
		if (side->why[step] == DIFF_IGNORED)
			side->why[step] = DIFF_SAME;
		if (side->partner[step] == STEP_NONE)
			side->partner[step] = them->v[o->order[other_first + m]].step;
	}
}

static struct err *compare_lines(struct diff *d, struct items it[2], uint32_t n_lines)
{
	struct sorted s[2] = { 0 };
	struct err *e = NULL;

	if (!sort_items(&it[0], n_lines, &s[0]) || !sort_items(&it[1], n_lines, &s[1]))
		e = err_nomem();
	for (uint32_t l = 0; !e && l < n_lines; l++) {
		size_t a = s[0].start[l], n = s[0].start[l + 1] - a;
		size_t b = s[1].start[l], m = s[1].start[l + 1] - b;

		e = lcs_match(s[0].token + a, n, s[1].token + b, m, s[0].match + a, s[1].match + b);
		if (e)
			break;
		judge(&d->side[0], &it[0], &it[1], &s[0], &s[1], a, n, b);
		judge(&d->side[1], &it[1], &it[0], &s[1], &s[0], b, m, a);
	}
	free_sorted(&s[0]);
	free_sorted(&s[1]);
	return e;
}

/* --- the order of the output --------------------------------------------------------------- */

struct anchored {
	/* the step of side 0 after which it is shown, from 1; 0 = at the beginning */
	uint32_t after;
	uint32_t step;
};

static int by_anchor(const void *x, const void *y)
{
	const struct anchored *a = x, *b = y;

	if (a->after != b->after)
		return a->after < b->after ? -1 : 1;
	return a->step < b->step ? -1 : a->step > b->step;
}

/* Places what only side 1 does after the last common step before it. */
static struct err *arrange(struct diff *d)
{
	struct diff_side *x = &d->side[0], *y = &d->side[1];
	struct anchored *own = malloc((y->a->n + 1) * sizeof(*own));
	size_t n = 0, next = 0;
	uint32_t after = 0;

	d->lines = malloc((x->a->n + y->a->n + 1) * sizeof(*d->lines));
	if (!own || !d->lines) {
		free(own);
		return err_nomem();
	}
	for (size_t i = 0; i < y->a->n; i++) {
		if (y->why[i] == DIFF_SAME) {
			y->same++;
			after = y->partner[i] + 1;
		} else if (y->why[i] == DIFF_OWN) {
			own[n++] = (struct anchored){ after, (uint32_t)i };
		}
	}
	qsort(own, n, sizeof(*own), by_anchor);
	for (size_t i = 0; i <= x->a->n; i++) {
		bool same = i < x->a->n && x->why[i] == DIFF_SAME;

		/* removals are listed before additions */
		for (; (same || i == x->a->n) && next < n && own[next].after <= i; next++)
			d->lines[d->n_lines++] = (struct diff_line){ own[next].step, 1 };
		if (i == x->a->n || x->why[i] == DIFF_IGNORED)
			continue;
		x->same += same;
		x->own += !same;
		d->lines[d->n_lines++] = (struct diff_line){ (uint32_t)i, same ? 2 : 0 };
	}
	y->own = n;
	free(own);
	return NULL;
}

static bool prepare(struct diff_side *s, const struct steps *a)
{
	s->a = a;
	s->why = calloc(a->n + 1, sizeof(*s->why));
	s->partner = malloc((a->n + 1) * sizeof(*s->partner));
	s->codec = calloc(a->n_codecs + 1, sizeof(*s->codec));
	if (!s->why || !s->partner || !s->codec)
		return false;
	for (size_t i = 0; i < a->n; i++)
		s->partner[i] = STEP_NONE;
	return true;
}

struct err *diff_steps(const struct steps *a, const struct steps *b, struct diff *out)
{
	struct items it[2] = { 0 };
	struct regmap lines = { 0 };
	uint32_t *pair_of_line = NULL, n_lines = 0;
	struct err *e = NULL;

	*out = (struct diff){ 0 };
	if (!prepare(&out->side[0], a) || !prepare(&out->side[1], b)) {
		e = err_nomem();
		goto out;
	}
	pair_codecs(out);
	for (unsigned int s = 0; s < 2 && !e; s++) {
		struct maker m = { .side = &out->side[s], .lines = &lines, .n_lines = &n_lines,
				   .out = &it[s] };

		it[s].epochs = calloc(out->codecs + 1, sizeof(*it[s].epochs));
		m.failed = !it[s].epochs;
		for (size_t i = 0; i < m.side->a->n && !m.failed; i++)
			if (m.side->codec[m.side->a->v[i].codec] >= 0)
				add_step(&m, i);
		regmap_deinit(&m.values);
		e = m.failed ? err_nomem() : NULL;
	}
	if (!e)
		pair_of_line = calloc((size_t)n_lines + 1, sizeof(*pair_of_line));
	if (!e && !pair_of_line)
		e = err_nomem();
	for (size_t i = 0; !e && i < lines.cap; i++)
		if (lines.v[i].used)
			pair_of_line[lines.v[i].at - 1] = lines.v[i].codec;
	if (!e)
		e = align(out, it, pair_of_line);
	if (!e)
		e = compare_lines(out, it, n_lines);
	if (!e)
		e = arrange(out);
out:
	for (unsigned int s = 0; s < 2; s++) {
		free(it[s].v);
		free(it[s].epochs);
	}
	free(pair_of_line);
	regmap_deinit(&lines);
	return e;
}

void diff_deinit(struct diff *d)
{
	for (unsigned int s = 0; s < 2; s++) {
		free(d->side[s].why);
		free(d->side[s].partner);
		free(d->side[s].codec);
	}
	free(d->lines);
	*d = (struct diff){ 0 };
}
