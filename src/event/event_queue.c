// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/event_queue.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/vec.h"

void event_queue_deinit(struct event_queue *q)
{
	free(q->list);
	buf_deinit(&q->data);
	*q = (struct event_queue){ 0 };
}

void event_queue_put(struct event_queue *q, const struct event *ev)
{
	struct event *to;

	if (!vec_room(q->list, q->last, q->cap)) {
		q->failed = true;
		return;
	}
	to = &q->list[q->last++];
	*to = *ev;
	if (!ev->len)
		return;
	/* an offset for now, because the buffer may move */
	to->data = (const void *)q->data.len;
	buf_add(&q->data, ev->data, ev->len);
}

void event_queue_say(struct event_queue *q, struct event ev, const char *fmt, va_list ap)
{
	char text[EVENT_SAY + 1];
	int n = vsnprintf(text, sizeof(text), fmt, ap);

	ev.data = text;
	ev.len = n < 0 ? 0 : n <= EVENT_SAY ? (uint32_t)n : EVENT_SAY;
	ev.origin = ORIGIN_SELF;
	event_queue_put(q, &ev);
}

bool event_queue_run(struct event_queue *q, struct event_run *run)
{
	*run = (struct event_run){ q->list + q->first, q->last - q->first };
	if (!run->n) {
		q->first = q->last = 0;
		buf_clear(&q->data);
		return false;
	}
	for (size_t i = 0; i < run->n; i++)
		if (run->ev[i].len)
			run->ev[i].data = q->data.data + (size_t)run->ev[i].data;
	q->first = q->last;
	return true;
}

bool event_queue_get(struct event_queue *q, struct event *ev)
{
	if (q->first == q->last) {
		q->first = q->last = 0;
		buf_clear(&q->data);
		return false;
	}
	*ev = q->list[q->first++];
	if (ev->len)
		ev->data = q->data.data + (size_t)ev->data;
	return true;
}

struct err *event_queue_err(const struct event_queue *q)
{
	return q->failed || q->data.failed ? err_nomem() : NULL;
}
