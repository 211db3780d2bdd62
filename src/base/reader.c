// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/reader.h"

#include <string.h>

#include "base/bits.h"

uint16_t reader_u16(struct reader *r)
{
	const uint8_t *p = reader_bytes(r, 2);

	return p ? load_le16(p) : 0;
}

uint32_t reader_u32(struct reader *r)
{
	const uint8_t *p = reader_bytes(r, 4);

	return p ? load_le32(p) : 0;
}

uint64_t reader_u64(struct reader *r)
{
	const uint8_t *p = reader_bytes(r, 8);

	return p ? load_le64(p) : 0;
}

uint64_t reader_varint(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned int shift = 0; shift < 70; shift += 7) {
		uint8_t b = reader_u8(r);

		if (r->failed)
			return 0;
		if (shift == 63 && b > 1)
			break;
		v |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return v;
	}
	r->failed = true;
	return 0;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool reader_hex(struct reader *r, uint64_t *value)
{
	const uint8_t *p = r->p;
	uint64_t v = 0;
	int d;

	while (p < r->end && (d = hex_digit(*p)) >= 0) {
		if (v >> 60)
			return false;
		v = v << 4 | (uint64_t)d;
		p++;
	}
	if (p == r->p)
		return false;
	r->p = p;
	*value = v;
	return true;
}

bool reader_dec(struct reader *r, uint64_t *value)
{
	const uint8_t *p = r->p;
	uint64_t v = 0;

	while (p < r->end && *p >= '0' && *p <= '9') {
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
			return false;
		p++;
	}
	if (p == r->p)
		return false;
	r->p = p;
	*value = v;
	return true;
}

bool reader_num(struct reader *r, uint64_t *value)
{
	struct reader t = *r;

	if ((reader_lit(&t, "0x") || reader_lit(&t, "0X"))) {
		if (!reader_hex(&t, value))
			return false;
		*r = t;
		return true;
	}
	return reader_dec(r, value);
}

bool reader_line(struct reader *r, struct reader *line)
{
	if (r->p == r->end)
		return false;
	const uint8_t *nl = memchr(r->p, '\n', reader_left(r));
	const uint8_t *end = nl ? nl : r->end;

	*line = (struct reader){ r->p, end, false };
	if (line->end > line->p && line->end[-1] == '\r')
		line->end--;
	r->p = nl ? nl + 1 : r->end;
	return true;
}

void reader_skip_space(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
}
