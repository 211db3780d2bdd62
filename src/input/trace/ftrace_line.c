// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/trace/ftrace_line.h"

#include <string.h>

#include "event/event.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* `3910.087791: ` before the event's name: seconds with six or nine digits after the point. */
static int64_t time_before(const uint8_t *first, const uint8_t *end)
{
	const uint8_t *p = end;
	uint64_t sec, frac;
	unsigned int digits;

	while (p > first && p[-1] == ' ')
		p--;
	if (p == first || *--p != ':')
		return EVENT_TIME_NONE;
	struct reader r = { p, p, false };

	while (r.p > first && (is_digit(r.p[-1]) || r.p[-1] == '.'))
		r.p--;
	if (!reader_dec(&r, &sec) || !reader_lit(&r, "."))
		return EVENT_TIME_NONE;
	digits = (unsigned int)reader_left(&r);
	if ((digits != 6 && digits != 9) || !reader_dec(&r, &frac) || reader_left(&r) ||
	    sec > INT64_MAX / 1000000000 - 1)
		return EVENT_TIME_NONE;
	return (int64_t)(sec * 1000000000 + frac * (digits == 6 ? 1000 : 1));
}

bool ftrace_event(struct reader *line, const char *name, int64_t *time)
{
	size_t n = strlen(name);
	const uint8_t *at = memmem(line->p, reader_left(line), name, n), *start;

	if (!at || at + n == line->end || at[n] != ':')
		return false;
	start = at;
	/* the group: kvm:kvm_mmio */
	if (start > line->p && start[-1] == ':') {
		start--;
		while (start > line->p && start[-1] != ' ')
			start--;
	}
	if (start > line->p && start[-1] != ' ' && start[-1] != '\t')
		return false;
	*time = time_before(line->p, start);
	line->p = at + n + 1;
	reader_skip_space(line);
	return true;
}

bool ftrace_lost(struct reader line, uint64_t *count)
{
	const uint8_t *at = memmem(line.p, reader_left(&line), " [LOST ", 7);

	if (!at || !reader_lit(&line, "CPU:"))
		return false;
	line.p = at + 7;
	return reader_dec(&line, count) && reader_lit(&line, " EVENTS]");
}
