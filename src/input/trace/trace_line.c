// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/trace/trace_scan.h"

#include "base/bits.h"

/* The value of a digit plus one; 0 = not a digit. printf's %x writes lower case only. */
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

static bool is_printable(const char *p, const char *end)
{
	for (; p < end; p++) {
		if ((uint8_t)*p < 0x20 || *p == 0x7f)
			return false;
	}
	return true;
}

/*
 * `vfio-user:PATH` of QEMU 10.1 and later. A path is any text and may contain `:region` and
 * parentheses, so it ends at the last `:region` of the line. If it contains an event's whole
 * name, another line was mixed into this one.
 */
static const char *vfio_user_name(const char *p, const char *end)
{
	const char *path = LIT(p, end, "vfio-user:"), *last = NULL;

	for (const char *q = path; q && (q = memmem(q, (size_t)(end - q), ":region", 7)); q += 7)
		last = q;
	return last && last > path && last - path <= TRACE_SOCKET_MAX && is_printable(path, last) &&
	       !trace_has_event(path, last) ? last : NULL;
}

/* `VFIO user <PATH>` of the client before it was merged into QEMU. */
static const char *old_vfio_user_name(const char *p, const char *end)
{
	const char *path = LIT(p, end, "VFIO user <");
	const char *stop = path ? memchr(path, '>', (size_t)(end - path)) : NULL;

	return stop && is_printable(path, stop) && !memchr(path, '<', (size_t)(stop - path)) ?
	       stop + 1 : NULL;
}

/* A PCI address, an mdev's UUID, VFIO_FD%d, a user's id, or a vfio-user socket. */
static const char *device_name(const char *p, const char *end)
{
	const char *q = pci_name(p, end);

	if (q || (q = vfio_user_name(p, end)) || (q = old_vfio_user_name(p, end)))
		return q;
	for (q = p; q < end && is_id(*q);)
		q++;
	return q > p ? q : NULL;
}

/* The text after the event's name and opening parenthesis, up to and with `+0x`. */
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
	trace_remember(h->text, h->mask, sizeof(h->text), line, len);
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

			if (!h->len || !lit_n(p, end, h->text, h->len))
				continue;
			out->write = write;
			if (trace_vfio_numbers(p + h->len, end, out) != end)
				break;
			out->same = h->same;
			out->name = p + h->name_at;
			out->name_len = h->name_len;
			out->region = h->region;
			return end;
		}
		/* a socket's path may begin with another one's name and be longer */
		out->why = NULL;
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

/* 0x%x, or 0 without a prefix, as %#x prints zero. */
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
		/* QEMU traces the device's value before it cuts it to the access's width */
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

/* Reads a usual line from its start to its end. */
static const char *usual(struct trace_memo *memo, const char *p, const char *end,
			 struct trace_line *out)
{
	trace_start(out);
	if (p < end && is_digit(*p) && !(p = trace_clock(memo, p, end, out)))
		return NULL;
	if (memo && memo->context.len) {
		const char *q = lit_n(p, end, memo->context.text, memo->context.len);

		p = q ? q : p;
	}
	return trace_body(memo, p, end, out);
}

/* --- the same, fast ------------------------------------------------------- */

/*
 * The fast path for a line that is like those before it, if a line end is known to follow (so
 * that no number runs past it) and FAST_BYTES can be read: the line's start is compared with
 * a remembered one, the rest is read several bytes at a time. Anything unexpected is left to
 * the careful functions above.
 */
#define FAST_BYTES (TRACE_CLOCK_MAX + TRACE_HEAD_MAX + 64)

typedef uint64_t vec __attribute__((vector_size(16)));

/* Which of the 16 bytes selected by the mask differ. */
static inline vec differ(const char *p, const char *text, const uint8_t *mask, size_t at)
{
	vec a, b, m;

	memcpy(&a, p + at, sizeof(a));
	memcpy(&b, text + at, sizeof(b));
	memcpy(&m, mask + at, sizeof(m));
	return (a ^ b) & m;
}

static inline bool is_clock(const char *p, const struct trace_clock *c)
{
	vec d = differ(p, c->text, c->mask, 0) | differ(p, c->text, c->mask, 16);

	return c->len && !(d[0] | d[1]);
}

static inline bool is_head(const char *p, const struct trace_head *h)
{
	vec d = differ(p, h->text, h->mask, 0) | differ(p, h->text, h->mask, 16) |
		differ(p, h->text, h->mask, 32);

	if (h->len > 48)	/* a PCI address takes less */
		d |= differ(p, h->text, h->mask, 48) | differ(p, h->text, h->mask, 64);
	return h->len && !(d[0] | d[1]);
}

