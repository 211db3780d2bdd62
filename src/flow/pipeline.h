/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flow: events from a source are stored, interpreted, decoded and shown. flow/pipeline.c
 * is the architecture in one screen.
 */
#ifndef HDADUMP_FLOW_PIPELINE_H
#define HDADUMP_FLOW_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "event/names.h"
#include "flow/fold.h"
#include "flow/range.h"
#include "hda/xact.h"

struct err;
struct hda;
struct source;
struct store;
struct sink;

/* Counts for the summary and the exit status. */
struct stats {
	uint64_t events;
	uint64_t verbs;		/* CORB, immediate, broadcast, and lost ones */
	uint64_t responses;	/* solicited ones, paired with a verb */
	uint64_t immediate;
	uint64_t broadcast;
	uint64_t unsolicited;
	uint64_t spurious;
	uint64_t unanswered;
	uint64_t suspect;
	uint64_t conflicting;
	uint64_t lost;
	uint64_t gaps;
	uint64_t missing;	/* verbs counted by gaps, which are not in `verbs` */
	uint64_t moved;		/* responses that another tool showed beside another verb */
	uint64_t resets;
	uint64_t marks;
	int64_t origin;		/* time of the first event, or EVENT_TIME_NONE */
};

/* True if something is missing or in doubt: exit status 3. */
static inline bool stats_losses(const struct stats *s)
{
	return s->suspect || s->conflicting || s->lost || s->gaps;
}

struct pipeline {
	struct source *source;
	struct store *store;	/* NULL = nothing is stored */
	struct sink *sink;	/* NULL = nothing is shown */
	struct fold_options fold;
	/* what is counted and shown; everything is interpreted and stored */
	struct range range;
	const char *name;	/* name of the input, for messages; needed only with a range */
	bool live;		/* a store or sink that fails is reported and left out */
	struct ctrl_names names;
	struct stats stats;
	bool store_failed;
	const struct hda *hda;	/* while it runs: the model, whose last verbs are not counted yet */
};

/* Runs to the end of the source. Owns nothing that it is given. */
struct err *pipeline_run(struct pipeline *p);
void pipeline_deinit(struct pipeline *p);

#endif
