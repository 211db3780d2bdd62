/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controller model: register traffic in, verbs with their responses out.
 *
 * Pure: it opens nothing, reads no clock and never touches guest memory.  It
 * *asks* for memory (hda_wants) and is fed the answer as an EV_MEM or EV_NOMEM
 * event like any other, so that a live guest, a file, a fuzzer and a test are
 * the same to it.  One model holds all controllers of a capture, kept apart by
 * event.ctrl.
 *
 * Numbers: Intel HD Audio specification 1.0a, sections 3 and 4; regs.def.
 */
#ifndef HDADUMP_HDA_HDA_H
#define HDADUMP_HDA_HDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "hda/xact.h"

struct err;
struct hda;

/* A stretch of guest memory the model needs to see. */
struct mem_range {
	uint64_t addr;	/* guest-physical */
	uint32_t len;	/* bytes, at most EVENT_MAX_DATA */
	uint16_t ctrl;
};

struct err *hda_create(struct hda **out);
void hda_destroy(struct hda *h);

/* Every access to the controller's registers is given out as well (XACT_MMIO of BAR 0). */
void hda_show_registers(struct hda *h);
/*
 * No memory is asked for, because the events hold what was read of it: a capture
 * file's.  The model then has less to stop for.
 */
void hda_memory_follows(struct hda *h);
/* Takes one observation.  The event's data is copied where it is needed. */
struct err *hda_feed(struct hda *h, const struct event *ev);
/*
 * The same for the first of @n events, as far as one of which something came:
 * memory is wanted or a xact finished (hda_stirred()), or a controller got its
 * name.  *taken says how many that were; at least one.
 */
struct err *hda_feed_run(struct hda *h, const struct event *ev, size_t n, size_t *taken);
/* False when nothing came of the last event: no want, no finished xact.  Most events are such. */
bool hda_stirred(const struct hda *h);
/* The next range to read, in the order of need; false when nothing is wanted. */
bool hda_wants(struct hda *h, struct mem_range *range);
/* The next finished xact; false when none is ready. */
bool hda_next_xact(struct hda *h, struct xact *x);
/* Verbs that were announced and are not given out yet: unread, unproven or unanswered. */
uint64_t hda_waiting(const struct hda *h);
/* No more events will come: what is outstanding becomes unanswered or lost. */
struct err *hda_finish(struct hda *h);

#endif
