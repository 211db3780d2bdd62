/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's marks in a capture: their text, their time, and the number of verbs before them. */
#ifndef HDADUMP_ANALYSE_MARKS_H
#define HDADUMP_ANALYSE_MARKS_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct xact;

/* Marks that are stored; `all` counts the others too. */
#define MARKS_MAX 1024

struct mark_seen {
	char *text;		/* text from the source: not safe for a terminal */
	size_t len;
	int64_t time;		/* ns, as in struct event */
	uint64_t after;		/* number of verbs before it, of all controllers */
};

struct marks_seen {
	struct mark_seen *v;
	size_t n, cap;
	uint64_t all;
};

/* A mark without a time is a comment in a list, and is ignored. */
struct err *marks_put(struct marks_seen *m, const struct xact *x, uint64_t after);
void marks_deinit(struct marks_seen *m);

#endif