/* A zero is one digit; a digit after it fails when the next text is compared. */
static inline const char *fast_hex(const char *p, uint64_t *value)
{
	const char *first = p;
	unsigned int d = trace_hex_plus_1[(uint8_t)*p++];
	uint64_t v;

	*value = 0;
	if (d <= 1)
		return d ? p : NULL;
	for (v = d - 1; (d = trace_hex_plus_1[(uint8_t)*p]); p++)
		v = v << 4 | (d - 1);
	*value = v;
	return p - first <= 16 ? p : NULL;
}

static inline bool is_text(const char *p, const char *text, size_t n)
{
	return memcmp(p, text, n) == 0;
}

static inline const char *fast_numbers(const char *p, struct trace_line *out, bool write)
{
	static const uint8_t widths[256] = { ['1'] = 1, ['2'] = 2, ['4'] = 4, ['8'] = 8 };
	const char *number = NULL;
	unsigned int bytes;

	if (!(p = fast_hex(p, &out->addr)))
		return NULL;
	if (write) {
		if (!is_text(p, ", 0x", 4) || !(p = fast_hex(p + 4, &out->value)) ||
		    !is_text(p, ", ", 2) || p[3] != ')')
			return NULL;
		bytes = widths[(uint8_t)p[2]];
		p += 4;
	} else {
		if (!is_text(p, ", ", 2) || !is_text(p + 3, ") = ", 4) || !is_text(p + 7, "0x", 2))
			return NULL;
		bytes = widths[(uint8_t)p[2]];
		number = p + 9;
		if (!(p = fast_hex(number, &out->value)))
			return NULL;
	}
	if (!bytes || !fits(out->value, bytes) || out->addr > UINT64_MAX - 8)
		return NULL;
	out->width = (uint8_t)bytes;
	out->open_end = !write && out->value && p - number < 2 * (ptrdiff_t)bytes;
	return p;
}

static inline const char *fast(const struct trace_memo *memo, const char *p, struct trace_line *out)
{
	const struct trace_head *h;
	bool write;

	out->time = EVENT_TIME_NONE;
	if (*p != 'v') {
		const struct trace_clock *c = &memo->clock;
		uint32_t hi, mid, lo;

		if (!is_clock(p, c))
			return NULL;
		p += c->len;
		hi = two_digits(p);
		mid = two_digits(p + 2);
		lo = two_digits(p + 4);
		if (hi > 99 || mid > 99 || lo > 99 || p[6] != (c->iso ? 'Z' : ':'))
			return NULL;
		out->time = c->time + ((hi * 100 + mid) * 100 + lo) * 1000ll;
		p += 7;
		if (c->iso && *p++ != ' ')
			return NULL;
	}
	write = p[sizeof("vfio_region_") - 1] == 'w';
	h = memo->heads[write];
	if (!is_head(p, h) && !is_head(p, ++h))
		return NULL;
	out->name = p + h->name_at;
	out->name_len = h->name_len;
	out->same = h->same;
	out->access = TRACE_VFIO;
	out->region = h->region;
	out->write = write;
	return fast_numbers(p + h->len, out, write);
}

/* --- lines ----------------------------------------------------------------- */

enum trace_line_kind trace_line_parse(struct trace_memo *memo, const void *line, size_t len,
				      struct trace_line *out)
{
	const char *p = line, *end = p + len;

	if (len <= TRACE_LINE_MAX && usual(memo, p, end, out) == end)
		return TRACE_LINE_EVENT;
	return trace_odd(memo, p, end, out);
}

static enum trace_line_kind take_careful(struct trace_memo *memo, const char *p, const char *end,
					 struct trace_line *out, const char **next)
{
	const char *stop = memchr(p, '\n', (size_t)(end - p));

	*next = stop + 1;
	if (stop > p && stop[-1] == '\r')
		stop--;
	return trace_line_parse(memo, p, (size_t)(stop - p), out);
}

enum trace_line_kind trace_line_take(struct trace_memo *memo, const char *p, const char *end,
				     struct trace_line *out, const char **next)
{
	if (end - p >= (ptrdiff_t)FAST_BYTES) {
		const char *stop = fast(memo, p, out);

		if (stop && *stop == '\n') {
			*next = stop + 1;
			return TRACE_LINE_EVENT;
		}
	}
	return take_careful(memo, p, end, out, next);
}
