// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* Length of the valid, printable UTF-8 sequence at @p, or 0. */
static size_t utf8_len(const uint8_t *p, size_t left)
{
	size_t n = *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 :
		   *p >= 0xf0 && *p < 0xf5 ? 4 : 0;

	if (!n || left < n)
		return 0;
	uint32_t c = *p & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	bool overlong = (n == 3 && c < 0x800) || (n == 4 && c < 0x10000);
	bool surrogate = c >= 0xd800 && c < 0xe000;
	/* C1 controls act on a terminal; line and bidi controls fool a reader */
	bool acts = c < 0xa0 || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);

	return overlong || surrogate || acts || c > 0x10ffff ? 0 : n;
}

void text_add_safe(struct buf *b, const void *data, size_t len)
{
	const uint8_t *p = data, *end = p + len;

	while (p < end) {
		if (*p >= 0x20 && *p < 0x7f) {
			buf_addc(b, *p++);
			continue;
		}
		size_t n = utf8_len(p, (size_t)(end - p));
		if (n) {
			buf_add(b, p, n);
			p += n;
		} else {
			buf_addf(b, "\\x%02x", *p++);
		}
	}
}

void text_cut(char *out, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(out, size, fmt, ap) < 0)
		out[0] = '\0';
	va_end(ap);
}

char *text_hex(char *p, uint64_t v, unsigned int digits)
{
	for (unsigned int i = digits; i-- > 0; v >>= 4)
		p[i] = "0123456789abcdef"[v & 0xf];
	return p + digits;
}

char *text_dec(char *p, uint64_t v)
{
	char tmp[20];
	unsigned int n = 0;

	do
		tmp[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n)
		*p++ = tmp[--n];
	return p;
}
