// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/trace_scan.h"

#include "base/bits.h"

/* One more than the digit's value: 0 is no digit. printf's %x writes lower case only. */
const uint8_t trace_hex_plus_1[256] = {
	['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

const char trace_bad_number[] = "a number that QEMU does not write";
static const char bad_width[] = "an impossible width";
static const char bad_value[] = "a value too big for its width";

static inline const char *width(const char *p, const char *end, struct trace_line *out)
{
	if (p == end)
		return NULL;
	if (*p != '1' && *p != '2' && *p != '4' && *p != '8') {
		if (is_digit(*p))
			out->why = bad_width;
		return NULL;
	}
	out->width = (uint8_t)(*p++ - '0');
	if (p < end && is_digit(*p)) {
		out->why = bad_width;
		return NULL;
	}
	return p;
}

static inline bool fits(uint64_t value, unsigned int bytes)
{
	return bytes >= 8 || value >> (8 * bytes) == 0;
}

/* --- the body ----------------------------------------------------------- */

/* From the offset's first digit to the end of a vfio line. */
const char *trace_vfio_numbers(const char *p, const char *end, struct trace_line *out)
{
	p = hex(p, end, &out->addr, out);
	if (!p || !(p = LIT(p, end, ", ")))
		return NULL;
	if (out->write) {
		if (!(p = LIT(p, end, "0x")) || !(p = hex(p, end, &out->value, out)) ||
		    !(p = LIT(p, end, ", ")) || !(p = width(p, end, out)) ||
		    !(p = LIT(p, end, ")")))
			return NULL;
		out->open_end = false;
	} else {
		const char *number;

		if (!(p = width(p, end, out)) || !(p = LIT(p, end, ") = 0x")))
			return NULL;
		number = p;
		if (!(p = hex(p, end, &out->value, out)))
			return NULL;
		out->open_end = *number != '0' && p - number < 2 * out->width;
	}
	if (!fits(out->value, out->width)) {
		out->why = bad_value;
		return NULL;
	}
	if (out->addr + out->width < out->addr) {
		out->why = trace_bad_number;
		return NULL;
	}
	return p;
}

static inline bool is_hex(char c)
{
	return trace_hex_plus_1[(uint8_t)c] != 0;
}

/* %04x:%02x:%02x.%x; a domain may be longer than four digits (VMD). */
static const char *pci_name(const char *p, const char *end)
{
	const char *first = p;

	while (p < end && is_hex(*p))
		p++;
	if (p - first < 4 || p - first > 8 || end - p < 8)
		return NULL;
	return p[0] == ':' && is_hex(p[1]) && is_hex(p[2]) && p[3] == ':' && is_hex(p[4]) &&
	       is_hex(p[5]) && p[6] == '.' && is_hex(p[7]) ? p + 8 : NULL;
}

/* `VFIO user <PATH>` of QEMU's vfio-user client; there is no quoting in it. */
static const char *vfio_user_name(const char *p, const char *end)
{
	p = LIT(p, end, "VFIO user <");
	while (p && p < end && *p != '>') {
		if (*p < 0x20 || *p == 0x7f || *p == '<')
			return NULL;
		p++;
	}
	return p && p < end ? p + 1 : NULL;
}

/* A PCI address, an mdev's UUID, VFIO_FD%d, an id of the user's, a vfio-user socket. */
static const char *device_name(const char *p, const char *end)
{
	const char *q = pci_name(p, end);

	if (q || (q = vfio_user_name(p, end)))
		return q;
	for (q = p; q < end && is_id(*q);)
		q++;
	return q > p ? q : NULL;
}

/* After the event's name and opening parenthesis, up to and with `+0x`. */
static const char *vfio_place(const char *p, const char *end, bool bar, struct trace_line *out)
{
	const char *name = p, *q;
	uint64_t region;

	if (!(p = device_name(p, end)))
		return NULL;
	out->name = name;
	out->name_len = (uint32_t)(p - name);
	q = LIT(p, end, ":region");
	if (!q && bar)
		q = LIT(p, end, ":BAR");
	if (!q || !(p = dec(q, end, 5, &region)) || !(p = LIT(p, end, "+0x")))
		return NULL;
	if (region > UINT8_MAX) {
		out->why = "an impossible region";
		return NULL;
	}
	out->region = (uint8_t)region;
	return p;
}

static void remember_head(struct trace_memo *memo, const char *line, const char *p,
			  struct trace_line *out)
{
	struct trace_head *h = &memo->heads[out->write][memo->turn[out->write]];
	size_t len = (size_t)(p - line);

	if (len > sizeof(h->text))
		return;
	memo->turn[out->write] = !memo->turn[out->write];
	if (++memo->serial == 0)
		memo->serial = 1;
	memcpy(h->text, line, len);
	h->len = (uint8_t)len;
	h->name_at = (uint8_t)(out->name - line);
	h->name_len = (uint8_t)out->name_len;
	h->region = out->region;
	h->same = out->same = memo->serial;
}

static const char *vfio_body(struct trace_memo *memo, const char *p, const char *end,
			     struct trace_line *out)
{
	const char *line = p;

	out->access = TRACE_VFIO;
	if (memo && end - p > 16) {
		bool write = p[sizeof("vfio_region_") - 1] == 'w';

		for (unsigned int i = 0; i < ARRAY_SIZE(memo->heads[0]); i++) {
			const struct trace_head *h = &memo->heads[write][i];

			if (!h->len || end - p < h->len || memcmp(p, h->text, h->len) != 0)
				continue;
			out->write = write;
			out->same = h->same;
			out->name = p + h->name_at;
			out->name_len = h->name_len;
			out->region = h->region;
			return trace_vfio_numbers(p + h->len, end, out);
		}
	}
	bool bar = false;

	out->write = true;
	if ((p = LIT(line, end, "vfio_region_write  ("))) {
	} else if ((p = LIT(line, end, "vfio_region_read  ("))) {
		out->write = false;
	} else if ((p = LIT(line, end, "vfio_bar_write  (")) ||
		   (p = LIT(line, end, "vfio_bar_write("))) {
		bar = true;
	} else if ((p = LIT(line, end, "vfio_bar_read  (")) ||
		   (p = LIT(line, end, "vfio_bar_read("))) {
		bar = true;
		out->write = false;
	} else {
		return NULL;
	}
	p = vfio_place(p, end, bar, out);
	if (p && memo && !bar)
		remember_head(memo, line, p, out);
	return p ? trace_vfio_numbers(p, end, out) : NULL;
}

/* 0x%x, or the bare 0 that %#x makes of zero. */
static const char *alt_hex(const char *p, const char *end, uint64_t *value,
			   struct trace_line *out)
{
	const char *q = LIT(p, end, "0x");

	if (q)
		return hex(q, end, value, out);
	*value = 0;
	return LIT(p, end, "0");
}

/* From ` value ` to the end of the line. */
const char *trace_memory_value(const char *p, const char *end, struct trace_line *out)
{
	const char *q;

	if (!(p = LIT(p, end, " value ")) || !(p = alt_hex(p, end, &out->value, out)) ||
	    !(p = LIT(p, end, " size ")) || !(p = width(p, end, out)))
		return NULL;
	out->open_end = true;
	if ((q = LIT(p, end, " name '"))) {
		out->name = q;
		while (q < end && *q >= 0x20 && *q != 0x7f && *q != '\'')
			q++;
		if (q == end || *q != '\'')
			return NULL;
		out->name_len = (uint32_t)(q - out->name);
		out->open_end = false;
		p = q + 1;
	}
	return p;
}

static const char *memory_body(const char *p, const char *end, struct trace_line *out)
{
	const char *q;
	uint64_t cpu;

	out->access = TRACE_MEMORY;
	out->write = true;
	if (!(q = LIT(p, end, "memory_region_ops_write "))) {
		out->write = false;
		if (!(q = LIT(p, end, "memory_region_ops_read ")))
			return NULL;
	}
	p = q;
	if ((q = LIT(p, end, "cpu "))) {
		if ((p = LIT(q, end, "-1 "))) {
			out->cpu = -1;
		} else {
			if (!(p = dec(q, end, 9, &cpu)) || !(p = LIT(p, end, " ")))
				return NULL;
			out->cpu = (int32_t)cpu;
		}
	}
	if (!(p = LIT(p, end, "mr ")))
		return NULL;
	if ((q = LIT(p, end, "(nil)")))
		p = q;
	else if (!(p = LIT(p, end, "0x")) || !(p = hex(p, end, &out->mr, out)))
		return NULL;
	if (!(p = LIT(p, end, " addr ")) || !(p = alt_hex(p, end, &out->addr, out)) ||
	    !(p = trace_memory_value(p, end, out)))
		return NULL;
	if (!fits(out->value, out->width)) {
		/* QEMU traces what the device gave before it cuts it to the access's width */
		if (out->write) {
			out->why = bad_value;
			return NULL;
		}
		out->value &= bits_mask(8u * out->width);
	}
	if (out->addr + out->width < out->addr) {
		out->why = trace_bad_number;
		return NULL;
	}
	return p;
}

const char *trace_body(struct trace_memo *memo, const char *p, const char *end,
		       struct trace_line *out)
{
	if (p == end)
		return NULL;
	if (*p == 'v')
		return vfio_body(memo, p, end, out);
	return *p == 'm' ? memory_body(p, end, out) : NULL;
}

/* --- the line ----------------------------------------------------------- */

/* The usual line, from its start to wherever it ends. */
static inline const char *usual(struct trace_memo *memo, const char *p, const char *end,
				struct trace_line *out)
{
	trace_start(out);
	if (p < end && is_digit(*p) && !(p = trace_clock(memo, p, end, out)))
		return NULL;
	if (memo && memo->context.len) {
		const struct trace_text *c = &memo->context;
		const char *q = lit_n(p, end, c->text, c->len);

		p = q ? q : p;
	}
	return trace_body(memo, p, end, out);
}

enum trace_line_kind trace_line_parse(struct trace_memo *memo, const void *line, size_t len,
				      struct trace_line *out)
{
	const char *p = line, *end = p + len;

	if (len <= TRACE_LINE_MAX && usual(memo, p, end, out) == end)
		return TRACE_LINE_EVENT;
	return trace_odd(memo, p, end, out);
}

enum trace_line_kind trace_line_take(struct trace_memo *memo, const char *p, const char *end,
				     struct trace_line *out, const char **next)
{
	const char *stop = usual(memo, p, end, out);

	if (stop && stop < end && stop - p <= TRACE_LINE_MAX) {
		if (*stop == '\n') {
			*next = stop + 1;
			return TRACE_LINE_EVENT;
		}
		if (*stop == '\r' && end - stop > 1 && stop[1] == '\n') {
			*next = stop + 2;
			return TRACE_LINE_EVENT;
		}
	}
	stop = memchr(p, '\n', (size_t)(end - p));
	*next = stop + 1;
	if (stop > p && stop[-1] == '\r')
		stop--;
	return trace_odd(memo, p, stop, out);
}
