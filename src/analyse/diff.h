/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two captures do differently, by effects: each register has a timeline of the
 * values it was given, and timelines are compared, not lists.  So the order counts
 * within a register, within an amplifier port, an I2C master, a chip's window and the
 * GPIOs of a group, and against resets; between registers it does not.
 *
 * Left out: reads, polls and walks; writes of what stands there already; started
 * measurements.  Stream tags and unsolicited tags count only as given or not given:
 * they are a driver's own numbers, and the widget says what they are for.
 *
 * Codecs are paired by their id, then by address.  Where one side has more resets than
 * the other, its stretches between resets are laid beside the other's from the
 * beginning or from the end, whichever fits better.
 *
 * Time: n log n and little more; memory: about 60 bytes a step beside the steps.
 */
#ifndef HDADUMP_ANALYSE_DIFF_H
#define HDADUMP_ANALYSE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps.h"

struct err;

/* What became of a step. */
enum diff_fate {
	DIFF_IGNORED,	/* it says nothing new, or its codec has no partner */
	DIFF_SAME,	/* the other side does it too */
	DIFF_OWN,	/* only this side does it */
};

struct diff_side {
	const struct steps *a;
	uint8_t *why;		/* enum diff_fate, by step */
	uint32_t *partner;	/* by step: of DIFF_SAME, the first step it was matched with */
	int32_t *codec;		/* by codec: its pair's number, -1: none */
	size_t same, own;
};

struct diff {
	struct diff_side side[2];
	size_t codecs;		/* pairs */
	/* All changes and what stands between them, in the order to show them. */
	struct diff_line {
		uint32_t step;
		uint8_t side;	/* 0, 1: only there; 2: the same, a step of side 0 */
	} *lines;
	size_t n_lines;
};

/* Both must outlive the diff.  Errors: no memory. */
struct err *diff_steps(const struct steps *a, const struct steps *b, struct diff *out);
void diff_deinit(struct diff *d);

#endif
