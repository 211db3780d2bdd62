// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/trace/trace_scan.h"

#include "base/bits.h"

/* Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
static int64_t days(uint32_t y, uint32_t m, uint32_t d)
{
	/* count years from March, so that the leap day is the last day of its year */
	uint32_t year = m > 2 ? y : y - 1, month = (m + 9) % 12;
	uint32_t day_of_year = (153 * month + 2) / 5 + d - 1;

	return (int64_t)year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

/* 2025-07-24T14:12:21, as seconds since 1970. */
static const char *iso_second(const char *p, const char *end, int64_t *second)
{
	/* century, year, month, day, hour, minute, second */
	static const uint8_t at[] = { 0, 2, 5, 8, 11, 14, 17 };
	uint32_t n[ARRAY_SIZE(at)];

	if (end - p < 19 || p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':' ||
	    p[16] != ':')
		return NULL;
	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++) {
		n[i] = two_digits(p + at[i]);
		if (n[i] > 99)
			return NULL;
	}
	uint32_t y = n[0] * 100 + n[1];

	/* up to 2262, where int64_t nanoseconds end */
	if (y < 1970 || y > 2261 || n[2] < 1 || n[2] > 12 || n[3] < 1 || n[3] > 31 || n[4] > 23 ||
	    n[5] > 59 || n[6] > 60)
		return NULL;
	*second = ((days(y, n[2], n[3]) * 24 + n[4]) * 60 + n[5]) * 60 + n[6];
	return p + 19;
}

#define NS 1000000000ll

/* The rest of a clock after the whole second; @second is in ns since 1970. */
static const char *clock_rest(const char *p, const char *end, bool iso, int64_t second,
			      struct trace_line *out)
{
	uint32_t hi, mid, lo;

	if (end - p < 8)
		return NULL;
	hi = two_digits(p);
	mid = two_digits(p + 2);
	lo = two_digits(p + 4);
	if (hi > 99 || mid > 99 || lo > 99 ||
	    !(p = iso ? LIT(p + 6, end, "Z ") : LIT(p + 6, end, ":")))
		return NULL;
	out->time = second + ((hi * 100 + mid) * 100 + lo) * 1000ll;
	return p;
}

/* `PID@SEC.USEC:` or `YYYY-MM-DDTHH:MM:SS.USECZ ` (without .USEC when that is zero). */
const char *trace_clock(struct trace_memo *memo, const char *p, const char *end,
			struct trace_line *out)
{
	const char *line = p, *q;
	uint64_t pid, sec;
	int64_t second;
	bool iso;

	if (memo) {
		const struct trace_clock *c = &memo->clock;

		if (c->len && lit_n(p, end, c->text, c->len))
			return clock_rest(p + c->len, end, c->iso, c->time, out);
	}
	if ((q = dec(p, end, 10, &pid)) && (q = LIT(q, end, "@"))) {
		iso = false;
		if (!(q = dec(q, end, 10, &sec)) || sec > INT64_MAX / NS - 1 ||
		    !(p = LIT(q, end, ".")))
			return NULL;
		second = (int64_t)sec * NS;
	} else {
		iso = true;
		if (!(q = iso_second(p, end, &second)))
			return NULL;
		second *= NS;
		if ((p = LIT(q, end, "Z "))) {
			out->time = second;
			return p;
		}
		if (!(p = LIT(q, end, ".")))
			return NULL;
	}
	if (memo && (size_t)(p - line) <= sizeof(memo->clock.text)) {
		struct trace_clock *c = &memo->clock;

		c->len = (uint8_t)(p - line);
		trace_remember(c->text, c->mask, sizeof(c->text), line, c->len);
		c->iso = iso;
		c->time = second;
	}
	return clock_rest(p, end, iso, second, out);
}

/*
 * The context directly before an event's name: a guest's name or nothing, then `PROG: `,
 * `PROG(THREAD): ` or `(TID:THREAD): `. An `@` outside of brackets belongs to an older
 * prefix, so two lines are mixed.
 */
bool trace_is_context(const char *p, const char *end)
{
	const char *q = end, *guest_end;

	if (end - p > 256 || end - p < 3)
		return false;
	for (const char *c = p; c < end; c++) {
		if ((uint8_t)*c < 0x20 || *c == 0x7f)
			return false;
	}
	if (*p == '[') {
		guest_end = memchr(p, ']', (size_t)(end - p));
		if (!guest_end || end - guest_end < 5)
			return false;
		p = guest_end + 1;
	}
	if (memchr(p, '@', (size_t)(end - p)))
		return false;
	bool space = q[-1] == ' ';

	q -= space;
	if (q == p || *--q != ':' || q == p)
		return false;
	if (q[-1] == ')') {
		while (q > p && *q != '(')
			q--;
		return *q == '(';
	}
	const char *word = q;

	while (word > p && (is_id(word[-1]) || word[-1] == '+'))
		word--;
	return space && word < q && !is_digit(*word);
}

