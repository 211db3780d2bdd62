/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes register accesses as a trace log, in the form of QEMU's log backend. It has no place
 * for guest memory, so verbs that went through the rings are only announced in it, as in
 * QEMU's own.
 */
#ifndef HDADUMP_EXPORT_TRACE_LINES_H
#define HDADUMP_EXPORT_TRACE_LINES_H

#include <stdint.h>

#include "base/out.h"
#include "event/event.h"

struct err;

struct trace_out {
	struct out out;
	char *name[EVENT_MAX_CTRL];
	uint64_t lines;
	uint64_t left_out;	/* events that do not fit into such a log */
};

/* @fd is not owned. */
struct err *trace_out_init(struct trace_out *t, int fd);
void trace_out_deinit(struct trace_out *t);
struct err *trace_out_put(struct trace_out *t, const struct event *ev);

#endif
