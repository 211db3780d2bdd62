/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the facts mean for whoever wants to capture this machine's codec.
 * Pure: facts in, findings and a verdict out.  Texts may quote the machine
 * and are made safe by whoever shows them; commands are for a shell.
 */
#ifndef HDADUMP_HOST_JUDGE_H
#define HDADUMP_HOST_JUDGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "host/facts.h"

enum doctor_severity {
	SEV_USELESS,	/* a capture would not show what is looked for */
	SEV_BLOCKS,	/* it cannot be done before this is put right */
	SEV_CARE,	/* it can go wrong here */
	SEV_NOTE,
	SEV_GOOD,
};

struct doctor_finding {
	enum doctor_severity severity;
	bool first;		/* to be known before any work is put into the rest */
	const char *topic;	/* "sound", "iommu", ... */
	struct buf text;	/* one sentence */
	struct buf why;		/* what it means; may be empty */
	struct buf commands;	/* a line each; may be empty */
};

enum verdict_state { VERDICT_USELESS, VERDICT_BLOCKED, VERDICT_CARE, VERDICT_READY };

struct diagnosis {
	struct doctor_finding *list;	/* in the order in which they are to be read */
	unsigned int n, cap;
	bool failed;		/* memory was short */
	enum verdict_state state;
	struct buf verdict;	/* a sentence or two */
	struct buf next; /* commands, a line each; a line that begins with # is for the reader */
};

struct err *judge(const struct facts *f, struct diagnosis *out);
void diagnosis_deinit(struct diagnosis *d);

/* "useless", "blocks", "care", "note", "good"; "useless", "blocked", "care", "ready". */
const char *diagnosis_severity_name(enum doctor_severity s);
const char *verdict_state_name(enum verdict_state s);

#endif
