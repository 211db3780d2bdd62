/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where events come from.  One funnel: a live QEMU, a trace log, a capture
 * file, a list of verbs are all a `struct source`.
 */
#ifndef HDADUMP_EVENT_SOURCE_H
#define HDADUMP_EVENT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

struct err;
struct list_head;
struct source;

struct source_ops {
	/*
	 * Gives the next events, as many as are at hand.  They are the source's,
	 * and valid with their data until the next call; the caller may write to
	 * the events, but not to their data.  None (n is 0) are the end of the
	 * input; an error comes without events, after those that stand before it.
	 * A source that only waits (a live guest with nothing to say) gives an
	 * EV_NONE event now and then, so that the caller can do what has to be
	 * done in quiet moments; it is the only one of its run.
	 */
	struct err *(*next)(struct source *s, struct event_run *run);
	/*
	 * Reads guest memory now and gives it as an EV_MEM event, or an
	 * EV_NOMEM event that says why not; the run at hand stays valid.
	 * A live source gives what may need memory alone, so that none is
	 * asked for later than it could be.  NULL for a capture file, which
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

/* A source's events one by one, for a caller that has no use for runs. Zero-filled at first. */
struct event_steps {
	struct event_run run;
	size_t at;
};

/* *ev is set to the next event, or to NULL at the end. */
static inline struct err *source_step(struct source *s, struct event_steps *steps,
				      struct event **ev)
{
	struct err *e = NULL;

	if (steps->at == steps->run.n) {
		steps->at = 0;
		e = s->ops->next(s, &steps->run);
	}
	if (e)
		steps->run.n = 0;
	*ev = steps->run.n ? &steps->run.ev[steps->at++] : NULL;
	return e;
}

static inline void source_destroy(struct source *s)
{
	if (s)
		s->ops->destroy(s);
}

#endif
