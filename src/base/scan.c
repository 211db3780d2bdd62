// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/scan.h"

#include <stdarg.h>
#include <string.h>

static bool scan_signed(struct reader *r, int64_t *out)
{
	bool minus = reader_lit(r, "-");
	uint64_t v;

	if (!reader_dec(r, &v) || v > INT64_MAX)
		return false;
	*out = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

bool scan(struct reader r, const char *pattern, ...)
{
	va_list ap;
	bool ok = true;

	va_start(ap, pattern);
	for (const char *p = pattern; *p && ok; p++) {
		if (*p == ' ') {
			reader_skip_space(&r);
			continue;
		}
		if (*p != '%') {
			ok = r.p < r.end && *r.p == (uint8_t)*p;
			r.p += ok;
			continue;
		}
		switch (*++p) {
		case 'x':
			ok = reader_hex(&r, va_arg(ap, uint64_t *));
			break;
		case 'n':
			ok = reader_num(&r, va_arg(ap, uint64_t *));
			break;
		case 'u':
			ok = reader_dec(&r, va_arg(ap, uint64_t *));
			break;
		case 'i':
			ok = scan_signed(&r, va_arg(ap, int64_t *));
			break;
		case '*':
			*va_arg(ap, struct reader *) = r;
			r.p = r.end;
			break;
		default:
			ok = false;
		}
	}
	va_end(ap);
	return ok && scan_end(r);
}

bool scan_word(struct reader *r, struct reader *word)
{
	reader_skip_space(r);
	*word = (struct reader){ r->p, r->p, false };
	while (r->p < r->end && *r->p != ' ' && *r->p != '\t')
		r->p++;
	word->end = r->p;
	return word->end > word->p;
}

bool scan_end(struct reader r)
{
	reader_skip_space(&r);
	return r.p == r.end;
}

bool scan_is(const struct reader *word, const char *s)
{
	size_t n = strlen(s);

	return reader_left(word) == n && memcmp(word->p, s, n) == 0;
}
