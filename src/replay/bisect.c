// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/bisect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"

/* The answers to one question, which is a choice of items. */
struct memo {
	uint64_t hash;
	uint64_t *set;
	uint32_t yes, no, skip;
};

enum bisect_verdict { NO, YES, SKIPPED, UNKNOWN };

struct bisect {
	size_t n, words;
	struct memo *memo;
	size_t n_memo, cap_memo;
	uint32_t asked;
	/* the open question */
	uint64_t *open;
	enum bisect_stage stage;
	bool is_open;
	/* state of one walk, computed again by each walk */
	size_t *all;		/* the list to search: all items, or those of a rescue */
	size_t n_all;
	size_t n_fixed;
	size_t *found;		/* the same in the order in which they were found */
	uint64_t *scratch;
	double *weight;
	bool *chosen;
	double left;
	bool rescued;
};

void bisect_destroy(struct bisect *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n_memo; i++)
		free(b->memo[i].set);
	free(b->memo);
	free(b->open);
	free(b->all);
	free(b->found);
	free(b->scratch);
	free(b->weight);
	free(b->chosen);
	free(b);
}

struct err *bisect_create(size_t n, struct bisect **out)
{
	struct bisect *b;

	if (!n || n > BISECT_MAX)
		return err_new(ERR_FAIL, "%zu items cannot be bisected: 1 to %d can", n, BISECT_MAX);
	b = calloc(1, sizeof(*b));
	if (!b)
		return err_nomem();
	b->n = n;
	b->words = (n + 63) / 64;
	b->open = calloc(b->words, sizeof(*b->open));
	b->scratch = calloc(b->words, sizeof(*b->scratch));
	b->all = calloc(n, sizeof(*b->all));
	b->found = calloc(n, sizeof(*b->found));
	b->chosen = calloc(n, sizeof(*b->chosen));
	b->weight = calloc(n + 1, sizeof(*b->weight));
	if (!b->open || !b->scratch || !b->all || !b->found || !b->chosen ||
	    !b->weight) {
		bisect_destroy(b);
		return err_nomem();
	}
	*out = b;
	return NULL;
}

/* --- answers -------------------------------------------------------------- */

static void include(uint64_t *set, size_t i)
{
	set[i / 64] |= 1ull << i % 64;
}

static uint64_t hash_of(const struct bisect *b, const uint64_t *set)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < b->words; i++)
		h = (h ^ set[i]) * 0x100000001b3 ^ h >> 29;
	return h;
}

static struct memo *memo_find(struct bisect *b, const uint64_t *set)
{
	uint64_t h = hash_of(b, set);

	for (size_t i = 0; i < b->n_memo; i++)
		if (b->memo[i].hash == h &&
		    !memcmp(b->memo[i].set, set, b->words * sizeof(*set)))
			return &b->memo[i];
	return NULL;
}

static struct err *memo_add(struct bisect *b, const uint64_t *set, struct memo **out)
{
	struct memo *m;

	if (!vec_room(b->memo, b->n_memo, b->cap_memo))
		return err_nomem();
	m = &b->memo[b->n_memo];
	*m = (struct memo){ .hash = hash_of(b, set), .set = malloc(b->words * sizeof(*set)) };
	if (!m->set)
		return err_nomem();
	memcpy(m->set, set, b->words * sizeof(*set));
	b->n_memo++;
	*out = m;
	return NULL;
}

struct err *bisect_answer(struct bisect *b, enum bisect_answer answer)
{
	struct memo *m;
	struct err *e = NULL;

	if (!b->is_open)
		return err_new(ERR_FAIL, "an answer without a question");
	m = memo_find(b, b->open);
	if (!m)
		e = memo_add(b, b->open, &m);
	if (e)
		return e;
	m->yes += answer == BISECT_YES;
	m->no += answer == BISECT_NO;
	m->skip += answer == BISECT_SKIP;
	b->asked++;
	b->is_open = false;
	return NULL;
}

/* --- asking --------------------------------------------------------------- */

