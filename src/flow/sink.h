/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an answer looks.  A sink takes xacts with what they mean and writes
 * them in one form; text and JSON are made from the same decoded data, so
 * they cannot disagree.
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
	/* What lies outside of the range that was asked for; NULL: the sink need not know. */
	struct err *(*outside)(struct sink *s, const struct xact *x, const struct decoded *d,
			       enum range_place place);
	struct err *(*put)(struct sink *s, const struct xact *x, const struct decoded *d);
	/* The same for what a run of verbs achieves, codec/effect/effect.h. */
	struct err *(*effect)(struct sink *s, const struct effect *e);
	/* The xact put last came @more times again, word for word; @last is the last of them. */
	struct err *(*again)(struct sink *s, const struct xact *last, uint64_t more);
	/* A quiet moment: what is held back may be shown now. */
	struct err *(*flush)(struct sink *s);
	void (*destroy)(struct sink *s);
};

/* First member of every sink's own struct. */
struct sink {
	const struct sink_ops *ops;
	/*
	 * Time of the capture's first event, from which all times are told; set by the
	 * pipeline, EVENT_TIME_NONE before there was one.
	 */
	int64_t origin;
};

static inline void sink_destroy(struct sink *s)
{
	if (s)
		s->ops->destroy(s);
}

#endif
