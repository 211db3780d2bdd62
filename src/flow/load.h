/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a path to a source: the one way on which every command opens what it
 * is given.  What the input is, its content says (input/open.h); which of its
 * controllers is meant is decided here, whatever it is.
 */
#ifndef HDADUMP_FLOW_LOAD_H
#define HDADUMP_FLOW_LOAD_H

#include <stdint.h>

#include "flow/range.h"

struct err;
struct pipeline;
struct source;
struct source_facts;

/* What is read, as the user says it.  Texts are borrowed. */
struct load_options {
	const char *path;	/* "-": standard input */
	const char *controller;	/* only the one of this name; NULL: all */
	uint64_t bar;		/* kvm_mmio text: BAR 0's address in the guest; 0: by evidence */
	struct range range;	/* only this part */
};

/* Zero-filled: nothing is open. */
struct loaded {
	struct source *source;	/* what is to be read */
	struct source *opened;	/* the input itself: the same, or what @source reads from */
	const char *name;	/* for messages */
	int fd;
};

/* "standard input" for "-". */
const char *load_name(const char *path);
/* load_close() whatever happens. */
struct err *load_open(const struct load_options *o, struct loaded *l);
/* The same from a descriptor, which stays the caller's and must outlive @l. */
struct err *load_open_fd(int fd, const struct load_options *o, struct loaded *l);
void load_close(struct loaded *l);
/* What @l can say of its input, input/open.h. */
void load_facts(const struct loaded *l, struct source_facts *facts);
/* Runs @p, which has its sink and fold, over the range of what was opened. */
struct err *load_run(const struct loaded *l, const struct load_options *o, struct pipeline *p);

#endif
