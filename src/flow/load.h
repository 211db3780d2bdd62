/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a path as a source; every command uses it. The input's content shows its format
 * (input/open.h); the controller is selected here, for all formats.
 */
#ifndef HDADUMP_FLOW_LOAD_H
#define HDADUMP_FLOW_LOAD_H

#include <stdint.h>

#include "flow/range.h"

struct err;
struct pipeline;
struct source;
struct source_facts;

/* What to read, from the user's options. Texts are borrowed. */
struct load_options {
	const char *path;	/* "-": standard input */
	const char *controller;	/* only the controller with this name; NULL = all */
	/* kvm_mmio text: BAR 0's address in the guest; 0 = recognise it by the accesses */
	uint64_t bar;
	struct range range;	/* only this part */
};

/* Zero-filled: nothing is open. */
struct loaded {
	struct source *source;	/* the source to read */
	/* the input itself: the same source, or the one that @source reads from */
	struct source *opened;
	const char *name;	/* for messages */
	int fd;
};

/* "standard input" for "-". */
const char *load_name(const char *path);
/* Call load_close() in any case. */
struct err *load_open(const struct load_options *o, struct loaded *l);
/* The same from a descriptor, which belongs to the caller and must stay open as long as @l. */
struct err *load_open_fd(int fd, const struct load_options *o, struct loaded *l);
void load_close(struct loaded *l);
/* What @l knows about its input, input/open.h. */
void load_facts(const struct loaded *l, struct source_facts *facts);
/* Runs @p, which has its sink and fold, over the selected range. */
struct err *load_run(const struct loaded *l, const struct load_options *o, struct pipeline *p);

#endif
