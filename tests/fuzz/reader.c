// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "event/event.h"
#include "event/source.h"
#include "hda/hda.h"
#include "input/text_reader.h"
#include "reader.h"

int fuzz_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	return fd;
}

static void fuzz_check(const struct event *ev)
{
	const volatile uint8_t *p = ev->data;
	uint8_t sum = 0;

	if (ev->kind == EV_NONE || ev->kind >= EV_KINDS || ev->ctrl >= EVENT_MAX_CTRL ||
	    ev->len > EVENT_MAX_DATA || ev->origin >= ORIGIN_KINDS || (ev->len && !p))
		abort();
	if ((ev->kind == EV_MMIO_READ || ev->kind == EV_MMIO_WRITE) && ev->width != 1 &&
	    ev->width != 2 && ev->width != 4 && ev->width != 8)
		abort();
	for (uint32_t i = 0; i < ev->len; i++)
		sum ^= p[i];
	(void)sum;
}

static struct err *fuzz_run(struct source *s, struct hda *h, const struct event_run *run)
{
	struct mem_range range;
	struct err *e = NULL;
	struct event ev;
	struct xact x;

	for (size_t i = 0, n; !e && i < run->n; i += n) {
		e = hda_feed_run(h, run->ev + i, run->n - i, &n);
		if (!n)
			abort();
		while (!e && hda_wants(h, &range)) {
			if (!s->ops->read_memory)
				continue;
			e = s->ops->read_memory(s, range.ctrl, range.addr, range.len, &ev);
			if (!e && ev.kind != EV_NONE)
				e = hda_feed(h, &ev);
		}
		while (!e && hda_next_xact(h, &x))
			;
	}
	return e;
}

void fuzz_source(struct source *s)
{
	struct hda *h = NULL;
	struct event_run run;
	struct xact x;
	struct err *e = hda_create(&h);
	size_t events = 0;

	while (!e) {
		e = s->ops->next(s, &run);
		if (e || !run.n)
			break;
		events += run.n;
		if (events > FUZZ_EVENTS_MAX)
			abort();
		if (run.ev->kind == EV_NONE && run.n == 1)
			continue;
		for (size_t i = 0; i < run.n; i++)
			fuzz_check(&run.ev[i]);
		e = fuzz_run(s, h, &run);
	}
	err_free(e);
	if (h)
		err_free(hda_finish(h));
	while (h && hda_next_xact(h, &x))
		;
	hda_destroy(h);
}

int fuzz_text(const struct text_format *f, const uint8_t *data, size_t size)
{
	static const struct source_options none;
	int fd = fuzz_file(data, size);
	struct source *s = NULL;
	struct reader line, rest = reader_make(data, size);
	struct err *e = text_reader_open(f, fd, "fuzz", &none, reader_make(data, size), &s);

	while (reader_line(&rest, &line))
		if (f->sniff(line) > 10)
			abort();
	if (e)
		err_free(e);
	else
		fuzz_source(s);
	source_destroy(s);
	close(fd);
	return 0;
}
