/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unpacks gzip, xz and zstd piece by piece, the last two by modules. The data are
 * never in memory as a whole, so a small file that unpacks to a huge one needs time and no
 * memory; the libraries' own windows are limited to UNPACK_MEMORY.
 */
#ifndef HDADUMP_INPUT_UNPACK_H
#define HDADUMP_INPUT_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct unpack;

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_XZ, PACKING_ZSTD };

/* Bytes of a file's beginning that show its packing. */
#define PACKING_HEAD 6
#define UNPACK_MEMORY (128u << 20)

enum packing packing_of(const void *head, size_t len);
const char *packing_name(enum packing p);

/* @p is not PACKING_NONE. Fails if the module is missing. */
struct err *unpack_create(enum packing p, struct unpack **out);
/*
 * Reads from @in and writes to @out; both lengths are set to the bytes used. An error says
 * what is wrong with the packed data.
 */
struct err *unpack_step(struct unpack *u, const uint8_t *in, size_t *in_len, uint8_t *out,
			size_t *out_len);
/* True if the packed data may end here: they are complete. */
bool unpack_may_end(const struct unpack *u);
void unpack_destroy(struct unpack *u);

#endif
