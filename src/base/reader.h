/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bounded reader: every byte that comes from a guest, a file or a socket is read through
 * one.  It never passes the end; the first attempt to do so sets `failed`, after which every
 * read gives zero, so a decoder may read a whole record and check `failed` once.  Numbers are
 * little-endian, as in all memory structures of HD Audio.
 */
#ifndef HDADUMP_BASE_READER_H
#define HDADUMP_BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reader {
	const uint8_t *p;
	const uint8_t *end;
	bool failed;
};

static inline struct reader reader_make(const void *data, size_t len)
{
	const uint8_t *p = data;

	return (struct reader){ p, len ? p + len : p, false };
}

static inline size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->p);
}

/* The next @n bytes in place, or NULL. */
static inline const uint8_t *reader_bytes(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->failed || reader_left(r) < n) {
		r->failed = true;
		return NULL;
	}
	r->p += n;
	return p;
}

static inline uint8_t reader_u8(struct reader *r)
{
	const uint8_t *p = reader_bytes(r, 1);

	return p ? *p : 0;
}

uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
/* LEB128: seven bits a byte, least significant first; at most ten bytes. */
uint64_t reader_varint(struct reader *r);

/*
 * Functions for text. Each moves past what it read and returns true, or does not move and
 * returns false; `failed` is not used.
 */
static inline bool reader_lit(struct reader *r, const char *lit)
{
	size_t n = strlen(lit);

	if (reader_left(r) < n || memcmp(r->p, lit, n) != 0)
		return false;
	r->p += n;
	return true;
}
/* Hex digits of either case, without a prefix; no more than 64 bits. */
bool reader_hex(struct reader *r, uint64_t *value);
bool reader_dec(struct reader *r, uint64_t *value);
/* 0x/0X and hex, or decimal. */
bool reader_num(struct reader *r, uint64_t *value);
/* One line without its end (LF or CRLF); false at the end of the data. */
bool reader_line(struct reader *r, struct reader *line);
void reader_skip_space(struct reader *r);

#endif