static enum bisect_verdict open_question(struct bisect *b, enum bisect_stage stage)
{
	memcpy(b->open, b->scratch, b->words * sizeof(*b->open));
	b->stage = stage;
	b->is_open = true;
	return UNKNOWN;
}

/* Looks up the answer for the choice in b->scratch. UNKNOWN: the question is now open. */
static enum bisect_verdict ask(struct bisect *b, enum bisect_stage stage)
{
	struct memo *m = memo_find(b, b->scratch);

	if (!m)
		return open_question(b, stage);
	if (m->yes && m->no && m->yes == m->no)
		return open_question(b, STAGE_AGAIN);	/* the third answer decides */
	if (!m->yes && !m->no)
		return SKIPPED;
	return m->yes > m->no ? YES : NO;
}

/* The same, but an answer that decides a lot must be given twice. */
static enum bisect_verdict ask_twice(struct bisect *b)
{
	struct memo *m = memo_find(b, b->scratch);

	if (m && m->yes + m->no + m->skip < 2)
		return open_question(b, STAGE_AGAIN);
	return ask(b, STAGE_AGAIN);
}

/* Chooses the first @len items of the list, and the fixed ones. */
static void choose_prefix(struct bisect *b, size_t len)
{
	memset(b->scratch, 0, b->words * sizeof(*b->scratch));
	for (size_t i = 0; i < len; i++)
		include(b->scratch, b->all[i]);
	for (size_t i = 0; i < b->n_fixed; i++)
		include(b->scratch, b->found[i]);
}

static enum bisect_verdict ask_prefix(struct bisect *b, size_t len)
{
	choose_prefix(b, len);
	return ask(b, STAGE_SEARCH);
}

/* --- the search for the last needed item ---------------------------------- */

/*
 * Sets how likely it is that the shortest prefix that works has m items, if one of @hi items
 * works. m = 0: the fixed items alone work.
 */
static void weigh(struct bisect *b, size_t hi)
{
	double rest = 0;

	for (size_t m = 1; m <= hi; m++) {
		/*
		 * for the first needed item all places are equally likely; later ones are
		 * often near it
		 */
		b->weight[m] = b->n_fixed ? 1.0 / (double)(hi - m + 1) + 1.0 / (double)hi : 1.0;
		rest += b->weight[m];
	}
	b->weight[0] = b->n_fixed ? rest * 0.8 : 0;
}

/* The place in (lo, hi) that divides the rest of the weight into halves; lo may be -1. */
static size_t halve(const struct bisect *b, ptrdiff_t lo, size_t hi)
{
	double sum = 0, part = 0;
	size_t m;

	for (m = (size_t)(lo + 1); m <= hi; m++)
		sum += b->weight[m];
	for (m = (size_t)(lo + 1); m + 1 < hi; m++) {
		double next = part + b->weight[m];

		if (next * 2 >= sum) {
			/* take the nearer of two places */
			if (m > (size_t)(lo + 1) && next * 2 - sum > sum - part * 2)
				m--;
			break;
		}
		part = next;
	}
	return m;
}

#define SKIPS 8

/*
 * Asks at *@at or, if the user skipped that question, at a place near it between @lo and @hi.
 * If all are skipped, the answer counts as "does not work".
 */
static enum bisect_verdict ask_near(struct bisect *b, ptrdiff_t lo, size_t hi, size_t *at)
{
	size_t wanted = *at;

	for (size_t d = 0; d <= SKIPS; d++) {
		for (int side = 0; side < (d ? 2 : 1); side++) {
			ptrdiff_t t = (ptrdiff_t)wanted + (side ? -(ptrdiff_t)d : (ptrdiff_t)d);
			enum bisect_verdict v;

			if (t <= lo || t >= (ptrdiff_t)hi)
				continue;
			v = ask_prefix(b, (size_t)t);
			if (v != SKIPPED) {
				*at = (size_t)t;
				return v;
			}
		}
	}
	return NO;
}

/*
 * Finds the shortest prefix, of at most *hi items, that works together with the fixed ones.
 * *hi is known to work. Returns false if a question is open.
 */
