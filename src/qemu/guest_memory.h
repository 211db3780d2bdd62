/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guest memory, read from outside while the guest runs.
 *
 * RAM ranges and where QEMU has mapped them are asked for once, before the
 * guest runs; then each read is one pread(2) of its memory (/proc/PID/mem).
 * Where that is not allowed the monitor reads (`xp`), slower, with the trace
 * drained meanwhile.
 * No address that is not in one of the RAM ranges is ever read.
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
 * @pid may be 0 when QEMU's process is not known: then only the monitor is left.
 * The memory is this process's from here on, whatever becomes of the number.
 */
struct err *guestmem_create(struct qmp *q, pid_t pid, enum memory_route route,
			    struct guestmem **out);
void guestmem_destroy(struct guestmem *m);
/* The client given to guestmem_create() is about to be destroyed. */
void guestmem_monitor_gone(struct guestmem *m);

/* The RAM ranges, with where QEMU has them if that could be asked (hva 0 otherwise). */
const struct ram_range *guestmem_ranges(const struct guestmem *m, size_t *count);

/* One sentence for the user: which route, and why not the better one. */
const char *guestmem_route(const struct guestmem *m);

/* Reads @len bytes.  An error names the address and the cause; *origin says who read. */
struct err *guestmem_read(struct guestmem *m, uint64_t addr, void *data, size_t len,
			  enum event_origin *origin);

/* Parses the answer of `xp /Nwx`; exactly @len bytes, or an error. */
struct err *xp_parse(const char *text, size_t text_len, uint64_t addr, uint8_t *data, size_t len);

#endif
