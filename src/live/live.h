/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live source: a running QEMU, its trace, and its guest's memory. */
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
	/* capture only the controller with this name (or QEMU id); NULL = all */
	const char *device;
	bool strict;
	enum memory_route memory;
	enum capture_via via;
	uint32_t bpf_buffer;	/* bytes; 0 = the default */
};

/*
 * Starts QEMU, finds the guest's memory while the guest has not started, and starts the
 * guest. After an error nothing is left running.
 *
 * The source handles SIGINT and SIGTERM: the first one asks QEMU to end, and the capture
 * continues to its last line; the second one ends QEMU at once.
 */
struct err *live_run_create(const struct live_run_options *opt, struct source **out);

struct live_attach_options {
	struct monitor_where where;
	const char *device;
	enum memory_route memory;
	enum capture_via via;
	uint32_t bpf_buffer;	/* bytes; 0 = the default */
	const char *fifo_dir;	/* the folder of a FIFO for the trace; NULL = choose the best way */
};

/*
 * Attaches to a running QEMU: the guest is paused for a moment, and its trace is switched on,
 * or a BPF program is used, for which nothing is changed. After an error everything is as
 * before. It ends with the guest, or at the first SIGINT or SIGTERM, and QEMU is left as it
 * was; if we are killed, a guardian does that (undo.h).
 */
struct err *live_attach_create(const struct live_attach_options *opt, struct source **out);

/* Gives marks that @c receives as events at their place; @c belongs to the caller. */
void live_set_control(struct source *s, struct control *c);

/* After the end: NULL if QEMU ended or was left without a problem, otherwise the error. */
struct err *live_result(struct source *s);
/* For the summary: the method of reading memory (valid until the next call). */
const char *live_route(struct source *s);

#endif
