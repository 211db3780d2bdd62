/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface of outputs: a sink takes xacts with their decoding and writes them in one
 * form; text and JSON are made from the same decoded data, so they cannot disagree.
 */
#ifndef HDADUMP_FLOW_SINK_H
#define HDADUMP_FLOW_SINK_H

#include "flow/range.h"
#include "hda/xact.h"

struct err;
struct sink;
struct decoded;
struct effect;

struct sink_ops {
	/* Gets xacts outside the selected range; NULL = the sink does not need them. */
	struct err *(*outside)(struct sink *s, const struct xact *x, const struct decoded *d,
			       enum range_place place);
	struct err *(*put)(struct sink *s, const struct xact *x, const struct decoded *d);
	/* The same for effects, codec/effect/effect.h. */
	struct err *(*effect)(struct sink *s, const struct effect *e);
	/* The last xact was repeated @more times; @last is the last one. */
	struct err *(*again)(struct sink *s, const struct xact *last, uint64_t more);
	/* A quiet moment: show what is held. */
	struct err *(*flush)(struct sink *s);
	void (*destroy)(struct sink *s);
};

/* First member of every sink's own struct. */
struct sink {
	const struct sink_ops *ops;
	/*
	 * Time of the capture's first event, from which all times are counted; set by the
	 * pipeline, EVENT_TIME_NONE before that event.
	 */
	int64_t origin;
};

static inline void sink_destroy(struct sink *s)
{
	if (s)
		s->ops->destroy(s);
}

#endif
