/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds a model from traffic alone: what the codec answered, and what was
 * written to it since.
 *
 * Only what is certain is learned: a verb with its answer when both are exact,
 * a write also when no answer to it was seen (files of older tools have none).
 * A codec's answer to F00 and the like is taken as it stands; what the driver
 * makes of it is not known here.
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
 * Learns from the traffic of several controllers and codecs: a model for each
 * that was heard of, in the order of controller and address.
 */
struct learner;

struct err *learner_create(struct learner **out);
void learner_destroy(struct learner *l);	/* accepts NULL */
struct err *learner_put(struct learner *l, const struct xact *x);
/* Moves the models into @out.  Codecs that never answered are left out. */
struct err *learner_finish(struct learner *l, struct model_list *out);

#endif
