/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controller model: register traffic in, verbs with their responses out.
 *
 * Pure: it opens nothing, reads no clock and never touches guest memory. It *requests* memory
 * (hda_wants) and gets the answer as an EV_MEM or EV_NOMEM event like any other, so that a
 * live guest, a file, a fuzzer and a test all use it in the same way. One model has all
 * controllers of a capture, distinguished by event.ctrl.
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

/* A range of guest memory that the model needs. */
struct mem_range {
	uint64_t addr;	/* guest-physical */
	uint32_t len;	/* bytes, at most EVENT_MAX_DATA */
	uint16_t ctrl;
};

struct err *hda_create(struct hda **out);
void hda_destroy(struct hda *h);

/* Give out every access to the controller's registers too (XACT_MMIO of BAR 0). */
void hda_show_registers(struct hda *h);
/*
 * Requests no memory, because the events contain what was read: for a capture file. The model
 * then has fewer reasons to stop.
 */
void hda_memory_follows(struct hda *h);
/* Takes one observation. The event's data is copied if it is needed. */
struct err *hda_feed(struct hda *h, const struct event *ev);
/*
 * The same for the first of @n events, up to one with a result: memory is needed or a xact is
 * finished (hda_stirred()), or a controller got its name. *taken says how many; at least one.
 */
struct err *hda_feed_run(struct hda *h, const struct event *ev, size_t n, size_t *taken);
/*
 * False if the last event had no result: no memory needed, no finished xact. This is so for
 * most events.
 */
bool hda_stirred(const struct hda *h);
/* The next range to read, in the order of need; false if none is needed. */
bool hda_wants(struct hda *h, struct mem_range *range);
/* The next finished xact; false if there is none. */
bool hda_next_xact(struct hda *h, struct xact *x);
/* Number of verbs that were announced and not given out: unread, unproven or unanswered. */
uint64_t hda_waiting(const struct hda *h);
/* After the last event: unfinished verbs become unanswered or lost. */
struct err *hda_finish(struct hda *h);

#endif
