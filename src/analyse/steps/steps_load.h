/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the steps of an input: a capture, a log, a script, a list, or any other format. */
#ifndef HDADUMP_ANALYSE_STEPS_STEPS_LOAD_H
#define HDADUMP_ANALYSE_STEPS_STEPS_LOAD_H

#include <stdbool.h>

#include "analyse/steps/steps.h"
#include "flow/load.h"
#include "flow/pipeline.h"

struct err;

struct steps_input {
	struct load_options from;
	/* gets all xacts in the range, register accesses too; NULL = none */
	struct sink *watch;
	bool stop;			/* do not learn from anything after the range */
	struct stats stats;		/* numbers of what was read */
};

/*
 * Fills @a, which the caller frees with steps_deinit() in any case; a->head has the origin of
 * the steps.
 */
struct err *steps_load(struct steps_input *in, struct steps *a);

#endif
