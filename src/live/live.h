/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live source: a QEMU that runs now, its trace, and its guest's memory. */
#ifndef HDADUMP_LIVE_LIVE_H
#define HDADUMP_LIVE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"
#include "live/kvm/feed_kvm.h"
#include "qemu/guest_memory.h"
#include "qemu/monitor.h"

struct control;
struct err;

struct live_run_options {
	char *const *command;	/* QEMU's own command line, NULL-terminated */
	const char *device;	/* only the controller of this name (or QEMU id); NULL: all */
	bool strict;
	enum memory_route memory;
	enum capture_via via;
	uint32_t bpf_buffer;	/* bytes; 0: what is usual */
};

/*
 * Starts QEMU, resolves the guest's memory while it still stands still, and
 * lets it go.  On an error nothing is left running.
 *
 * While it lives the source takes SIGINT and SIGTERM: the first asks QEMU to
 * end and the capture goes on to its last line, the second ends QEMU at once.
 */
struct err *live_run_create(const struct live_run_options *opt, struct source **out);

struct live_attach_options {
	struct monitor_where where;
	const char *device;
	enum memory_route memory;
	enum capture_via via;
	uint32_t bpf_buffer;	/* bytes; 0: what is usual */
	const char *fifo_dir;	/* the trace comes through a FIFO in here; NULL: as is best */
};

/*
 * Joins a QEMU that runs: while the guest stands still for a moment, its trace
 * is switched on, or a BPF program takes its place and nothing is changed.  On an error everything is as it was.  It ends with the
 * guest, or at the first SIGINT or SIGTERM, and QEMU is left as it was; should
 * we be killed, a guardian sees to that (undo.h).
 */
struct err *live_attach_create(const struct live_attach_options *opt, struct source **out);

/* Marks that @c takes while it runs are given out at their place; @c stays the caller's. */
void live_set_control(struct source *s, struct control *c);

/* After the end: NULL when all went well with QEMU, otherwise what happened. */
struct err *live_result(struct source *s);
/* For the summary: how memory was read (valid until the next call). */
const char *live_route(struct source *s);

#endif
