/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trace log of QEMU's as a source: a regular file, or a pipe.
 *
 * Which devices are HD Audio controllers is told by the options or found by
 * evidence (evidence.h); until it is known a device's accesses are held back.
 * A memory region named 'intel-hda' is one.  Every other device's accesses are
 * counted and named in a note at the end.  Lines that are damaged become
 * EV_GAP events at their place, a run of them one event; lines that are none
 * of ours are counted.
 *
 * A log holds no guest memory: read_memory answers with EV_NOMEM.
 */
#ifndef HDADUMP_INPUT_TRACE_QEMU_LOG_H
#define HDADUMP_INPUT_TRACE_QEMU_LOG_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct source;

struct qemu_log_options {
	/*
	 * A device that is a controller whatever its accesses look like: the name that
	 * the log gives it (0000:00:1f.3, a UUID, intel-hda, or mr-0x55cef659c030 for a
	 * nameless memory region) or the end of its PCI address; copied.  NULL, and all
	 * others: found by evidence.
	 */
	const char *controller;
};

struct qemu_log_stats {
	uint64_t lines;
	uint64_t accesses;	/* given as events */
	uint64_t foreign;	/* accesses of devices that are no HD Audio controllers */
	uint64_t other;		/* lines that are no accesses */
	uint64_t damaged;
};

/* @fd is not closed; @name is for messages and copied; @options may be NULL. */
struct err *qemu_log_open(int fd, const char *name, const struct qemu_log_options *options,
			  struct source **out);
/* So far.  @s must come from qemu_log_open(). */
void qemu_log_stats(const struct source *s, struct qemu_log_stats *stats);

#endif
