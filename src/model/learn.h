/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds a model from traffic alone: the codec's answers, and the writes after them.
 *
 * Only certain xacts are used: a verb with its answer if both are exact, and a write also
 * without its answer (files of older tools have none). An answer to F00 and the like is taken
 * as it is; how the driver interprets it is not known here.
 */
#ifndef HDADUMP_MODEL_LEARN_H
#define HDADUMP_MODEL_LEARN_H

#include "hda/xact.h"
#include "model/model.h"

struct err;
struct model_list;

/* Learns one verb of this codec.  Errors: no memory. */
struct err *codec_learn(struct codec_model *m, const struct xact *x);

/*
 * Learns from the traffic of several controllers and codecs: one model for each codec with
 * traffic, ordered by controller and address.
 */
struct learner;

struct err *learner_create(struct learner **out);
void learner_destroy(struct learner *l);	/* accepts NULL */
struct err *learner_put(struct learner *l, const struct xact *x);
/* Moves the models into @out, without those of codecs that never answered. */
struct err *learner_finish(struct learner *l, struct model_list *out);

#endif
