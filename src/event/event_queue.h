/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that a reader has made and not given out yet: one line or one page
 * often makes several.  Data are copied, and stay valid until the queue has
 * run empty and is filled again.
 */
#ifndef HDADUMP_EVENT_EVENT_QUEUE_H
#define HDADUMP_EVENT_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "event/event.h"

struct err;

/* Zero-filled is empty. */
struct evqueue {
	struct event *list;
	size_t cap, first, last;
	struct buf data;
	bool failed;		/* memory was short */
};

void evqueue_deinit(struct evqueue *q);
void evqueue_put(struct evqueue *q, const struct event *ev);
/* The next event; false when there is none, and the queue may be filled anew. */
bool evqueue_get(struct evqueue *q, struct event *ev);
struct err *evqueue_err(const struct evqueue *q);

static inline bool evqueue_empty(const struct evqueue *q)
{
	return q->first == q->last;
}

#endif
