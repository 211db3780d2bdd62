/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compressed input, piece by piece: gzip, xz and zstd, with the libraries of
 * that name.  Nothing is ever held whole, so that a small file which unpacks
 * to a huge one costs time and no memory; the libraries' own windows are
 * limited to UNPACK_MEMORY.
 */
#ifndef HDADUMP_INPUT_UNPACK_H
#define HDADUMP_INPUT_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct unpack;

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_XZ, PACKING_ZSTD };

/* Bytes of a file that tell its packing. */
#define PACKING_HEAD 6
#define UNPACK_MEMORY (128u << 20)

enum packing packing_of(const void *head, size_t len);
const char *packing_name(enum packing p);

/* Fails when this build has no library for it. */
struct err *unpack_create(enum packing p, struct unpack **out);
/*
 * Takes from @in and gives to @out; both lengths are set to what was taken and
 * given.  An error says what is wrong with the packed data.
 */
struct err *unpack_step(struct unpack *u, const uint8_t *in, size_t *in_len, uint8_t *out,
			size_t *out_len);
/* The packed data may end here: nothing of them is missing. */
bool unpack_may_end(const struct unpack *u);
void unpack_destroy(struct unpack *u);

#endif
