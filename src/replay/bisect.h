/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bisection: which items of an ordered list are needed, by few questions of
 * the form "does this choice of them work?".
 *
 * Pure: it knows neither verbs nor devices nor users.  What it asks depends on
 * nothing but the answers, so that feeding it the old answers again leads to
 * the same place: that is how a session goes on after a crash, and how a wrong
 * answer is taken back.
 *
 * How it goes.  The shortest prefix of the list that works ends with a needed
 * item: found by halving, in log2(n) questions.  That item is fixed, and the
 * shortest prefix that works *beside the fixed ones* is looked for, until the
 * fixed ones work alone.  k needed items take about k log2(n) questions, where
 * ddmin takes up to k^2.  The halves are weighed: needed items tend to stand
 * close together, so a place d in front of the last one counts 1/d.
 *
 * Nothing is taken for granted about how items act on each other: at every
 * moment there is a choice that was seen to work, and it only gets smaller.  At
 * the end each item is left out once more (unless that was seen to fail just
 * so), and what is left is tried again; so the result works, and none of its
 * items can go alone.
 *
 * When the whole list does not work, something in it may break what came
 * before: eighths of its length are tried, then the list without every fourth,
 * eighth or sixteenth item by chance, at last without each single one.
 *
 * Answers can be wrong.  An answer that everything hangs on, while all that
 * follow speak against it, is asked for again; two that differ are settled by a
 * third.
 */
#ifndef HDADUMP_REPLAY_BISECT_H
#define HDADUMP_REPLAY_BISECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct bisect;

/* No list of steps that somebody bisects by ear is longer. */
#define BISECT_MAX 65536

enum bisect_answer { BISECT_NO, BISECT_YES, BISECT_SKIP };

enum bisect_state {
	BISECT_ASKS,		/* a question is open */
	BISECT_FOUND,		/* the choice is the result */
	BISECT_EMPTY_WORKS,	/* it works without any item: nothing to look for */
	BISECT_NEVER_WORKS,	/* neither the whole list nor any part that was tried works */
};

/* What a question is for, to be told to the user. */
enum bisect_stage {
	STAGE_EMPTY,	/* does it work without anything? */
	STAGE_WHOLE,	/* does the whole list work? */
	STAGE_RESCUE,	/* it does not: does a part of it? */
	STAGE_SEARCH,
	STAGE_LEAVE_OUT,/* can this one go? */
	STAGE_AGAIN,	/* asked before, and asked again because much hangs on it */
	STAGES
};

struct bisect_step {
	enum bisect_state state;
	enum bisect_stage stage;
	const bool *chosen;	/* of n items; valid until the next call */
	size_t n_chosen;
	uint32_t asked;		/* answers so far */
	uint32_t skipped;	/* of them */
	uint32_t settled;	/* questions whose answers differed */
	size_t found;		/* items known to be needed so far */
	double left;		/* a guess at the questions that are left */
	bool rescued;		/* FOUND, and the whole list did not work */
};

struct err *bisect_create(size_t n, struct bisect **out);
void bisect_destroy(struct bisect *b);	/* accepts NULL */
/* What now: the same until bisect_answer(). */
struct err *bisect_next(struct bisect *b, struct bisect_step *out);
/* Answers the open question. */
struct err *bisect_answer(struct bisect *b, enum bisect_answer answer);

const char *bisect_stage_text(enum bisect_stage s);

#endif
