/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads guest memory from outside while the guest runs.
 *
 * The RAM ranges and their addresses in QEMU are read once from the monitor, before the guest
 * runs; then each read is one pread(2) of QEMU's memory (/proc/PID/mem). If that is not
 * permitted the monitor reads (`xp`), which is slower; the trace is read meanwhile. An
 * address outside of the RAM ranges is never read.
 */
#ifndef HDADUMP_QEMU_GUEST_MEMORY_H
#define HDADUMP_QEMU_GUEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"

struct err;
struct qmp;
struct guestmem;
struct ram_range;

enum memory_route { MEMORY_AUTO, MEMORY_PROCESS, MEMORY_MONITOR };

/*
 * @pid may be 0 = QEMU's process is unknown: then only the monitor can read. The memory stays
 * this process's, even if the PID is used again.
 */
struct err *guestmem_create(struct qmp *q, pid_t pid, enum memory_route route,
			    struct guestmem **out);
void guestmem_destroy(struct guestmem *m);
/* Call this before the client given to guestmem_create() is destroyed. */
void guestmem_monitor_gone(struct guestmem *m);

/* The RAM ranges, with their addresses in QEMU; hva 0 = unknown. */
const struct ram_range *guestmem_ranges(const struct guestmem *m, size_t *count);

/* A sentence for the user: the method of reading, and why not the better one. */
const char *guestmem_route(const struct guestmem *m);

/* True if it is read through the monitor: slowly, and the trace must be read meanwhile. */
bool guestmem_by_monitor(const struct guestmem *m);

/* Reads @len bytes. An error names the address and the cause; *origin says which method read. */
struct err *guestmem_read(struct guestmem *m, uint64_t addr, void *data, size_t len,
			  enum event_origin *origin);

/* Parses the answer of `xp /Nwx`; exactly @len bytes, or an error. */
struct err *xp_parse(const char *text, size_t text_len, uint64_t addr, uint8_t *data, size_t len);

#endif
