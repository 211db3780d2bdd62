/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest and its memory for tests of the controller model: a driver's writes go in, memory
 * is read from `ram`, xacts come out into `got`.
 */
#ifndef HDADUMP_TEST_HDA_RIG_H
#define HDADUMP_TEST_HDA_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "hda/hda.h"
#include "hda/regs.h"

#define RAM_BASE 0x100000000ull
#define CORB (RAM_BASE + 0x1000)
#define RIRB (RAM_BASE + 0x1800)

struct rig {
	struct hda *h;
	uint8_t ram[0x10000];
	bool no_memory;		/* answer with EV_NOMEM */
	bool late;		/* horizons come only with rig_horizon() */
	uint16_t ctrl;
	int64_t time;
	struct xact got[4096];
	char text[4096][80];
	unsigned int n;
};

void rig_init(struct rig *g);
/* Stores the model's output in got[]. */
void rig_drain(struct rig *g);
/* Feeds one event, and the memory that the model then needs. */
void rig_feed(struct rig *g, const struct event *ev);
void rig_horizon(struct rig *g);
/* The driver's write or read of a register, a microsecond after the last. */
void rig_wr(struct rig *g, uint64_t off, unsigned int width, uint64_t value);
void rig_rd(struct rig *g, uint64_t off, unsigned int width, uint64_t value);

/* Sets up a controller as Linux does; @size is the code of CORBSIZE. */
void rig_setup(struct rig *g, unsigned int size);

/* Ends the model, and takes its last output. */
void rig_done(struct rig *g);
void rig_put_verb(struct rig *g, unsigned int slot, uint32_t verb);
void rig_put_response(struct rig *g, unsigned int slot, uint32_t resp, uint32_t ex);
void rig_check_verb(const struct rig *g, unsigned int i, uint32_t verb, bool answered,
		    uint32_t resp, enum certainty certainty);

#endif
