/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of an input: a capture, a log, a script, a list, whatever is read. */
#ifndef HDADUMP_ANALYSE_STEPS_STEPS_LOAD_H
#define HDADUMP_ANALYSE_STEPS_STEPS_LOAD_H

#include <stdbool.h>

#include "analyse/steps/steps.h"
#include "flow/load.h"
#include "flow/pipeline.h"

struct err;

struct steps_input {
	struct load_options from;
	struct sink *watch;		/* sees all xacts in the range, accesses to registers too; or NULL */
	bool stop;			/* nothing is learned of what comes after the range */
	struct stats stats;		/* what went by */
};

/*
 * Fills @a, which the caller gives to steps_deinit() whatever happens; a->head says
 * where the steps came from.
 */
struct err *steps_load(struct steps_input *in, struct steps *a);

#endif
