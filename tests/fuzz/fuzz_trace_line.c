// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of QEMU's trace. The result for a line does not depend on lines before it, nor on
 * whether its end was known; and each event is possible.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "event/event.h"
#include "input/trace/trace_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(enum trace_line_kind ka, const struct trace_line *a, enum trace_line_kind kb,
		       const struct trace_line *b)
{
	if (ka != kb || (ka == TRACE_LINE_DAMAGED && a->why != b->why))
		abort();
	if (ka != TRACE_LINE_EVENT)
		return;
	if (a->access == TRACE_MEMORY && (a->mr != b->mr || a->cpu != b->cpu))
		abort();
	if (a->time != b->time || a->addr != b->addr || a->value != b->value ||
	    a->name_len != b->name_len || a->access != b->access ||
	    a->region != b->region || a->width != b->width || a->write != b->write ||
	    a->open_end != b->open_end || !a->name != !b->name ||
	    (a->name && memcmp(a->name, b->name, a->name_len) != 0))
		abort();
}

static void check_event(const struct trace_line *l, const char *p, size_t len)
{
	if (l->width != 1 && l->width != 2 && l->width != 4 && l->width != 8)
		abort();
	if (l->width < 8 && l->value >> (8 * l->width))
		abort();
	if (l->addr + l->width < l->addr || len > TRACE_LINE_MAX)
		abort();
	if (l->name && (l->name < p || l->name + l->name_len > p + len))
		abort();
	if (l->access == TRACE_VFIO && !l->name_len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trace_memo memo;	/* from all inputs before, which must not matter */
	const char *p = (const char *)data, *end = p + size, *next;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((nl ? nl : end) - p);
		struct trace_line alone, after, taken;
		enum trace_line_kind kind;

		if (nl && len && p[len - 1] == '\r')
			len--;
		/* a copy, so that a read past it is found */
		char *line = malloc(len ? len : 1);
		if (len)
			memcpy(line, p, len);
		kind = trace_line_parse(NULL, line, len, &alone);
		check_same(kind, &alone, trace_line_parse(&memo, line, len, &after), &after);
		if (kind == TRACE_LINE_EVENT)
			check_event(&alone, line, len);
		if (kind == TRACE_LINE_DAMAGED && !alone.why)
			abort();
		if (nl) {
			check_same(kind, &alone, trace_line_take(&memo, p, end, &taken, &next),
				   &taken);
			if (next != nl + 1)
				abort();
		}
		free(line);
		p = nl ? nl + 1 : end;
	}
	return 0;
}
