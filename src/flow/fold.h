/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fold: selects what goes to a sink, and folds repetitions.
 *
 *   verbs     every xact that passes the filter; capability walks and repeated identical
 *             reads are folded to a line with a count, unless `noise` is set
 *   effects   what runs of verbs do, codec/effect/effect.h
 */
#ifndef HDADUMP_FLOW_FOLD_H
#define HDADUMP_FLOW_FOLD_H

#include <stdbool.h>

#include "flow/filter.h"

struct err;
struct decoder;
struct sink;
struct fold;

struct fold_options {
	struct filter filter;
	bool effects;
	bool noise;	/* fold nothing */
	bool registers;	/* give accesses to the controller's registers too */
};

/* Borrows the decoder and the sink. */
struct err *fold_create(const struct fold_options *opt, struct decoder *dec, struct sink *sink,
			struct fold **out);
void fold_destroy(struct fold *v);
struct err *fold_put(struct fold *v, const struct xact *x, const struct decoded *d);
/* Gives out everything that is held: in a quiet moment, or at the end. */
struct err *fold_flush(struct fold *v);

#endif
