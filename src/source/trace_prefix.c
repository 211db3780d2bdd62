// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/trace_scan.h"

/* Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
static int64_t days(uint32_t y, uint32_t m, uint32_t d)
{
	/* years from March, so that the leap day is the last of its year */
	uint32_t year = m > 2 ? y : y - 1, month = (m + 9) % 12;
	uint32_t day_of_year = (153 * month + 2) / 5 + d - 1;

	return (int64_t)year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

/* 2025-07-24T14:12:21: the second since 1970. */
static const char *iso_second(const char *p, const char *end, int64_t *second)
{
	uint32_t y, mo, d, h, mi, s;

	if (!(p = digits(p, end, 4, &y)) || !(p = LIT(p, end, "-")) ||
	    !(p = digits(p, end, 2, &mo)) || !(p = LIT(p, end, "-")) ||
	    !(p = digits(p, end, 2, &d)) || !(p = LIT(p, end, "T")) ||
	    !(p = digits(p, end, 2, &h)) || !(p = LIT(p, end, ":")) ||
	    !(p = digits(p, end, 2, &mi)) || !(p = LIT(p, end, ":")) ||
	    !(p = digits(p, end, 2, &s)))
		return NULL;
	/* up to 2262, where int64_t nanoseconds end */
	if (y < 1970 || y > 2261 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 ||
	    s > 60)
		return NULL;
	*second = ((days(y, mo, d) * 24 + h) * 60 + mi) * 60 + s;
	return p;
}

#define NS 1000000000ll

static inline const char *clock_rest(const char *p, const char *end, bool iso, int64_t second,
				     struct trace_line *out)
{
	uint32_t usec;

	p = digits(p, end, 6, &usec);
	if (!p || !(p = iso ? LIT(p, end, "Z ") : LIT(p, end, ":")))
		return NULL;
	out->time = second + (int64_t)usec * 1000;
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
		const struct trace_text *c = &memo->clock;

		if (c->len && end - p > c->len && memcmp(p, c->text, c->len) == 0)
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
		struct trace_text *c = &memo->clock;

		c->len = (uint8_t)(p - line);
		memcpy(c->text, line, c->len);
		c->iso = iso;
		c->time = second;
	}
	return clock_rest(p, end, iso, second, out);
}

/*
 * The context that stands directly before an event's name: an optional guest's
 * name, then `PROG: `, `PROG(THREAD): ` or `(TID:THREAD): ` as the last thing.
 * An `@` outside of brackets belongs to an older prefix, so two lines are mixed.
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

