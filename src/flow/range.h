/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A part of a capture, between two ends. An end is a time since the capture's first event, a
 * mark by its text, or a verb by its number, as show --time index prints it. A mark belongs
 * to the part that it begins and to the part that it ends; the same is true for verbs; a time
 * ends a part before the events of that time.
 */
#ifndef HDADUMP_FLOW_RANGE_H
#define HDADUMP_FLOW_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct err;
struct xact;

enum range_end_kind { RANGE_OPEN, RANGE_TIME, RANGE_MARK, RANGE_VERB };

struct range_end {
	enum range_end_kind kind;	/* RANGE_OPEN = no end */
	const char *mark;	/* borrowed */
	uint64_t index;		/* number of a verb, from 1 */
	int64_t ns;
};

/* Zero-filled: everything. */
struct range {
	struct range_end from, to;
};

/* How far a capture was read. */
struct range_walk {
	struct range range;
	bool begun, ended;
	struct buf marks;	/* texts of all marks so far, for an error */
	unsigned int n_marks;
	int64_t last;		/* time of the last xact, since the first event; 0 = none */
};

enum range_place { RANGE_BEFORE, RANGE_WITHIN, RANGE_AFTER };

/*
 * "1.5" or "2:30" is a time in seconds, or minutes and seconds; "#41" a verb; anything else a
 * mark.
 */
struct err *range_end_parse(struct range_end *end, const char *text);
static inline bool range_is_set(const struct range *r)
{
	return r->from.kind || r->to.kind;
}

void range_walk_init(struct range_walk *w, const struct range *r);
void range_walk_deinit(struct range_walk *w);
/* Must get every xact in order. @origin: time of the first event, or EVENT_TIME_NONE. */
enum range_place range_walk(struct range_walk *w, const struct xact *x, int64_t origin);
/* After the last xact: an error if an end does not exist; it lists the existing marks. */
struct err *range_walk_result(const struct range_walk *w, const char *input);

#endif
