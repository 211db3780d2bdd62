/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verbs do to a model: the part that learning from traffic (learn.h) and
 * answering for a codec (answer.h) have in common.
 */
#ifndef HDADUMP_MODEL_MODEL_VERB_H
#define HDADUMP_MODEL_MODEL_VERB_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/decode.h"
#include "model/model.h"

/* The register that a 12-bit (or 0xa00) get verb reads, or MREG_COUNT. */
enum model_reg model_reg_of_get(uint16_t id);
/* The name of a register: "pin-control". */
const char *model_reg_name(enum model_reg reg);
/* The verb that reads it: 0xf07. */
uint16_t model_reg_get(enum model_reg reg);

/* True when @v writes something that the model knows, or resets a function group. */
bool model_is_set(const struct verb_parts *v);
/* True when this verb means something else on this widget of this codec. */
bool model_is_vendors(const struct codec_model *m, const struct verb_parts *v);

/* Does what the set verb @v does. False only without memory. */
bool model_apply(struct codec_model *m, const struct verb_parts *v);

/* The device entry (DP MST) that a pin's verbs go to, or NULL when it has none. */
struct model_dev *model_current_dev(struct model_node *n);

#endif
