/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Emulates a codec from its model: answers verbs as the codec would, and remembers what is
 * written. Used by tests, and for an emulated codec made from a dump.
 */
#ifndef HDADUMP_MODEL_ANSWER_H
#define HDADUMP_MODEL_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

/*
 * Executes @verb and returns its response in *resp. Returns false if the model does not know
 * the answer; *resp is 0 then, as a codec answers an unknown verb. A set is always known, and
 * its answer is 0.
 *
 * Bits of an answer that the model does not know are 0.
 */
bool codec_answer(struct codec_model *m, uint32_t verb, uint32_t *resp);

#endif
