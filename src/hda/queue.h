/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unfinished xacts of one controller, in the order in which they will be given out. An
 * item is finished when its word is proven (or known to be suspect or lost), and its response
 * too, or known never to come.
 *
 * Items have ids that only grow; an id is valid while its item waits.
 */
#ifndef HDADUMP_HDA_QUEUE_H
#define HDADUMP_HDA_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hda/xact.h"

/* The state of a part of an item: of its word or its answer. */
enum part_state {
	PART_NONE,	/* there is none, and none is expected */
	PART_DUE,	/* announced or expected, not read yet */
	PART_OPEN,	/* read; its slot may have been reused before that */
	PART_CLOSED,	/* settled */
};

struct queue_item {
	struct xact x;
	char *text;		/* owned; becomes x.text */
	uint8_t word;		/* enum part_state */
	uint8_t answer;
	bool suspect;		/* a slot of it may have been reused */
	bool conflict;		/* word and answer may not belong together */
	/* a verb that a gap counts already; shown only if it is answered */
	bool counted_by_gap;
};

struct queue {
	struct queue_item *items;
	size_t cap;		/* a power of two */
	uint64_t head;		/* id of the oldest item */
	uint64_t tail;		/* id of the next new item */
};

void queue_deinit(struct queue *q);
/* Appends a zero-filled item; NULL if memory ran out. *id may be NULL. */
struct queue_item *queue_push(struct queue *q, uint64_t *id);
/* The item of @id; NULL if it was given out. */
static inline struct queue_item *queue_at(struct queue *q, uint64_t id)
{
	return id >= q->head && id < q->tail ? &q->items[id & (q->cap - 1)] : NULL;
}

/* The oldest item, or NULL. */
static inline struct queue_item *queue_first(struct queue *q)
{
	return q->head < q->tail ? &q->items[q->head & (q->cap - 1)] : NULL;
}

/* Whether there is an item, and it is finished. */
static inline bool queue_is_done(const struct queue_item *it)
{
	const unsigned int done = 1u << PART_NONE | 1u << PART_CLOSED;

	return it && done >> it->word & done >> it->answer & 1;
}

static inline uint64_t queue_len(const struct queue *q)
{
	return q->tail - q->head;
}

/* A plain first-in first-out list of item ids; zero-filled is empty. */
struct idlist {
	uint64_t *ids;
	size_t cap;
	uint64_t head, tail;
};

void idlist_deinit(struct idlist *l);
bool idlist_grow(struct idlist *l);

static inline bool idlist_empty(const struct idlist *l)
{
	return l->head == l->tail;
}

static inline uint64_t *idlist_at(const struct idlist *l, uint64_t i)
{
	return &l->ids[i & (l->cap - 1)];
}

/* False if memory ran out. */
static inline bool idlist_push(struct idlist *l, uint64_t id)
{
	if (l->tail - l->head == l->cap && !idlist_grow(l))
		return false;
	*idlist_at(l, l->tail++) = id;
	return true;
}

static inline uint64_t idlist_pop(struct idlist *l)
{
	return *idlist_at(l, l->head++);
}

#endif
