// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An untrusted capture file: it is read to its end, and what was read can be stored and read
 * again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "events.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* False if it is not a capture. */
static bool read_capture(int fd, struct event_list *list)
{
	struct store_reader *r = NULL;
	struct event_run run;
	struct err *e = store_reader_create(fd, "f", &r);

	while (!e) {
		e = store_read(r, &run);
		if (e || !run.n)
			break;
		for (const struct event *ev = run.ev; ev < run.ev + run.n; ev++) {
			if (ev->kind == EV_NONE || ev->kind >= EV_KINDS ||
			    ev->ctrl >= EVENT_MAX_CTRL || ev->len > EVENT_MAX_DATA ||
			    (ev->len && !ev->data))
				abort();
			list_add(list, ev);
		}
	}
	store_reader_destroy(r);
	if (!e)
		return true;
	err_free(e);
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_list first = { 0 }, again = { 0 };
	int fd = memory_file(data, size);
	struct store *st = NULL;
	char path[64];

	if (!read_capture(fd, &first))
		goto out;
	close(fd);
	fd = memory_file("", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (store_create(path, true, NULL, &st))
		abort();
	for (size_t i = 0; i < first.n; i++) {
		if (store_put(st, &first.ev[i]))
			abort();
	}
	if (store_close(st) || !read_capture(fd, &again) || again.n != first.n)
		abort();
	for (size_t i = 0; i < first.n; i++) {
		if (!same_events(&first.ev[i], &again.ev[i]))
			abort();
	}
out:
	close(fd);
	list_clear(&first);
	list_clear(&again);
	return 0;
}
