/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface of everything that gives events: a live QEMU, a trace log, a capture file or
 * a list of verbs is a `struct source`.
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
	 * Gives the next events, as many as are available. The source owns them; they and
	 * their data are valid until the next call. The caller may write to the events, but
	 * not to their data. n = 0 means the end of the input. An error comes without events,
	 * after the events before it. A source that waits (for a live guest) gives an EV_NONE
	 * event now and then, so that the caller can do other work; it is alone in its run.
	 */
	struct err *(*next)(struct source *s, struct event_run *run);
	/*
	 * Reads guest memory now and gives it as an EV_MEM event, or an EV_NOMEM event with
	 * the reason; the current run stays valid. A live source puts each event that may
	 * need memory in a run of its own, so that the memory is read as early as possible.
	 * NULL for a capture file, which has these events already.
	 */
	struct err *(*read_memory)(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				   struct event *ev);
	/*
	 * The codecs that the input names beside its traffic, known once it is open. NULL, or
	 * returns NULL, if it names none.
	 */
	const struct list_head *(*list_head)(struct source *s);
	void (*destroy)(struct source *s);
};

/* First member of every source's own struct. */
struct source {
	const struct source_ops *ops;
	/* Time of the first event, if the source has left that event out. */
	int64_t began;
	bool has_began;
};

/*
 * Reads a source one event at a time, for a caller that does not need runs. Zero-filled at
 * first.
 */
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
