/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that a reader has made and its caller has not taken yet: one line or one page often
 * gives several. Data are copied, and stay valid until the queue has become empty and is
 * filled again.
 */
#ifndef HDADUMP_EVENT_EVENT_QUEUE_H
#define HDADUMP_EVENT_EVENT_QUEUE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "event/event.h"

struct err;

#define EVENT_SAY 511

/* Zero-filled is empty. */
struct event_queue {
	struct event *list;	/* their data are offsets until the queue is read */
	size_t cap, first, last;
	struct buf data;
	bool failed;		/* memory ran out */
};

void event_queue_deinit(struct event_queue *q);
void event_queue_put(struct event_queue *q, const struct event *ev);
/* Puts @ev with a formatted text, of EVENT_SAY bytes at most, and ORIGIN_SELF. */
void event_queue_say(struct event_queue *q, struct event ev, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));
/*
 * All events, valid until the next call; false if there are none, and the queue may be filled
 * again.
 */
bool event_queue_run(struct event_queue *q, struct event_run *run);
/* The next event; false if there is none, and the queue may be filled again. */
bool event_queue_get(struct event_queue *q, struct event *ev);
struct err *event_queue_err(const struct event_queue *q);

/* Number of events put into the queue and not read yet. */
static inline size_t event_queue_len(const struct event_queue *q)
{
	return q->last - q->first;
}

static inline bool event_queue_empty(const struct event_queue *q)
{
	return q->first == q->last;
}

#endif