static bool search(struct bisect *b, size_t *hi, bool *at_top)
{
	ptrdiff_t lo = b->n_fixed ? -1 : 0;
	size_t top = *hi;

	weigh(b, top);
	while ((ptrdiff_t)*hi - lo > 1) {
		size_t at = halve(b, lo, *hi);

		switch (ask_near(b, lo, *hi, &at)) {
		case UNKNOWN:
			b->left = log2((double)((ptrdiff_t)*hi - lo));
			return false;
		case YES:
			*hi = at;
			break;
		default:
			lo = (ptrdiff_t)at;
			break;
		}
	}
	*at_top = *hi == top && top > 8;
	return true;
}

/* --- when the whole list does not work ------------------------------------ */

/* Reduces the list to the items in b->scratch. */
static void keep_choice(struct bisect *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		if (b->scratch[i / 64] >> i % 64 & 1)
			b->all[n++] = i;
	b->n_all = n;
	b->rescued = true;
}

/*
 * Tries prefixes of odd multiples of 1/@parts, longer ones first, because an item that breaks
 * the rest is often late.
 */
static enum bisect_verdict rescue_prefix(struct bisect *b, size_t parts)
{
	for (size_t i = parts; i; i -= 2) {
		size_t len = b->n * (i - 1) / parts;
		enum bisect_verdict v;

		if (!len)
			continue;
		choose_prefix(b, len);
		v = ask(b, STAGE_RESCUE);
		if (v == YES || v == UNKNOWN)
			return v;
	}
	return NO;
}

