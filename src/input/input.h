/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of an input: a file, a pipe or a terminal, packed or not. The caller can look at
 * the beginning until it has recognised the format, and then reads everything through an
 * ordinary descriptor.
 *
 * A plain file is read directly. Anything else (a pipe whose beginning was already read,
 * packed data) comes through a pipe that a thread fills. The thread waits when the reader
 * does, so the memory used does not depend on the size of the input.
 */
#ifndef HDADUMP_INPUT_INPUT_H
#define HDADUMP_INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/* The most bytes of the beginning that can be looked at. */
#define INPUT_HEAD_MAX (1u << 20)

struct input;

/*
 * @fd belongs to the caller and must stay open as long as the input; @name is for messages
 * and is copied.
 */
struct err *input_create(int fd, const char *name, struct input **out);
void input_destroy(struct input *in);

/* The bytes of the beginning that were read so far; valid until the next call. */
const uint8_t *input_head(const struct input *in, size_t *len);
/*
 * Reads more of the beginning, and waits for it if necessary; *more is false at the end of
 * the input or at INPUT_HEAD_MAX.
 */
struct err *input_more(struct input *in, bool *more);
/* Bytes of the whole input, unpacked; -1 = unknown. */
off_t input_size(const struct input *in);
/* "gzip", "xz", "zstd"; NULL = not packed. */
const char *input_packing(const struct input *in);

/* The descriptor to read the whole input from; it belongs to the input. */
struct err *input_fd(struct input *in, int *fd);
/*
 * After the end of the descriptor: the error that ended it (the packed data are damaged or
 * cut), or NULL. The caller frees it.
 */
struct err *input_result(struct input *in);

#endif
