// SPDX-License-Identifier: GPL-2.0-or-later
#include "hda/queue.h"

#include <stdlib.h>
#include <string.h>

void queue_deinit(struct queue *q)
{
	for (uint64_t id = q->head; id < q->tail; id++)
		free(q->items[id & (q->cap - 1)].text);
	free(q->items);
	*q = (struct queue){ 0 };
}

struct queue_item *queue_push(struct queue *q, uint64_t *id)
{
	if (queue_len(q) == q->cap) {
		size_t cap = q->cap ? q->cap * 2 : 64;
		struct queue_item *items = calloc(cap, sizeof(*items));

		if (!items)
			return NULL;
		for (uint64_t i = q->head; i < q->tail; i++)
			items[i & (cap - 1)] = q->items[i & (q->cap - 1)];
		free(q->items);
		q->items = items;
		q->cap = cap;
	}
	struct queue_item *it = &q->items[q->tail & (q->cap - 1)];
	memset(it, 0, sizeof(*it));
	if (id)
		*id = q->tail;
	q->tail++;
	return it;
}

void idlist_deinit(struct idlist *l)
{
	free(l->ids);
	*l = (struct idlist){ 0 };
}

bool idlist_grow(struct idlist *l)
{
	size_t cap = l->cap ? l->cap * 2 : 64;
	uint64_t *ids = malloc(cap * sizeof(*ids));

	if (!ids)
		return false;
	for (uint64_t i = l->head; i < l->tail; i++)
		ids[i & (cap - 1)] = *idlist_at(l, i);
	free(l->ids);
	l->ids = ids;
	l->cap = cap;
	return true;
}
