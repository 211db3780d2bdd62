/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A codec made of its model: answers verbs as the codec would, and remembers
 * what is written to it.  Serves tests, and an emulated codec made of a dump.
 */
#ifndef HDADUMP_MODEL_ANSWER_H
#define HDADUMP_MODEL_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

/*
 * Does what @verb does and gives its response.  False when the model does not
 * know the answer; *resp is 0 then, which is what a codec says to a verb that
 * it does not know.  A set is always known, and answered by 0.
 *
 * Bits of an answer that the model does not know are 0.
 */
bool codec_answer(struct codec_model *m, uint32_t verb, uint32_t *resp);

#endif
