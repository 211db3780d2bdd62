/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reduction must know of its input beside the steps: every verb, for the proof, and
 * those that a filter may have written, which doubles lists.
 *
 * Give &watch->sink to steps_load() as in.watch.
 */
#ifndef HDADUMP_ANALYSE_REDUCE_WATCH_H
#define HDADUMP_ANALYSE_REDUCE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "analyse/proof.h"
#include "flow/sink.h"

struct err;
struct reduction;

struct reduce_watch {
	struct sink sink;
	struct buf verbs;	/* uint32_t each: those that a filter may have written */
	struct proof_list all;
};

void reduce_watch_init(struct reduce_watch *w);
void reduce_watch_deinit(struct reduce_watch *w);
/* Everything stands twice in the input, as some tools' filters leave lists. */
struct err *reduce_watch_is_doubled(const struct reduce_watch *w, bool *doubled);

/*
 * Proves what is to be written against the input; with @unwanted, against the verbs of
 * those steps of which unwanted[i] is false.  *verbs: how many are written.
 */
struct err *reduce_watch_prove(const struct reduce_watch *w, const struct steps *a, const bool *unwanted,
			       const struct reduction *r, struct proof *p, uint64_t *verbs);

#endif
