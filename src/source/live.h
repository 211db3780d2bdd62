/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live source: a QEMU that runs now, its trace, and its guest's memory. */
#ifndef HDADUMP_SOURCE_LIVE_H
#define HDADUMP_SOURCE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "source/guestmem.h"
#include "source/source.h"

struct err;

struct live_options {
	char *const *command;	/* QEMU's own command line, NULL-terminated */
	const char *device;	/* only the controller of this name (or QEMU id); NULL: all */
	bool strict;
	enum memory_route memory;
};

/*
 * Starts QEMU, resolves the guest's memory while it still stands still, and
 * lets it go.  On an error nothing is left running.
 *
 * While it lives the source takes SIGINT and SIGTERM: the first asks QEMU to
 * end and the capture goes on to its last line, the second ends QEMU at once.
 */
struct err *live_create(const struct live_options *opt, struct source **out);

/* After the end: NULL when QEMU ended well, otherwise what happened. */
struct err *live_result(struct source *s);
/* For the summary: how memory was read (valid until the next call), and QEMU's version. */
const char *live_route(struct source *s);
const char *live_version(struct source *s);
/* Whether the user asked to stop. */
bool live_was_stopped(struct source *s);

#endif
