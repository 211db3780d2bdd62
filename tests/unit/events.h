/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as text, for tests that compare lists of them. */
#ifndef TESTS_UNIT_EVENTS_H
#define TESTS_UNIT_EVENTS_H

#include <inttypes.h>

#include "base/buf.h"
#include "base/text.h"
#include "event/event.h"

/* One line with every field that is set. */
void show_event(struct buf *b, const struct event *ev);

#endif
