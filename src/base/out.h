/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Buffered output for sinks: a large buffer in front of a file descriptor, so that a million
 * lines are a few hundred write(2) calls. The descriptor is not owned. The first failed write
 * is remembered: later bytes are dropped, and every later call returns the same error.
 */
#ifndef HDADUMP_BASE_OUT_H
#define HDADUMP_BASE_OUT_H

#include <stddef.h>
#include <string.h>

#include "base/text.h"

struct buf;
struct err;

struct out {
	char *buf;
	size_t len;
	int fd;
	int failed;	/* errno of the first failed write; 0 = none */
};

/* The number of bytes that out_room() makes room for. */
#define OUT_ROOM 16384

struct err *out_init(struct out *o, int fd);
void out_deinit(struct out *o);
/* Makes room for at least OUT_ROOM bytes and sets *p to the place where they go. */
struct err *out_room(struct out *o, char **p);
/* Ends what out_room() began: @end is the byte after the last one written. */
static inline void out_took(struct out *o, const char *end)
{
	o->len = (size_t)(end - o->buf);
}
/* Bytes of any length. */
struct err *out_add(struct out *o, const void *data, size_t len);
struct err *out_flush(struct out *o);

/* Writes all bytes, without a buffer; 0, or an errno. */
int out_write(int fd, const void *data, size_t len);
/* The same, and waits until they are on the disk. */
int out_write_through(int fd, const struct buf *b);

/* Writes a complete text; fails also if memory ran out while it was made. */
struct err *out_text(int fd, const struct buf *b);
/* The same for an answer on standard output. */
struct err *out_answer(const struct buf *b);

static inline char *put_str(char *p, const char *s)
{
	size_t n = strlen(s);

	memcpy(p, s, n);
	return p + n;
}

/* A string constant. */
#define put_lit(p, s) ((char *)memcpy((p), "" s, sizeof(s) - 1) + sizeof(s) - 1)

#endif
