/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs to send, with their risks. */
#ifndef HDADUMP_REPLAY_PLAN_H
#define HDADUMP_REPLAY_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

struct plan {
	struct buf words, step_of;	/* uint32_t each: the verb, and the number of its step */
	uint8_t *risks;			/* by verb: bits of enum risk */
	size_t n;
};

/*
 * Takes the verbs @words and the step of each, @step_of, in any case; free the plan with
 * plan_deinit() in any case. Fails for verbs that cannot be sent, but not for risks that are
 * not allowed.
 */
struct err *plan_make(struct buf *words, struct buf *step_of, uint32_t vendor_id, struct plan *p);
void plan_deinit(struct plan *p);
static inline const uint32_t *plan_words(const struct plan *p)
{
	return (const uint32_t *)(const void *)p->words.data;
}

#endif
