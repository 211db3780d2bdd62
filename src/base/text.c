// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

#include "base/bits.h"

/*
 * Characters that a terminal does not show but obeys: C1 controls, the controls
 * of writing direction, line separators, and others of Unicode's category Cf
 * (format), which let one text look like another.
 */
static bool is_invisible(uint32_t c)
{
	static const struct { uint32_t first, last; } ranges[] = {
		{ 0x80, 0x9f }, { 0xad, 0xad }, { 0x600, 0x605 }, { 0x61c, 0x61c }, { 0x6dd, 0x6dd },
		{ 0x70f, 0x70f }, { 0x890, 0x891 }, { 0x8e2, 0x8e2 }, { 0x180e, 0x180e },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0x110bd, 0x110bd },
		{ 0x110cd, 0x110cd }, { 0x13430, 0x1343f }, { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges) && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}

/*
 * Length of the valid, printable UTF-8 sequence at @p, 0 if there is none; sets *code to its
 * character.
 */
static size_t utf8_len(const uint8_t *p, size_t left, uint32_t *code)
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
	*code = c;
	bool overlong = (n == 3 && c < 0x800) || (n == 4 && c < 0x10000);
	bool surrogate = c >= 0xd800 && c < 0xe000;

	return overlong || surrogate || is_invisible(c) || c > 0x10ffff ? 0 : n;
}

void text_add_safe(struct buf *b, const void *data, size_t len)
{
	const uint8_t *p = data, *end = p + len;
	uint32_t code;

	while (p < end) {
		if (*p >= 0x20 && *p < 0x7f) {
			buf_addc(b, *p++);
			continue;
		}
		size_t n = utf8_len(p, (size_t)(end - p), &code);
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

void text_locale(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
}

size_t text_char(const char *text, size_t len)
{
	uint32_t code;
	size_t n = utf8_len((const uint8_t *)text, len, &code);

	return n ? n : 1;
}

unsigned int text_columns(const char *text, size_t len)
{
	unsigned int columns = 0;

	for (size_t i = 0; i < len;) {
		uint32_t code = 0;
		size_t n = utf8_len((const uint8_t *)text + i, len - i, &code);
		int w = n ? wcwidth((wchar_t)code) : 1;

		columns += w < 0 ? 1 : (unsigned int)w;
		i += n ? n : 1;
	}
	return columns;
}

unsigned int text_width(int fd)
{
	struct winsize ws = { 0 };

	return ioctl(fd, TIOCGWINSZ, &ws) == 0 && ws.ws_col ? ws.ws_col : TEXT_WIDTH;
}

/* How many bytes of the line @text[0..@len) fit in @room columns; at least one word. */
static size_t fitting(const char *text, size_t len, unsigned int room)
{
	size_t cut = 0;
	unsigned int columns = 0;

	for (size_t i = 0; i < len;) {
		size_t n = text_char(text + i, len - i);

		if (text[i] == ' ' && columns <= room)
			cut = i;
		columns += text_columns(text + i, n);
		if (columns > room && cut)
			return cut;
		if (columns > room && text[i] == ' ')
			return i;
		i += n;
	}
	return len;
}

static void add_blanks(struct buf *b, unsigned int n)
{
	for (; n; n--)
		buf_addc(b, ' ');
}

void text_wrap(struct buf *b, const char *head, unsigned int indent, const char *text,
	       unsigned int width)
{
	/*
	 * in a very narrow terminal lines are longer than it, so that not every word has its
	 * own line
	 */
	unsigned int room = width > indent + 20 ? width - indent : 20;
	unsigned int used = text_columns(head, strlen(head));

	buf_adds(b, head);
	if (used > indent && *text) {
		buf_addc(b, '\n');
		used = 0;
	}
	while (*text) {
		size_t len = strcspn(text, "\n"), cut = fitting(text, len, room);

		if (cut)
			add_blanks(b, indent - used);
		used = 0;
		buf_add(b, text, cut);
		buf_addc(b, '\n');
		text += cut;
		while (cut < len && *text == ' ')
			text++;
		text += cut >= len && *text == '\n';
	}
}

char *text_hex(char *p, uint64_t v, unsigned int digits)
{
	static const char digit[] = "0123456789abcdef";
	char *end = p + digits, *q = end;

	for (; q - p >= 2; v >>= 8) {
		*--q = digit[v & 0xf];
		*--q = digit[v >> 4 & 0xf];
	}
	if (q > p)
		*p = digit[v & 0xf];
	return end;
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
