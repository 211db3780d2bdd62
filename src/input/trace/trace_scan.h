/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the files of the trace line's parser: functions that read text, and the parts of
 * a line.
 *
 *   trace_line.c    the event itself, and a usual line at full speed
 *   trace_prefix.c  the text before it
 *   trace_odd.c     any other line: an unusual event, damaged, or neither
 */
#ifndef HDADUMP_INPUT_TRACE_TRACE_SCAN_H
#define HDADUMP_INPUT_TRACE_TRACE_SCAN_H

#include <string.h>

#include "event/event.h"
#include "input/trace/trace_line.h"

/*
 * Every function here reads bytes from @p up to @end and returns the byte after them, or NULL
 * if the expected text is not there. None reads *end.
 */

static inline const char *lit_n(const char *p, const char *end, const char *lit, size_t n)
{
	return (size_t)(end - p) >= n && memcmp(p, lit, n) == 0 ? p + n : NULL;
}

#define LIT(p, end, lit) lit_n(p, end, lit, sizeof(lit) - 1)

/* The longest path of a UNIX socket (sun_path of unix(7)). */
#define TRACE_SOCKET_MAX 108

/* The value of a digit plus one; 0 = not a digit. printf's %x writes lower case only. */
extern const uint8_t trace_hex_plus_1[256];
extern const char trace_bad_number[];

/* A number as %x writes it: no leading zero, at most 64 bits. */
static inline const char *hex(const char *p, const char *end, uint64_t *value,
			      struct trace_line *out)
{
	const char *first = p;
	uint64_t v = 0;
	unsigned int d;

	while (p < end && (d = trace_hex_plus_1[(uint8_t)*p])) {
		v = v << 4 | (d - 1);
		p++;
	}
	if (p == first)
		return NULL;
	if (p - first > 16 || (*first == '0' && p - first > 1)) {
		out->why = trace_bad_number;
		return NULL;
	}
	*value = v;
	return p;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number as %d writes it, not negative, at most @max digits. */
static inline const char *dec(const char *p, const char *end, unsigned int max, uint64_t *value)
{
	const char *first = p;
	uint64_t v = 0;

	while (p < end && is_digit(*p) && p - first < (ptrdiff_t)max)
		v = v * 10 + (uint64_t)(*p++ - '0');
	if (p == first || (p < end && is_digit(*p)) || (*first == '0' && p - first > 1))
		return NULL;
	*value = v;
	return p;
}

/* Exactly two digits, leading zeros included; at least 100 if there are none. */
static inline uint32_t two_digits(const char *p)
{
	uint32_t a = (uint32_t)(uint8_t)p[0] - '0', b = (uint32_t)(uint8_t)p[1] - '0';

	return a > 9 || b > 9 ? 100 : a * 10 + b;
}

static inline bool is_id(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '-' || c == '.';
}

/* Everything is unknown. */
static inline void trace_start(struct trace_line *out)
{
	out->time = EVENT_TIME_NONE;
	out->mr = 0;
	out->name = NULL;
	out->why = NULL;
	out->name_len = 0;
	out->same = 0;
	out->cpu = -1;
	out->region = 0;
	out->open_end = false;
}

/* Remembers @len bytes of at most @size, to compare other text with them. */
static inline void trace_remember(char *text, uint8_t *mask, size_t size, const char *from,
				  size_t len)
{
	memset(mask, 0, size);
	memset(mask, 0xff, len);
	memcpy(text, from, len);
}

/* trace_line.c: from the event's name on, and the last parts of both kinds of event. */
const char *trace_body(struct trace_memo *memo, const char *p, const char *end,
		       struct trace_line *out);
const char *trace_vfio_numbers(const char *p, const char *end, struct trace_line *out);
const char *trace_memory_value(const char *p, const char *end, struct trace_line *out);

/* trace_prefix.c: `PID@SEC.USEC:` or `YYYY-MM-DDTHH:MM:SS.USECZ `. */
const char *trace_clock(struct trace_memo *memo, const char *p, const char *end,
			struct trace_line *out);
/* True if everything from @p to @end is a message context. */
bool trace_is_context(const char *p, const char *end);

/* trace_odd.c: true if the text contains an event's whole name. */
bool trace_has_event(const char *p, const char *end);
/* The same file: a line without its line end, nothing is known about it. */
enum trace_line_kind trace_odd(struct trace_memo *memo, const char *p, const char *end,
			       struct trace_line *out);

#endif
