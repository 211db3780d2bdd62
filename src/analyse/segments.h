/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Divides a capture into segments: each begins at an event that a user looks for, and lists
 * its changes. Such anchors are the user's marks, resets of the controller and of function
 * groups, power of the function group, a converter that gets a stream or loses it, a stream
 * descriptor that starts or stops, GPIOs, unsolicited responses (jacks), and a pause.
 *
 * Give &segments->sink to steps_load() as in.watch; then call segments_finish().
 */
#ifndef HDADUMP_ANALYSE_SEGMENTS_H
#define HDADUMP_ANALYSE_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps.h"
#include "event/event.h"
#include "flow/sink.h"

struct err;

enum anchor_kind {
	ANCHOR_START,
	ANCHOR_MARK,
	ANCHOR_LINK_RESET,
	ANCHOR_RESET,
	ANCHOR_POWER,
	ANCHOR_STREAM,		/* a converter gets a stream or loses it */
	ANCHOR_DMA,		/* a stream descriptor runs or stops */
	ANCHOR_GPIO,
	ANCHOR_JACK,
	ANCHOR_IDLE,
	ANCHOR_KINDS
};

struct anchor {
	uint64_t seq;		/* number of verbs before it */
	size_t at;		/* index of the step after it */
	int64_t time;
	const char *mark;	/* ANCHOR_MARK: the user's text, owned by the steps */
	/* ANCHOR_IDLE: ms; ANCHOR_DMA: 1 = it runs; ANCHOR_JACK: the response */
	uint32_t value;
	/* ANCHOR_DMA: number of the stream descriptor; ANCHOR_JACK: codec address */
	uint8_t source;
	uint8_t kind;		/* enum anchor_kind */
};

struct segment {
	int64_t time;		/* time of its first anchor, or EVENT_TIME_NONE */
	int64_t end;		/* time of its last verb */
	size_t first_anchor, n_anchors;
	size_t first, n;	/* its steps */
	uint64_t verbs;		/* number of verbs, with reads */
	size_t changes;
	size_t gaps;		/* number of gaps */
};

struct segments {
	struct sink sink;
	int64_t idle_ns;	/* ns; a pause of this length is an anchor; set by the caller */
	struct anchor *anchors;
	size_t n_anchors;
	struct segment *v;
	size_t n;
	bool *changed;		/* by step: it changed a value that lasted to its segment's end */

	/* used while the steps are read */
	size_t cap;
	uint64_t seq;		/* number of verbs so far */
	int64_t last;		/* time of the last verb */
	int64_t first_time;
	struct watched {
		uint64_t seq;
		int64_t time;
		uint32_t value;
		uint8_t kind, stream;
	} *seen;
	size_t n_seen, cap_seen;
	uint8_t running[EVENT_MAX_CTRL][32];
};

void segments_init(struct segments *s, int64_t idle_ns);
void segments_deinit(struct segments *s);
struct err *segments_finish(struct segments *s, const struct steps *a);
/* The kind's name in JSON; print/segments_text.h has the words for people. */
const char *anchor_kind_name(enum anchor_kind kind);

#endif
