/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of the input, beside its steps, what a reduction needs: every verb, for the proof,
 * and the verbs that may come from a filter that doubles lists.
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
	struct buf verbs;	/* uint32_t each: verbs that may come from such a filter */
	struct proof_list all;
};

void reduce_watch_init(struct reduce_watch *w);
void reduce_watch_deinit(struct reduce_watch *w);
/* Every verb is in the input twice, as some tools' filters write lists. */
struct err *reduce_watch_is_doubled(const struct reduce_watch *w, bool *doubled);

/*
 * Proves the chosen steps against the input; with @unwanted, against the verbs of the steps
 * that are not unwanted. *verbs: number of verbs in the result.
 */
struct err *reduce_watch_prove(const struct reduce_watch *w, const struct steps *a, const bool *unwanted,
			       const struct reduction *r, struct proof *p, uint64_t *verbs);

#endif
