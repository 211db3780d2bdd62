/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pipe that carries QEMU's trace, and its back-pressure.
 *
 * It holds one page.  When it is full, QEMU's vCPU thread waits in its own
 * trace line, so the guest never runs far ahead of the reader.  Strict goes to
 * the end of that road: the pipe is made of packets (O_DIRECT), one line one
 * packet, and has one slot; a line is copied with tee(2) and only taken out
 * when it has been dealt with.
 *
 * Positions are bytes since the pipe was made.  The horizon is the position
 * up to which lines were already under way at a given moment.
 */
#ifndef HDADUMP_LIVE_TRACEPIPE_H
#define HDADUMP_LIVE_TRACEPIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

struct tracepipe {
	int fd;			/* reading end */
	int writer;		/* writing end, for the child to inherit; -1 when closed */
	bool strict;
	bool eof;
	int aux[2];		/* strict: where tee(2) copies to */
	size_t held;		/* strict: bytes seen but not taken out yet */
	struct buf in;
	size_t pos;		/* of in: what lies before was given out */
	uint64_t consumed;	/* position of in.data[pos] */
	uint64_t received;	/* position after in's last byte, without what is held back */
};

struct err *tracepipe_init(struct tracepipe *t, bool strict);
/* The same, never strict, with the reading end @fd of a FIFO, which it takes over. */
struct err *tracepipe_init_fifo(struct tracepipe *t, int fd);
void tracepipe_deinit(struct tracepipe *t);
void tracepipe_close_writer(struct tracepipe *t);

/*
 * The next whole line that is here, without its end; false when there is none.
 * The bytes stay in place until the next call of any of these functions.
 */
bool tracepipe_line(struct tracepipe *t, const uint8_t **line, size_t *len);
/* Takes in what has arrived; does not wait.  Sets eof when the writers are gone. */
struct err *tracepipe_fill(struct tracepipe *t);
/* For a reader that must not let the writer wait: as fill, and lets go of what is held. */
struct err *tracepipe_drain(struct tracepipe *t);
/* The position up to which lines were under way just now. */
uint64_t tracepipe_horizon(struct tracepipe *t);

#endif
