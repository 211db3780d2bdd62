/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's marks in a capture: what he noted, when, and how many verbs had gone by. */
#ifndef HDADUMP_ANALYSE_MARKS_H
#define HDADUMP_ANALYSE_MARKS_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct xact;

/* Marks that are kept; `all` counts the others too. */
#define MARKS_MAX 1024

struct mark_seen {
	char *text;		/* as the source has it: not safe to show */
	size_t len;
	int64_t time;		/* ns, as struct event's */
	uint64_t after;		/* verbs before it, of every controller */
};

struct marks_seen {
	struct mark_seen *v;
	size_t n, cap;
	uint64_t all;
};

/* A mark without a time is a comment of a list's, and no mark of a capture. */
struct err *marks_put(struct marks_seen *m, const struct xact *x, uint64_t after);
void marks_deinit(struct marks_seen *m);

#endif
