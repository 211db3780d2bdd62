/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a controller's registers through QEMU's monitor: if the rings were set up before the
 * capture began, they show where the rings are. Reads only registers without side effects (HD
 * Audio 1.0a, 3.3).
 */
#ifndef HDADUMP_LIVE_CONTROLLER_PROBE_H
#define HDADUMP_LIVE_CONTROLLER_PROBE_H

#include <stdint.h>

struct device;
struct err;
struct event_queue;
struct qmp;

/*
 * Puts the registers into @events: EV_MMIO_READ of origin ORIGIN_MONITOR, and a note in
 * words. A device whose registers have no address at present gives only a note.
 */
struct err *probe_rings(struct qmp *q, const struct device *dev, struct event_queue *events);
/* The same for the last position of the responses, at the end of a capture. */
struct err *probe_responses(struct qmp *q, const struct device *dev, struct event_queue *events);

/* Parses the value in the answer of `xp /1FORMATx ADDR`. */
struct err *probe_parse(const char *text, uint64_t addr, uint64_t *value);

#endif
