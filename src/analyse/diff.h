/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The differences between what two captures do to a codec, by effects: each register has a
 * timeline of its values, and timelines are compared, not lists. So the order matters within
 * a register, an amplifier port, an I2C master, a chip's window and the GPIOs of a group, and
 * against resets; between registers it does not.
 *
 * Ignored: reads, polls and walks; writes of the value that a register has already; started
 * measurements. Of stream tags and unsolicited tags only zero or not zero counts: the driver
 * chooses the numbers, and the widget shows their purpose.
 *
 * Codecs are paired by their id, then by address. If one side has more resets than the other,
 * its parts between resets are aligned with the other's from the beginning or from the end,
 * whichever fits better.
 *
 * Time: n log n, and a little more; memory: about 60 bytes for each step.
 */
#ifndef HDADUMP_ANALYSE_DIFF_H
#define HDADUMP_ANALYSE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps.h"

struct err;

/* The result for a step. */
enum diff_result {
	DIFF_IGNORED,	/* it changes nothing, or its codec has no partner */
	DIFF_SAME,	/* the other side does it too */
	DIFF_OWN,	/* only this side does it */
};

struct diff_side {
	const struct steps *a;
	uint8_t *why;		/* enum diff_result of each step */
	/* for DIFF_SAME, by step: the first step that it was matched with */
	uint32_t *partner;
	int32_t *codec;		/* by codec: number of its pair; -1 = none */
	size_t same, own;
};

struct diff {
	struct diff_side side[2];
	size_t codecs;		/* number of pairs */
	/* All changes and the common steps between them, in the order of the output. */
	struct diff_line {
		uint32_t step;
		uint8_t side;	/* 0, 1: only on that side; 2: common, a step of side 0 */
	} *lines;
	size_t n_lines;
};

/* Both must live longer than the diff. Errors: no memory. */
struct err *diff_steps(const struct steps *a, const struct steps *b, struct diff *out);
void diff_deinit(struct diff *d);

#endif
