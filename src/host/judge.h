/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges the facts for a user who wants to capture this machine's codec. Pure: facts in,
 * findings and a verdict out. Texts may quote the machine, and print/ makes them safe for a
 * terminal; commands are for a shell.
 */
#ifndef HDADUMP_HOST_JUDGE_H
#define HDADUMP_HOST_JUDGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "host/facts.h"

enum doctor_severity {
	SEV_USELESS,	/* a capture would not show what the user looks for */
	SEV_BLOCKS,	/* a capture is impossible until this is fixed */
	SEV_CARE,	/* a capture may go wrong because of this */
	SEV_NOTE,
	SEV_GOOD,
};

struct doctor_finding {
	enum doctor_severity severity;
	/* shown first: the user should know it before doing any other work */
	bool first;
	const char *topic;	/* "sound", "iommu", ... */
	struct buf text;	/* one sentence */
	struct buf why;		/* the consequences; may be empty */
	struct buf commands;	/* one command a line; may be empty */
};

enum verdict_state { VERDICT_USELESS, VERDICT_BLOCKED, VERDICT_CARE, VERDICT_READY };

struct diagnosis {
	struct doctor_finding *list;	/* in reading order */
	unsigned int n, cap;
	bool failed;		/* memory ran out */
	enum verdict_state state;
	struct buf verdict;	/* one or two sentences */
	/* one command a line; a line that begins with # is a comment for the user */
	struct buf next;
};

struct err *judge(const struct facts *f, struct diagnosis *out);
void diagnosis_deinit(struct diagnosis *d);

/* "useless", "blocks", "care", "note", "good"; "useless", "blocked", "care", "ready". */
const char *diagnosis_severity_name(enum doctor_severity s);
const char *verdict_state_name(enum verdict_state s);

#endif
