/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bisection: finds which items of an ordered list are needed, with few questions of the
 * form "does this choice of items work?".
 *
 * Pure: it knows nothing about verbs, devices or users. Its next question depends only on the
 * answers so far, so that feeding it the old answers again gives the same state: this is how
 * a session continues after a crash, and how a wrong answer is taken back.
 *
 * The method. The shortest prefix of the list that works ends with a needed item; halving
 * finds it in log2(n) questions. That item is fixed, and then we search the shortest prefix
 * that works *together with the fixed items*, until the fixed items work alone. k needed
 * items take about k log2(n) questions, where ddmin takes up to k^2. The halves are weighted:
 * needed items are often close together, so a place d before the last one counts 1/d.
 *
 * Items may depend on each other in any way: at every moment there is a choice that was seen
 * to work, and it only gets smaller. At the end each item is left out once more (unless
 * exactly that choice was seen to fail), and the rest is tried again; so the result works,
 * and no single item of it can be left out.
 *
 * If the whole list does not work, an item in it may break the effect of earlier ones: we try
 * prefixes by eighths of the length, then the list without a random fourth, eighth or
 * sixteenth of its items, and last the list without each single item.
 *
 * Answers can be wrong. If an answer decides everything and all later answers contradict it,
 * the question is asked again; a third answer decides between two different ones.
 */
#ifndef HDADUMP_REPLAY_BISECT_H
#define HDADUMP_REPLAY_BISECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct bisect;

/* A list of steps that a user bisects by ear is not longer. */
#define BISECT_MAX 65536

enum bisect_answer { BISECT_NO, BISECT_YES, BISECT_SKIP };

enum bisect_state {
	BISECT_ASKS,		/* a question is open */
	BISECT_FOUND,		/* the choice is the result */
	BISECT_EMPTY_WORKS,	/* it works without any item: nothing to search */
	BISECT_NEVER_WORKS,	/* neither the whole list nor any part that was tried works */
};

/* The purpose of a question, to be shown to the user. */
enum bisect_stage {
	STAGE_EMPTY,	/* does it work without anything? */
	STAGE_WHOLE,	/* does the whole list work? */
	STAGE_RESCUE,	/* it does not: does a part of it work? */
	STAGE_SEARCH,
	STAGE_LEAVE_OUT,/* can this item be left out? */
	STAGE_AGAIN,	/* asked again because a lot depends on the answer */
	STAGES
};

struct bisect_step {
	enum bisect_state state;
	enum bisect_stage stage;
	const bool *chosen;	/* for each of n items; valid until the next call */
	size_t n_chosen;
	uint32_t asked;		/* number of answers so far */
	uint32_t skipped;	/* number of skipped questions */
	uint32_t settled;	/* number of questions with different answers */
	size_t found;		/* number of items known to be needed */
	double left;		/* estimated number of questions left */
	bool rescued;		/* FOUND, although the whole list did not work */
};

struct err *bisect_create(size_t n, struct bisect **out);
void bisect_destroy(struct bisect *b);	/* accepts NULL */
/* The current state: the same until bisect_answer(). */
struct err *bisect_next(struct bisect *b, struct bisect_step *out);
/* Answers the open question. */
struct err *bisect_answer(struct bisect *b, enum bisect_answer answer);

const char *bisect_stage_text(enum bisect_stage s);

#endif
