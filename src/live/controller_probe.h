/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our own look at a controller's registers, through QEMU's monitor: where the
 * rings were set up before we came, they tell where.  Only registers that do
 * nothing when they are read (HD Audio 1.0a, 3.3).
 */
#ifndef HDADUMP_LIVE_CONTROLLER_PROBE_H
#define HDADUMP_LIVE_CONTROLLER_PROBE_H

#include <stdint.h>

struct device;
struct err;
struct event_queue;
struct qmp;

/*
 * Puts what the registers say into @events: EV_MMIO_READ of origin
 * ORIGIN_MONITOR, and a note in words.  A device whose registers are nowhere
 * at present gives a note alone.
 */
struct err *probe_rings(struct qmp *q, const struct device *dev, struct event_queue *events);
/* The same for how far the responses have got: the last look of a capture. */
struct err *probe_responses(struct qmp *q, const struct device *dev, struct event_queue *events);

/* The value in the answer of `xp /1FORMATx ADDR`. */
struct err *probe_parse(const char *text, uint64_t addr, uint64_t *value);

#endif
