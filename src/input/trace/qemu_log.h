/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a trace log of QEMU as a source, from a regular file or a pipe.
 *
 * The options name the HD Audio controllers, or they are recognised by their accesses
 * (evidence.h); until then a device's accesses are held. A memory region named 'intel-hda' is
 * a controller. The accesses of all other devices are counted and reported in a note at the
 * end. Damaged lines become EV_GAP events at their place, one for several in a row; lines
 * that are not accesses are counted.
 *
 * A log contains no guest memory: read_memory answers with EV_NOMEM.
 */
#ifndef HDADUMP_INPUT_TRACE_QEMU_LOG_H
#define HDADUMP_INPUT_TRACE_QEMU_LOG_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct source;

struct qemu_log_options {
	/*
	 * A device that is a controller, whatever its accesses are: by its name in the log
	 * (0000:00:1f.3, a UUID, intel-hda, or mr-0x55cef659c030 for a memory region without
	 * a name) or the end of its PCI address; copied. NULL, and all other devices:
	 * recognised by their accesses.
	 */
	const char *controller;
};

struct qemu_log_stats {
	uint64_t lines;
	uint64_t accesses;	/* accesses that were given as events */
	uint64_t foreign;	/* accesses of devices that are not HD Audio controllers */
	uint64_t other;		/* lines that are not accesses */
	uint64_t damaged;
};

/* @fd is not closed; @name is for messages and is copied; @options may be NULL. */
struct err *qemu_log_open(int fd, const char *name, const struct qemu_log_options *options,
			  struct source **out);
/* The numbers so far. @s must come from qemu_log_open(). */
void qemu_log_stats(const struct source *s, struct qemu_log_stats *stats);

#endif
