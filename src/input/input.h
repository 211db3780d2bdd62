/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of an input, whatever it is: a file, a pipe or a terminal, as they
 * are or packed.  One may look at its beginning for as long as it takes to know
 * what it is; then it is read through an ordinary descriptor.
 *
 * A plain file is read itself.  Anything else (a pipe whose beginning was
 * already taken, packed data) comes through a pipe that a thread fills, which
 * waits when the reader does: the memory used does not depend on the input.
 */
#ifndef HDADUMP_INPUT_INPUT_H
#define HDADUMP_INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/* So much of a beginning can be looked at. */
#define INPUT_HEAD_MAX (1u << 20)

struct input;

/* @fd stays the caller's, and must live as long; @name is for messages and copied. */
struct err *input_create(int fd, const char *name, struct input **out);
void input_destroy(struct input *in);

/* What is known of the beginning so far; valid until the next call. */
const uint8_t *input_head(const struct input *in, size_t *len);
/*
 * Gets more of the beginning, waiting for it if need be; *more is false when
 * there is no more, or no more than INPUT_HEAD_MAX.
 */
struct err *input_more(struct input *in, bool *more);
/* Bytes of the whole input, unpacked; -1 when that is not known. */
off_t input_size(const struct input *in);
/* "gzip", "xz", "zstd", or NULL for an input that is not packed. */
const char *input_packing(const struct input *in);

/* The descriptor to read the input from, from its very beginning; stays the input's. */
struct err *input_fd(struct input *in, int *fd);
/*
 * After the descriptor came to its end: what went wrong on the way there (the
 * packed data are damaged or cut), or NULL.  The receiver frees it.
 */
struct err *input_result(struct input *in);

#endif
