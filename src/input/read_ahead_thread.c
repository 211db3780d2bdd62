// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/read_ahead_thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "event/source.h"

/* Enough events to make handing them over cheap, few enough to stay in a cache. */
#define BATCH_EVENTS 2048
#define BATCHES 3

struct batch {
	struct event ev[BATCH_EVENTS];
	size_t n;
	struct buf data;	/* of the events; their data are offsets until it is handed over */
	struct err *e;		/* after the last event */
	bool last;
};

struct read_ahead {
	struct source source;
	struct source *inner;
	pthread_t thread;
	bool running;
	struct batch *batches;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock; batches are filled and emptied in turn */
	unsigned int filled, emptied;
	bool stop;

	/* the reader's: the batch that was given last */
	struct batch *at;
	bool over;
	/* the thread's: what has no place in a batch yet */
	struct event_run left;
};

/* Copies what fits of the run at hand, with its data. */
static void take(struct read_ahead *a, struct batch *b)
{
	size_t room = BATCH_EVENTS - b->n, n = a->left.n < room ? a->left.n : room;

	for (struct event *to = b->ev + b->n, *end = to + n; to < end; to++) {
		*to = *a->left.ev++;
		if (to->len) {
			size_t offset = b->data.len;

			buf_add(&b->data, to->data, to->len);
			to->data = (const void *)offset;
		}
	}
	b->n += n;
	a->left.n -= n;
}

static void fill(struct read_ahead *a, struct batch *b)
{
	bool quiet = false;

	b->n = 0;
	buf_clear(&b->data);
	while (b->n < BATCH_EVENTS && !quiet) {
		if (!a->left.n) {
			b->e = a->inner->ops->next(a->inner, &a->left);
			b->last = b->e || !a->left.n;
		}
		if (b->last)
			break;
		/* a quiet moment must not wait for the batch to be full, and is given alone */
		quiet = a->left.ev->kind == EV_NONE;
		if (!quiet || !b->n)
			take(a, b);
	}
	if (b->data.failed && !b->e) {
		b->e = err_nomem();
		b->last = true;
		b->n = 0;
	}
	for (size_t i = 0; i < b->n; i++) {
		if (b->ev[i].len)
			b->ev[i].data = b->data.data + (size_t)b->ev[i].data;
	}
}

static void *read_ahead(void *arg)
{
	struct read_ahead *a = arg;
	struct batch *b;

	do {
		pthread_mutex_lock(&a->lock);
		while (a->filled - a->emptied == BATCHES && !a->stop)
			pthread_cond_wait(&a->changed, &a->lock);
		bool stop = a->stop;

		b = &a->batches[a->filled % BATCHES];
		pthread_mutex_unlock(&a->lock);
		if (stop)
			break;
		fill(a, b);
		pthread_mutex_lock(&a->lock);
		a->filled++;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->lock);
	} while (!b->last);
	return NULL;
}

/* Gives back the batch that was read and waits for the next. */
static void next_batch(struct read_ahead *a)
{
	pthread_mutex_lock(&a->lock);
	if (a->at) {
		a->emptied++;
		pthread_cond_signal(&a->changed);
	}
	while (a->filled == a->emptied)
		pthread_cond_wait(&a->changed, &a->lock);
	a->at = &a->batches[a->emptied % BATCHES];
	pthread_mutex_unlock(&a->lock);
}

static struct err *read_ahead_next(struct source *s, struct event_run *run)
{
	struct read_ahead *a = (struct read_ahead *)s;

	*run = (struct event_run){ 0 };
	if (a->over)
		return NULL;
	if (!a->at || !a->at->last)
		next_batch(a);
	else
		a->at->n = 0;
	*run = (struct event_run){ a->at->ev, a->at->n };
	a->over = !run->n;
	return a->over ? a->at->e : NULL;
}

static struct err *read_ahead_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				     struct event *ev)
{
	struct read_ahead *a = (struct read_ahead *)s;

	return a->inner->ops->read_memory(a->inner, ctrl, addr, len, ev);
}

struct source *read_ahead_inner(struct source *s)
{
	struct read_ahead *a = (struct read_ahead *)s;

	if (!a->over)
		return NULL;
	if (a->running)
		pthread_join(a->thread, NULL);
	a->running = false;
	return a->inner;
}

static void read_ahead_destroy(struct source *s)
{
	struct read_ahead *a = (struct read_ahead *)s;

	if (!a)
		return;
	if (a->running) {
		pthread_mutex_lock(&a->lock);
		a->stop = true;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->lock);
		pthread_join(a->thread, NULL);
	}
	for (unsigned int i = 0; a->batches && i < BATCHES; i++) {
		buf_deinit(&a->batches[i].data);
		if (a->batches[i].e && !a->over)
			err_free(a->batches[i].e);
	}
	free(a->batches);
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	source_destroy(a->inner);
	free(a);
}

struct err *read_ahead_create(struct source *inner, struct source **out)
{
	static const struct source_ops with_memory = {
		.next = read_ahead_next, .read_memory = read_ahead_read_memory, .destroy = read_ahead_destroy,
	};
	static const struct source_ops without_memory = {
		.next = read_ahead_next, .destroy = read_ahead_destroy,
	};
	struct read_ahead *a = calloc(1, sizeof(*a));
	sigset_t all, old;
	int status;

	*out = NULL;
	if (!a) {
		source_destroy(inner);
		return err_nomem();
	}
	a->source.ops = inner->ops->read_memory ? &with_memory : &without_memory;
	a->inner = inner;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	a->batches = calloc(BATCHES, sizeof(*a->batches));
	if (!a->batches) {
		read_ahead_destroy(&a->source);
		return err_nomem();
	}
	/* signals are the main thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	status = pthread_create(&a->thread, NULL, read_ahead, a);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	a->running = status == 0;
	if (status) {
		read_ahead_destroy(&a->source);
		return err_sys(status, "starting a thread");
	}
	*out = &a->source;
	return NULL;
}
