// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "base/buf.h"
#include "base/text.h"
#include "event/event.h"
#include "events.h"

void show_event(struct buf *b, const struct event *ev)
{
	buf_addf(b, "%u %s", ev->ctrl, event_kind_name((enum event_kind)ev->kind));
	if (ev->kind == EV_MMIO_READ || ev->kind == EV_MMIO_WRITE)
		buf_addf(b, " r%u %" PRIx64 "/%u", ev->bar, ev->addr, ev->width);
	else if (ev->addr)
		buf_addf(b, " @%" PRIx64, ev->addr);
	buf_addf(b, " = %" PRIx64, ev->value);
	if (ev->time != EVENT_TIME_NONE)
		buf_addf(b, " t%" PRId64, ev->time);
	if (ev->line)
		buf_addf(b, " :%" PRIu32, ev->line);
	if (ev->len) {
		buf_adds(b, " '");
		text_add_safe(b, ev->data, ev->len);
		buf_adds(b, "'");
	}
	buf_addc(b, '\n');
}
