// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/trace/trace_scan.h"

#include "base/bits.h"

/*
 * True if the line contains a part of an event: of a name, `:region` or ` value `. Most other
 * lines of QEMU are sorted out here.
 */
static bool is_suspicious(const char *p, const char *end)
{
	for (; end - p >= 3; p++) {
		if ((p[0] == 'r' && p[1] == 'e' && p[2] == 'g') ||
		    (p[0] == 'b' && p[1] == 'a' && p[2] == 'r') ||
		    (p[0] == 'v' && p[1] == 'a' && p[2] == 'l'))
			return true;
	}
	return false;
}

/* The next whole name of an event at or after @p, and its length; NULL = none. */
static const char *find_name(const char *p, const char *end, size_t *len)
{
	static const char *const starts[] = { "vfio_region_", "memory_region_ops_", "vfio_bar_" };
	const char *best = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		size_t n = strlen(starts[i]);
		const char *q = p, *tail;

		while ((q = memmem(q, (size_t)(end - q), starts[i], n))) {
			if ((tail = LIT(q + n, end, "write")) || (tail = LIT(q + n, end, "read"))) {
				if (!best || q < best) {
					best = q;
					*len = (size_t)(tail - q);
				}
				break;
			}
			q += n;
		}
	}
	return best;
}

bool trace_has_event(const char *p, const char *end)
{
	size_t len;

	return find_name(p, end, &len);
}

/* True if the text after an event's name is the beginning of that event, perhaps cut. */
static bool has_marks(const char *name, const char *p, const char *end)
{
	size_t n = (size_t)(end - p);

	if (*name == 'v')
		return n >= 2 && memcmp(p, "  (", n < 3 ? n : 3) == 0;
	return n >= 2 && (memcmp(p, " cpu ", n < 5 ? n : 5) == 0 ||
			  memcmp(p, " mr ", n < 4 ? n : 4) == 0);
}

/* True if the line is the beginning of an event's name, cut or with other text after it. */
static bool is_cut_name(const char *p, const char *end)
{
	static const char *const names[] = {
		"vfio_region_read", "vfio_region_write", "vfio_bar_read", "vfio_bar_write",
		"memory_region_ops_",
	};
	size_t n = (size_t)(end - p);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t m = strlen(names[i]);

		if (n >= 8 && n < m && memcmp(p, names[i], n) == 0)
			return true;
	}
	/* no other event begins like this */
	return LIT(p, end, "vfio_region_r") || LIT(p, end, "vfio_region_w") ||
	       LIT(p, end, "memory_region_ops_");
}

/* True if the line ends like an event whose beginning is missing. */
static bool is_tail(const char *p, const char *end)
{
	struct trace_line scratch;
	uint64_t region;

	for (const char *q = p; (q = memmem(q, (size_t)(end - q), ":region", 7)); q += 7) {
		const char *r = dec(q + 7, end, 5, &region);

		if (!r || !(r = LIT(r, end, "+0x")))
			continue;
		scratch.write = end[-1] == ')';
		if (trace_vfio_numbers(r, end, &scratch) == end)
			return true;
	}
	/* other events of QEMU look like this, but their names are whole */
	const char *v = LIT(p, end, "memory_region_") ?
				NULL : memmem(p, (size_t)(end - p), " value ", 7);

	return v && trace_memory_value(v, end, &scratch) == end;
}

static bool has_binary(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (((uint8_t)*p < 0x20 && *p != '\t') || *p == 0x7f)
			return true;
	}
	return false;
}

static enum trace_line_kind damaged(struct trace_line *out, const char *p, const char *end,
				    const char *why)
{
	trace_start(out);
	out->why = has_binary(p, end) ? "bytes that QEMU does not write" :
		   why ? why : "cut short or mixed with other text";
	return TRACE_LINE_DAMAGED;
}

enum trace_line_kind trace_odd(struct trace_memo *memo, const char *p, const char *end,
			       struct trace_line *out)
{
	const char *line = p, *first, *name, *q;
	size_t len = 0, ignored;

	trace_start(out);
	while ((q = LIT(p, end, "(qemu) ")))
		p = q;
	if (p < end && is_digit(*p) && (q = trace_clock(memo, p, end, out)))
		p = q;
	/* p is now at the event's name, unless there is a context before it */
	bool suspicious = is_suspicious(p, end);

	first = name = suspicious ? find_name(p, end, &len) : NULL;
	if (!name) {
		if (is_cut_name(p, end))
			return damaged(out, line, end, NULL);
		if (suspicious && is_tail(p, end))
			return damaged(out, line, end, "its beginning is missing");
	}
	for (; name; name = find_name(name + len, end, &len)) {
		const char *why = NULL;

		if (name > first || (name > p && !trace_is_context(p, name))) {
			why = "other text before the event";
		} else if (end - line > TRACE_LINE_MAX) {
			why = "longer than any line of QEMU's";
		} else {
			if (trace_body(memo, name, end, out) == end)
				goto event;
			why = out->why;
		}
		/* `vfio_region_read(...) failed: ...` is a message of QEMU and not an event */
		bool message = LIT(name + len, end, "(");

		if ((name == p && !message) || has_marks(name, name + len, end)) {
			if (!why && find_name(name + len, end, &ignored))
				why = "two lines in one";
			return damaged(out, line, end, why);
		}
	}
	trace_start(out);
	return TRACE_LINE_OTHER;
event:
	if (memo && name > p && (size_t)(name - p) <= sizeof(memo->context.text)) {
		memo->context.len = (uint8_t)(name - p);
		memcpy(memo->context.text, p, memo->context.len);
	}
	return TRACE_LINE_EVENT;
}
