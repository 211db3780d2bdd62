/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores events for comparing, for fuzz targets. */
#ifndef TESTS_FUZZ_EVENTS_H
#define TESTS_FUZZ_EVENTS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "event/event.h"

/* A file in memory, which the fuzzer's machine must support. */
int memory_file(const void *data, size_t size);

struct event_list {
	struct event *ev;
	size_t n, cap;
};

void list_add(struct event_list *l, const struct event *ev);
void list_clear(struct event_list *l);
bool same_events(const struct event *a, const struct event *b);

#endif
