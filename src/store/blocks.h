/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pcapng file as a row of blocks, whole or not: what is damaged is passed
 * over to the next block that cannot be chance, and remembered.
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
	int fd;			/* borrowed, as is the name */
	const char *name;
	struct buf in;		/* in.data[pos] is the next byte */
	size_t pos;
	uint64_t offset;	/* in the file, of in.data[0] */
	bool eof;
	bool swapped;		/* the section is in the other byte order */
	/* bytes that made no sense, before the block at hand */
	bool bad;
	uint64_t bad_from, bad_to;
	uint64_t searched;	/* bytes passed over in search of a block */
	uint64_t checked;	/* bytes of what looked like one there, checked to the end */
	/* the file ends inside the block that begins at cut_at */
	bool cut;
	uint64_t cut_at;
};

/* A block in the buffer, valid until the next blocks_next(). */
struct block {
	const uint8_t *p;	/* its first byte; NULL at the end of the file */
	uint32_t type;
	uint32_t len;		/* of all of it */
};

/* The first bytes of the file, up to @n of them; before anything else. */
struct err *blocks_peek(struct blocks *bs, size_t n, const uint8_t **p, size_t *got);
/* The block at hand; it stays the same until it is taken. */
struct err *blocks_next(struct blocks *bs, struct block *b);
void blocks_take(struct blocks *bs, const struct block *b);
/* Takes a block whose frame is whole and whose contents make no sense. */
void blocks_take_bad(struct blocks *bs, const struct block *b);
void blocks_deinit(struct blocks *bs);

/* Where in the file the block at hand begins. */
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

/* The value of an option, which stand from @at to the block's end; NULL if it is not there. */
const uint8_t *block_option(const struct blocks *bs, const struct block *b, uint32_t at,
			    uint16_t code, uint16_t *len);
/* The data of a packet block and its interface; NULL when its lengths make no sense. */
const uint8_t *block_packet(const struct blocks *bs, const struct block *b, uint32_t *interface,
			    uint32_t *len);

#endif
