// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "event/event.h"
#include "events.h"

int memory_file(const void *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

void list_add(struct event_list *l, const struct event *ev)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		l->ev = realloc(l->ev, l->cap * sizeof(*l->ev));
		if (!l->ev)
			abort();
	}
	struct event *to = &l->ev[l->n++];

	*to = *ev;
	to->data = NULL;
	if (ev->len) {
		void *copy = malloc(ev->len);

		if (!copy)
			abort();
		to->data = memcpy(copy, ev->data, ev->len);
	}
}

void list_clear(struct event_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free((void *)l->ev[i].data);
	free(l->ev);
	*l = (struct event_list){ 0 };
}

bool same_events(const struct event *a, const struct event *b)
{
	return a->time == b->time && a->addr == b->addr && a->value == b->value &&
	       a->len == b->len && a->ctrl == b->ctrl && a->kind == b->kind && a->bar == b->bar &&
	       a->width == b->width && a->origin == b->origin &&
	       (!a->len || memcmp(a->data, b->data, a->len) == 0);
}
