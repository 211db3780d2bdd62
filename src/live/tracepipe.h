/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pipe with QEMU's trace, which also slows the guest down.
 *
 * It holds one page. When it is full, QEMU's vCPU thread blocks while it writes a trace line,
 * so the guest never runs far ahead of the reader. In a strict capture the guest waits at
 * each line: the pipe is made of packets (O_DIRECT), one line in one packet, and has one
 * slot; a line is copied with tee(2) and removed only after it was handled.
 *
 * Positions are bytes since the pipe was created. The horizon is the position after the lines
 * that had already begun at a given moment.
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
	int writer;		/* writing end, for the child to inherit; -1 = closed */
	bool strict;
	bool eof;
	int aux[2];		/* strict: pipe that tee(2) copies to */
	size_t held;		/* strict: bytes copied but not removed yet */
	struct buf in;
	size_t pos;		/* offset in `in`: everything before was given out */
	uint64_t consumed;	/* position of in.data[pos] */
	uint64_t received;	/* position after the last byte of `in`, without held bytes */
};

struct err *tracepipe_init(struct tracepipe *t, bool strict);
/* The same, never strict, with the reading end @fd of a FIFO, which then belongs to @t. */
struct err *tracepipe_init_fifo(struct tracepipe *t, int fd);
void tracepipe_deinit(struct tracepipe *t);
void tracepipe_close_writer(struct tracepipe *t);

/*
 * The next whole line in the buffer, without its line end; false if there is none. The bytes
 * stay in place until the next call of one of these functions.
 */
bool tracepipe_line(struct tracepipe *t, const uint8_t **line, size_t *len);
/* Reads what has arrived, without waiting. Sets eof when all writers have closed. */
struct err *tracepipe_fill(struct tracepipe *t);
/* Like tracepipe_fill(), and also removes a held line so that the writer need not wait. */
struct err *tracepipe_drain(struct tracepipe *t);
/* The position after all lines that have begun by now. */
uint64_t tracepipe_horizon(struct tracepipe *t);

#endif