/* Pseudo-random numbers that are the same each time (Steele and others' splitmix64). */
static uint64_t scatter(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/*
 * Tries the list without a pseudo-random choice, the @try-th, of one item in @parts: it
 * leaves out an item that breaks the rest with some chance, wherever that item is.
 */
static enum bisect_verdict rescue_thinned(struct bisect *b, uint64_t try, uint64_t parts)
{
	choose_prefix(b, 0);
	for (size_t i = 0; i < b->n; i++)
		if (scatter(try << 32 | i) % parts)
			include(b->scratch, i);
	return ask(b, STAGE_RESCUE);
}

/* Tries the list without one item. */
static enum bisect_verdict rescue_without_one(struct bisect *b)
{
	for (size_t i = b->n; i; i--) {
		enum bisect_verdict v;

		choose_prefix(b, b->n);
		b->scratch[(i - 1) / 64] &= ~(1ull << (i - 1) % 64);
		v = ask(b, STAGE_RESCUE);
		if (v == YES || v == UNKNOWN)
			return v;
	}
	return NO;
}

/* YES: the list is now a part of it that works. */
static enum bisect_verdict rescue(struct bisect *b)
{
	static const uint8_t thin[] = { 4, 4, 8, 4, 8, 4, 8, 16 };
	enum bisect_verdict v = NO;

	for (size_t parts = 2; v == NO && parts <= 8; parts *= 2)
		v = rescue_prefix(b, parts);
	for (uint64_t try = 0; v == NO && try < 24 * ARRAY_SIZE(thin); try++)
		v = rescue_thinned(b, try, thin[try % ARRAY_SIZE(thin)]);
	if (v == NO)
		v = rescue_without_one(b);
	if (v == YES)
		keep_choice(b);
	return v;
}

/* --- the end -------------------------------------------------------------- */

static void choose_fixed(struct bisect *b, size_t without)
{
	memset(b->scratch, 0, b->words * sizeof(*b->scratch));
	for (size_t i = 0; i < b->n_fixed; i++)
		if (i != without)
			include(b->scratch, b->found[i]);
}

/* Leaves out each fixed item in turn. Returns false if a question is open. */
static bool leave_out(struct bisect *b)
{
	size_t since = 0;	/* items tried since one was removed */

	for (size_t i = 0; since < b->n_fixed && b->n_fixed > 1; i++) {
		size_t at = i % b->n_fixed;

		choose_fixed(b, at);
		switch (ask(b, STAGE_LEAVE_OUT)) {
		case UNKNOWN:
			b->left = (double)(b->n_fixed - since);
			return false;
		case YES:
			memmove(&b->found[at], &b->found[at + 1],
				(b->n_fixed - at - 1) * sizeof(*b->found));
			b->n_fixed--;
			since = 0;
			i = at ? at - 1 : b->n_fixed - 1;
			break;
		default:
			since++;
			break;
		}
	}
	return true;
}

/* --- the whole way -------------------------------------------------------- */

/*
 * Asks about the empty and the whole list. Returns false if a question is open, or if there
 * is nothing to search.
 */
static bool begin(struct bisect *b, enum bisect_state *state)
{
	enum bisect_verdict v;

	b->n_fixed = 0;
	b->n_all = b->n;
	b->rescued = false;
	b->left = log2((double)b->n) + 2;
	for (size_t i = 0; i < b->n; i++)
		b->all[i] = i;
	*state = BISECT_ASKS;
	choose_prefix(b, 0);
	v = ask(b, STAGE_EMPTY);
	if (v == YES)
		v = ask_twice(b);
	if (v == YES)
		*state = BISECT_EMPTY_WORKS;
	if (v == YES || v == UNKNOWN)
		return false;
	choose_prefix(b, b->n);
	v = ask(b, STAGE_WHOLE);
	if (v == NO) {
		v = rescue(b);
		if (v == NO)
			*state = BISECT_NEVER_WORKS;
	}
	/* if the user skips the question about the whole list, assume that it works */
	return v == YES || v == SKIPPED;
}

/* Repeats the whole search with the answers known so far. */
static enum bisect_state walk(struct bisect *b)
{
	enum bisect_state state;
	unsigned int tops = 0;
	size_t hi;

	if (!begin(b, &state))
		return state;
	hi = b->n_all;
	while (b->n_fixed < b->n) {
		bool at_top = false;
		size_t upper = hi;

		if (!search(b, &hi, &at_top))
			return BISECT_ASKS;
		if (!hi)
			break;	/* the fixed items alone work */
		/* Two searches ended at their upper bound: re-ask it; the earlier yes may be wrong. */
		tops = at_top ? tops + 1 : 0;
		if (tops > 1) {
			choose_prefix(b, upper);
			if (ask_twice(b) == UNKNOWN)
				return BISECT_ASKS;
		}
		b->found[b->n_fixed++] = b->all[--hi];
	}
	if (!leave_out(b))
		return BISECT_ASKS;
	choose_fixed(b, SIZE_MAX);
	b->left = 1;
	switch (ask_twice(b)) {
	case UNKNOWN:
		return BISECT_ASKS;
	default:
		return BISECT_FOUND;
	}
}

struct err *bisect_next(struct bisect *b, struct bisect_step *out)
{
	enum bisect_state state = BISECT_ASKS;

	if (!b->is_open)
		state = walk(b);
	*out = (struct bisect_step){
		.state = state, .stage = b->stage, .chosen = b->chosen, .asked = b->asked,
		.found = b->n_fixed, .left = b->left, .rescued = b->rescued,
	};
	for (size_t i = 0; i < b->n_memo; i++) {
		out->skipped += b->memo[i].skip;
		out->settled += b->memo[i].yes && b->memo[i].no;
	}
	memset(b->chosen, 0, b->n * sizeof(*b->chosen));
	if (state == BISECT_FOUND)
		for (size_t i = 0; i < b->n_fixed; i++)
			b->chosen[b->found[i]] = true;
	if (state == BISECT_ASKS)
		for (size_t i = 0; i < b->n; i++)
			b->chosen[i] = b->open[i / 64] >> i % 64 & 1;
	for (size_t i = 0; i < b->n; i++)
		out->n_chosen += b->chosen[i];
	return NULL;
}

const char *bisect_stage_text(enum bisect_stage s)
{
	static const char *const texts[STAGES] = {
		[STAGE_EMPTY] = "nothing at all",
		[STAGE_WHOLE] = "the whole list",
		[STAGE_RESCUE] = "a part, because the whole does not work",
		[STAGE_SEARCH] = "search",
		[STAGE_LEAVE_OUT] = "one less",
		[STAGE_AGAIN] = "once more, because a lot depends on it",
	};

	return s < STAGES ? texts[s] : "";
}
