/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The view: what of a capture goes to a sink, and how much is folded.
 *
 *   verbs     every xact that passes the filter; capability walks and repeated
 *             identical reads are folded to a line with a count, unless noise
 *             is asked for
 *   effects   what runs of verbs achieve, codec/effect/effect.h
 */
#ifndef HDADUMP_FLOW_FOLD_H
#define HDADUMP_FLOW_FOLD_H

#include <stdbool.h>

#include "flow/filter.h"

struct err;
struct decoder;
struct sink;
struct view;

struct view_options {
	struct filter filter;
	bool effects;
	bool noise;	/* fold nothing */
	bool registers;	/* accesses to the controller's registers as well */
};

/* Borrows the decoder and the sink. */
struct err *view_create(const struct view_options *opt, struct decoder *dec, struct sink *sink,
			struct view **out);
void view_destroy(struct view *v);
struct err *view_put(struct view *v, const struct xact *x, const struct decoded *d);
/* A quiet moment, or the end: what is held back is shown. */
struct err *view_flush(struct view *v);

#endif
