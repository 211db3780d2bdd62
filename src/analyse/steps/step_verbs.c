// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verbs of a choice of steps: follows the state of windows, and sets it up where a step
 * needs it.
 */
#include <stdlib.h>

#include "analyse/steps/steps.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

/* Coefficients below this are followed: only those of ports and masters are ever set up. */
#define FOLLOWED 0x80

struct step_verbs_window {
	uint16_t codec;
	uint8_t nid;
	int32_t index;		/* index of the coefficients; -1 = unknown */
	uint32_t before;	/* the step given last */
	int32_t coef[FOLLOWED];	/* values; -1 = unknown */
};

void step_verbs_init(struct step_verbs *em, const struct steps *a)
{
	*em = (struct step_verbs){ .steps = a };
}

void step_verbs_deinit(struct step_verbs *em)
{
	free(em->windows);
	em->windows = NULL;
	em->n_windows = 0;
}

/* Finds or creates the window of a node: few nodes have one. NULL if memory ran out. */
static struct step_verbs_window *window(struct step_verbs *em, const struct step *t)
{
	struct step_verbs_window *w;

	for (size_t i = 0; i < em->n_windows; i++)
		if (em->windows[i].codec == t->codec && em->windows[i].nid == t->nid)
			return &em->windows[i];
	if (!vec_more(em->windows, em->n_windows))
		return NULL;
	w = &em->windows[em->n_windows++];
	*w = (struct step_verbs_window){ .codec = t->codec, .nid = t->nid, .index = -1,
				      .before = STEP_NONE };
	for (unsigned int i = 0; i < FOLLOWED; i++)
		w->coef[i] = -1;
	return w;
}

/* After a reset of the codec the state of its windows is unknown. */
static void forget(struct step_verbs *em, uint16_t codec)
{
	for (size_t i = 0; i < em->n_windows; i++) {
		struct step_verbs_window *w = &em->windows[i];

		if (w->codec != codec)
			continue;
		w->index = -1;
		w->before = STEP_NONE;
		for (unsigned int k = 0; k < FOLLOWED; k++)
			w->coef[k] = -1;
	}
}

static void follow(struct step_verbs_window *w, uint32_t word)
{
	struct verb_parts v = verb_split(word);

	switch (v.id) {
	case 0x500:
		w->index = v.payload;
		break;
	case 0x400:
		if (w->index >= 0 && w->index < FOLLOWED)
			w->coef[w->index] = v.payload;
		w->index = w->index >= 0 && w->index < 0xffff ? w->index + 1 : -1;
		break;
	case 0xc00:
		w->index = -1;	/* it is unknown whether reads increase the index */
		break;
	}
}

static bool has_windows(const struct step *t)
{
	return t->kind == STEP_COEF || t->kind == STEP_PORT || t->kind == STEP_I2C ||
	       t->kind == STEP_CHIP || t->kind == STEP_RELATIVE;
}

/*
 * How many repetitions are needed. Writing a register's value again is a retry, and once is
 * enough; a coefficient that is a command may need all.
 */
static uint32_t needed(const struct step_verbs *em, const struct step *t)
{
	const struct step_verb *v = step_verbs(em->steps, t);

	if (t->kind != STEP_COEF || step_coef_is_ordered(step_codec(em->steps, t), t->nid, t->addr))
		return t->n_verbs;
	for (uint32_t i = 0; i < t->n_verbs; i++)
		if (verb_split(v[i].word).id == 0x400)
			return i + 1;
	return t->n_verbs;
}

struct err *step_verbs_put(struct step_verbs *em, const struct step *t, struct buf *words)
{
	const struct step_verb *v = step_verbs(em->steps, t);
	uint32_t n = needed(em, t);
	struct step_verbs_window *w = has_windows(t) ? window(em, t) : NULL;

	if (has_windows(t) && !w)
		return err_nomem();
	for (uint32_t i = 0; i < n; i++) {
		uint32_t word = v[i].word;

		switch (v[i].role) {
		case VERB_SELECTS:
			if (w && w->index == verb_split(word).payload)
				continue;
			break;
		case VERB_SETS_UP: {
			/* a select and its value */
			uint32_t coef = verb_split(word).payload;
			bool stands = w && i + 1 < n && coef < FOLLOWED &&
				      w->coef[coef] == verb_split(v[i + 1].word).payload;

			if (!stands && i + 1 < n) {
				buf_add(words, &word, sizeof(word));
				buf_add(words, &v[i + 1].word, sizeof(word));
				follow(w, word);
				follow(w, v[i + 1].word);
			}
			i++;
			continue;
		}
		case VERB_PAGES:
			if (w && t->before != STEP_NONE && w->before == t->before &&
			    em->steps->v[t->before].unit == t->unit)
				continue;
			break;
		case VERB_WAITS:
			if (!em->waits)
				continue;
			break;
		}
		buf_add(words, &word, sizeof(word));
		if (w)
			follow(w, word);
	}
	if (w)
		w->before = (uint32_t)(t - em->steps->v);
	if (t->kind == STEP_RESET)
		forget(em, t->codec);
	return buf_err(words);
}
