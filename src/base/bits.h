/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bit fields as data sheets write them: bits(v, 15, 8) is v[15:8]. */
#ifndef HDADUMP_BASE_BITS_H
#define HDADUMP_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static inline uint64_t bits_mask(unsigned int width)
{
	return width >= 64 ? ~0ull : (1ull << width) - 1;
}

static inline uint64_t bits(uint64_t v, unsigned int hi, unsigned int lo)
{
	return (v >> lo) & bits_mask(hi - lo + 1);
}

static inline bool bit(uint64_t v, unsigned int n)
{
	return (v >> n) & 1;
}

static inline uint16_t load_le16(const void *p)
{
	const uint8_t *b = p;

	return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t load_le32(const void *p)
{
	const uint8_t *b = p;

	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t load_le64(const void *p)
{
	return load_le32(p) | (uint64_t)load_le32((const uint8_t *)p + 4) << 32;
}

static inline void store_le16(void *p, uint16_t v)
{
	uint8_t *b = p;

	b[0] = (uint8_t)v;
	b[1] = (uint8_t)(v >> 8);
}

static inline void store_le32(void *p, uint32_t v)
{
	store_le16(p, (uint16_t)v);
	store_le16((uint8_t *)p + 2, (uint16_t)(v >> 16));
}

static inline void store_le64(void *p, uint64_t v)
{
	store_le32(p, (uint32_t)v);
	store_le32((uint8_t *)p + 4, (uint32_t)(v >> 32));
}

#endif
