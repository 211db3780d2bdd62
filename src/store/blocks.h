/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a pcapng file block by block: damaged bytes are skipped up to the next block that
 * cannot be random, and reported.
 */
#ifndef HDADUMP_STORE_BLOCKS_H
#define HDADUMP_STORE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

struct err;

struct blocks {
	int fd;			/* borrowed, like the name */
	const char *name;
	struct buf in;		/* in.data[pos] is the next byte */
	size_t pos;
	uint64_t offset;	/* offset of in.data[0] in the file */
	bool eof;
	bool swapped;		/* the section has the other byte order */
	/* bytes before the current block were not valid */
	bool bad;
	uint64_t bad_from, bad_to;
	uint64_t searched;	/* bytes skipped in search of a block */
	uint64_t checked;	/* bytes checked of candidates for a block */
	/* the file ends inside the block that begins at cut_at */
	bool cut;
	uint64_t cut_at;
};

/* A block in the buffer, valid until the next blocks_next(). */
struct block {
	const uint8_t *p;	/* first byte; NULL at the end of the file */
	uint32_t type;
	uint32_t len;		/* bytes of the whole block */
};

/* The first bytes of the file, up to @n; call it before all others. */
struct err *blocks_peek(struct blocks *bs, size_t n, const uint8_t **p, size_t *got);
/* The current block; it is the same until it is taken. */
struct err *blocks_next(struct blocks *bs, struct block *b);
void blocks_take(struct blocks *bs, const struct block *b);
/* Takes a block whose lengths are valid and whose contents are not. */
void blocks_take_bad(struct blocks *bs, const struct block *b);
void blocks_deinit(struct blocks *bs);

/* The offset of the current block in the file. */
static inline uint64_t blocks_at(const struct blocks *bs)
{
	return bs->offset + bs->pos;
}

static inline uint16_t block_16(const struct blocks *bs, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return bs->swapped ? __builtin_bswap16(v) : v;
}

static inline uint32_t block_32(const struct blocks *bs, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return bs->swapped ? __builtin_bswap32(v) : v;
}

static inline uint64_t block_64(const struct blocks *bs, const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return bs->swapped ? __builtin_bswap64(v) : v;
}

/* The value of an option; options are between @at and the block's end; NULL = not found. */
const uint8_t *block_option(const struct blocks *bs, const struct block *b, uint32_t at,
			    uint16_t code, uint16_t *len);
/* The data of a packet block, and its interface; NULL if its lengths are not valid. */
const uint8_t *block_packet(const struct blocks *bs, const struct block *b, uint32_t *interface,
			    uint32_t *len);

#endif
