/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How verbs change a model: the common part of learning from traffic (learn.h) and of
 * answering for a codec (answer.h).
 */
#ifndef HDADUMP_MODEL_MODEL_VERB_H
#define HDADUMP_MODEL_MODEL_VERB_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/decode.h"
#include "model/model.h"

/* The register that a 12-bit (or 0xa00) get verb reads; MREG_COUNT = none. */
enum model_reg model_reg_of_get(uint16_t id);
/* The name of a register: "pin-control". */
const char *model_reg_name(enum model_reg reg);
/* The verb that reads it: 0xf07. */
uint16_t model_reg_get(enum model_reg reg);

/* What a set verb reaches: the bits @mask of the register @reg, from bit @shift on. */
struct model_set {
	uint16_t set;		/* the verb's id */
	uint16_t mask;
	uint8_t shift;
	uint8_t reg;		/* enum model_reg */
};

extern const struct model_set model_sets[];
extern const unsigned int model_set_count;

/* True if @v writes something that the model stores, or resets a function group. */
bool model_is_set(const struct verb_parts *v);
/* True if this verb has a vendor's meaning on this widget of this codec. */
bool model_is_vendors(const struct codec_model *m, const struct verb_parts *v);

/* Executes the set verb @v. False only if memory ran out. */
bool model_apply(struct codec_model *m, const struct verb_parts *v);

/* The device entry (DP MST) that a pin's verbs access; NULL if it has none. */
struct model_dev *model_current_dev(struct model_node *n);

#endif
