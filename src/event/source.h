/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where events come from.  One funnel: a live QEMU, a trace log, a capture
 * file, a list of verbs are all a `struct source`.
 */
#ifndef HDADUMP_EVENT_SOURCE_H
#define HDADUMP_EVENT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"

struct err;
struct list_head;
struct source;

struct source_ops {
	/*
	 * Gives the next event.  *more is false at the end of the input; the
	 * event is then not set.  A source that only waits (a live guest with
	 * nothing to say) gives an EV_NONE event now and then, so that the
	 * caller can do what has to be done in quiet moments.
	 */
	struct err *(*next)(struct source *s, struct event *ev, bool *more);
	/*
	 * Reads guest memory now and gives it as an EV_MEM event, or an
	 * EV_NOMEM event that says why not.  NULL for a capture file, which
	 * holds these events already.
	 */
	struct err *(*read_memory)(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				   struct event *ev);
	/*
	 * The codecs that the input names beside its traffic, known from the opening
	 * on; NULL, or gives NULL, where it names none.
	 */
	const struct list_head *(*list_head)(struct source *s);
	void (*destroy)(struct source *s);
};

/* First member of every source's own struct. */
struct source {
	const struct source_ops *ops;
	/* When the first event happened, where a source has left it out. */
	int64_t began;
	bool has_began;
};

static inline void source_destroy(struct source *s)
{
	if (s)
		s->ops->destroy(s);
}

#endif
