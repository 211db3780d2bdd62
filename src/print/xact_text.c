// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/xact_text.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/text.h"
#include "codec/decode.h"
#include "event/event.h"
#include "hda/regfields.h"
#include "print/render.h"
#include "print/xact_text_int.h"

/* Column of the "=" before responses, counted from the verb's name. */
#define RESP_COLUMN 56

static const char two_digits[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

/* Writes seconds and microseconds in at least 12 columns, from the last digit to the first. */
static char *put_seconds(char *p, int64_t ns)
{
	char tmp[32], *end = tmp + sizeof(tmp), *q = end;
	uint64_t us = (ns < 0 ? 0u - (uint64_t)ns : (uint64_t)ns) / 1000, sec = us / 1000000;
	uint32_t fraction = (uint32_t)(us - sec * 1000000);

	memset(tmp, ' ', sizeof(tmp));
	for (unsigned int i = 0; i < 3; i++, fraction /= 100)
		memcpy(q -= 2, &two_digits[2 * (fraction % 100)], 2);
	*--q = '.';
	do
		*--q = (char)('0' + sec % 10);
	while (sec /= 10);
	if (ns < 0)
		*--q = '-';
	if (end - q <= 12)
		return (char *)memcpy(p, end - 12, 12) + 12;
	memcpy(p, q, (size_t)(end - q));
	return p + (end - q);
}

char *text_put_time(struct text_sink *s, char *p, int64_t t, uint64_t index)
{
	if (s->opt.time == TEXT_TIME_NONE)
		return p;
	if (s->opt.time == TEXT_TIME_INDEX) {
		char tmp[20];
		size_t n = (size_t)(text_dec(tmp, index) - tmp);

		if (n < 8)
			p = put_spaces(p, (unsigned int)(8 - n));
		memcpy(p, tmp, n);
		p += n;
	} else if (t == EVENT_TIME_NONE) {
		p = put_spaces(p, 12);
	} else {
		int64_t base = s->base.origin;

		if (s->opt.time == TEXT_TIME_DELTA)
			base = s->before;
		if (s->opt.time == TEXT_TIME_ABSOLUTE)
			base = 0;
		if (base == EVENT_TIME_NONE)
			base = t;
		/* hostile times may be far apart: subtract without overflow */
		p = put_seconds(p, (int64_t)((uint64_t)t - (uint64_t)base));
		s->before = t;
	}
	*p++ = ' ';
	return p;
}

/* Controller names come from outside, so they are made safe and short. */
char *text_put_ctrl(struct text_sink *s, char *p, uint16_t ctrl)
{
	const char *name = s->opt.ctrl_name ? s->opt.ctrl_name(s->opt.ctrl_arg, ctrl) : NULL;

	if (!s->opt.show_ctrl && !ctrl)
		return p;
	if (!name || !*name) {
		p = put_lit(p, "ctrl");
		p = text_dec(p, ctrl);
	} else {
		buf_clear(&s->scratch);
		text_add_safe(&s->scratch, name, strnlen(name, 64));
		if (s->scratch.len)
			memcpy(p, s->scratch.data, s->scratch.len);
		p += s->scratch.len;
	}
	*p++ = ' ';
	return p;
}

static char *put_name(char *p, const struct decoded *d)
{
	if (d->name)
		return put_str(p, d->name);
	p = put_lit(p, "VERB_");
	return text_hex(p, d->verb.wide ? d->verb.id >> 8 : d->verb.id, d->verb.wide ? 1 : 3);
}

static char *put_verb(struct text_sink *s, char *p, const struct xact *x, const struct decoded *d)
{
	if (!x->has_verb) {
		p = text_dec(p, x->cad);
		p = put_lit(p, ":??  ");
		p = text_put_colour(s, p, COLOUR_WARN);
		p = put_lit(p, "a verb that could not be read");
		return text_put_colour(s, p, COLOUR_OFF);
	}
	if (d->verb.cad < 10)
		*p++ = (char)('0' + d->verb.cad);
	else
		p = text_dec(p, d->verb.cad);
	*p++ = ':';
	p = text_hex(p, d->verb.nid, 2);
	p = put_lit(p, "  ");
	if (s->opt.raw) {
		p = text_hex(p, x->verb, 8);
		p = put_lit(p, "  ");
	}
	char *start = p;
	unsigned int colour_bytes = 0;

	if (s->opt.colour) {
		const char *colour = d->dir == DIR_GET ? COLOUR_GET : COLOUR_SET;

		p = put_str(p, colour);
		p = put_name(p, d);
		p = put_lit(p, COLOUR_OFF);
		colour_bytes = (unsigned int)(strlen(colour) + strlen(COLOUR_OFF));
	} else {
		p = put_name(p, d);
	}
	*p++ = '(';
	if (d->req.n || d->req.word || d->dir != DIR_GET)
		p = put_fields(p, &d->req);
	*p++ = ')';
	if (!d->has_resp && x->certainty != CERT_UNANSWERED)
		return p;

	unsigned int len = (unsigned int)(p - start) - colour_bytes;
	if (len < s->column)
		p = put_spaces(p, s->column - len);
	if (!d->has_resp)
		return put_lit(p, " = ?");
	p = put_lit(p, " = ");
	p = text_put_colour(s, p, COLOUR_RESP);
	p = put_fields(p, &d->resp);
	return text_put_colour(s, p, COLOUR_OFF);
}

static char *put_response(struct text_sink *s, char *p, const struct xact *x,
			  const struct decoded *d)
{
	p = text_dec(p, x->cad);
	p = put_lit(p, ":    ");
	p = text_put_colour(s, p, x->kind == XACT_UNSOL ? COLOUR_MARK : COLOUR_WARN);
	p = put_str(p, xact_kind_name(x->kind));
	p = text_put_colour(s, p, COLOUR_OFF);
	*p++ = ' ';
	return put_fields(p, &d->resp);
}

static char *put_register_field(char *p, const struct reg_value *v)
{
	const struct reg_field *f = v->field;

	if (v->text)
		return put_str(p, v->text);
	p = put_str(p, f->name);
	if (f->kind == REG_FLAG)
		return p;
	*p++ = ' ';
	switch (f->kind) {
	case REG_HEX:
	case REG_BASE:
		return put_hex_min(p, v->value);
	case REG_PLUS1:
	case REG_FUNC:
		return put_signed(p, v->number);
	default:
		return text_dec(p, v->value);
	}
}

/* Writes "CORBWP = 0x5: last 5" or "SD4CTL[2] = 0x40: input, stream 4". */
static char *put_register(char *p, const struct reg_part *r, bool write)
{
	const char *sep = ": ";

	if (!r->name) {
		p = put_lit(p, "register 0x");
		p = put_hex_pad(p, r->offset, 2);
	} else if (r->stream < 0) {
		p = put_str(p, r->name);
	} else {
		p = put_lit(p, "SD");
		p = text_dec(p, (uint32_t)r->stream);
		p = put_str(p, r->name + 2);
	}
	if (r->bytes != r->width) {
		*p++ = '[';
		p = text_dec(p, r->first);
		if (r->bytes > 1) {
			*p++ = '-';
			p = text_dec(p, (uint32_t)(r->first + r->bytes - 1));
		}
		*p++ = ']';
	}
	p = write ? put_lit(p, " = ") : put_lit(p, " is ");
	p = put_hex_min(p, r->value >> 8 * r->first);
	for (unsigned int i = 0; i < r->n; i++) {
		const struct reg_value *v = &r->f[i];

		if (v->field->kind == REG_FLAG && !v->value)
			continue;
		p = put_str(p, sep);
		sep = ", ";
		p = put_register_field(p, v);
	}
	if (r->rest && r->n) {
		p = put_str(p, sep);
		p = put_lit(p, "unknown ");
		p = put_hex_min(p, r->rest);
	}
	return p;
}

/* Writes "bar2+0x320 = 0x104 [2 bytes]" or "bar2+0x210 is 0"; for BAR 0 by register and field. */
static char *put_mmio(char *p, const struct xact *x)
{
	if (x->bar == 0) {
		struct reg_part part[REG_PARTS_MAX];
		unsigned int n = reg_split(x->offset, x->width, x->count, part);

		for (unsigned int i = 0; i < n; i++) {
			if (i)
				p = put_lit(p, "; ");
			p = put_register(p, &part[i], x->write);
		}
		return p;
	}
	p = put_lit(p, "bar");
	p = text_dec(p, x->bar);
	p = put_lit(p, "+0x");
	p = put_hex_pad(p, x->offset, 3);
	p = x->write ? put_lit(p, " = ") : put_lit(p, " is ");
	if (x->count > UINT32_MAX) {
		p = put_lit(p, "0x");
		p = text_hex(p, x->count, 16);
	} else {
		p = put_hex_min(p, (uint32_t)x->count);
	}
	p = put_lit(p, "  [");
	p = text_dec(p, x->width);
	return x->width == 1 ? put_lit(p, " byte]") : put_lit(p, " bytes]");
}

/* Writes a line between verbs; its text is from outside and may be long. */
static struct err *put_between(struct text_sink *s, char *p, const struct xact *x)
{
	struct err *e = NULL;

	p = text_put_colour(s, p, x->kind == XACT_MARK ? COLOUR_MARK : COLOUR_WARN);
	p = put_lit(p, "--- ");
	p = put_str(p, x->kind == XACT_RESET ? "controller reset" : xact_kind_name(x->kind));
	if (x->kind == XACT_GAP && x->count) {
		p = put_lit(p, " of ");
		p = text_dec(p, x->count);
	}
	if (x->text_len) {
		p = put_lit(p, ": ");
		out_took(&s->out, p);
		buf_clear(&s->scratch);
		text_add_safe(&s->scratch, x->text, x->text_len);
		e = buf_err(&s->scratch);
		if (!e)
			e = out_add(&s->out, s->scratch.data, s->scratch.len);
		if (!e)
			e = out_room(&s->out, &p);
		if (e)
			return e;
	}
	p = text_put_colour(s, p, COLOUR_OFF);
	*p++ = '\n';
	out_took(&s->out, p);
	return text_fit_line(s);
}

char *text_put_certainty(const struct text_sink *s, char *p, unsigned int certainty)
{
	if (certainty == CERT_EXACT)
		return p;
	p = put_lit(p, "  ");
	p = text_put_colour(s, p, COLOUR_WARN);
	*p++ = '[';
	p = put_str(p, certainty_name(certainty));
	*p++ = ']';
	return text_put_colour(s, p, COLOUR_OFF);
}

void text_begin_line(struct text_sink *s, const char *p)
{
	s->line = (size_t)(p - s->out.buf);
}

/* The length of the colour sequence at @p; 0 = none. */
static size_t escape(const char *p, const char *end)
{
	const char *q = p;

	if (q == end || *q != '\033')
		return 0;
	while (q < end && *q != 'm')
		q++;
	return q < end ? (size_t)(q - p) + 1 : 0;
}

/* How many bytes of @p fit in @width columns; preferably the line breaks after a comma. */
static size_t fitting(const char *p, const char *end, unsigned int width)
{
	size_t comma = 0, space = 0;
	unsigned int column = 0;

	for (const char *q = p; q < end;) {
		size_t n = escape(q, end);

		if (n) {
			q += n;
			continue;
		}
		n = text_char(q, (size_t)(end - q));
		column += text_columns(q, n);
		if (column > width)
			return comma > space / 2 ? comma : space ? space : (size_t)(q - p);
		q += n;
		if (q < end && *q == ' ') {
			space = (size_t)(q - p) + 1;
			if (q[-1] == ',' || q[-1] == ';')
				comma = space;
		}
	}
	return (size_t)(end - p);
}

struct err *text_fit_line(struct text_sink *s)
{
	const char *p, *end;
	unsigned int width = s->opt.width;
	struct err *e;

	/* a part of the line was already written out, so it cannot be wrapped */
	if (width <= s->indent + 20 || s->out.len <= s->line)
		return NULL;
	p = s->out.buf + s->line;
	end = s->out.buf + s->out.len - 1;	/* without the newline */
	if (fitting(p, end, width) == (size_t)(end - p))
		return NULL;
	buf_clear(&s->scratch);
	for (bool first = true; p < end; first = false) {
		size_t n = fitting(p, end, first ? width : width - s->indent);

		for (unsigned int i = 0; !first && i < s->indent; i++)
			buf_addc(&s->scratch, ' ');
		buf_add(&s->scratch, p, n);
		/* no blanks at the end of a line */
		while (s->scratch.len && s->scratch.data[s->scratch.len - 1] == ' ')
			s->scratch.len--;
		buf_addc(&s->scratch, '\n');
		p += n;
	}
	e = buf_err(&s->scratch);
	if (e)
		return e;
	s->out.len = s->line;
	return out_add(&s->out, s->scratch.data, s->scratch.len);
}

static struct err *text_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct text_sink *s = (struct text_sink *)base;
	char *p;
	struct err *e = text_end_line(s);

	if (!e)
		e = out_room(&s->out, &p);
	if (e)
		return e;
	text_begin_line(s, p);
	p = text_put_time(s, p, x->t_verb != EVENT_TIME_NONE ? x->t_verb : x->t_resp, x->index);
	p = text_put_ctrl(s, p, x->ctrl);
	if (xact_is_verb(x))
		p = put_verb(s, p, x, d);
	else if (x->kind == XACT_UNSOL || x->kind == XACT_SPURIOUS)
		p = put_response(s, p, x, d);
	else if (x->kind == XACT_MMIO)
		p = put_mmio(p, x);
	else
		return put_between(s, p, x);

	if (x->kind == XACT_IMMEDIATE)
		p = put_lit(p, "  [immediate]");
	if (x->kind == XACT_MMIO && x->inferred)
		p = put_lit(p, "  [inferred]");
	p = text_put_certainty(s, p, x->certainty);
	*p++ = '\n';
	out_took(&s->out, p);
	return text_fit_line(s);
}

static struct err *text_again(struct sink *base, const struct xact *last, uint64_t more)
{
	struct text_sink *s = (struct text_sink *)base;
	char *p;
	struct err *e = text_end_line(s);

	if (!e)
		e = out_room(&s->out, &p);
	if (e)
		return e;
	p = text_put_time(s, p, last->t_verb, last->index);
	p = text_put_ctrl(s, p, last->ctrl);
	p = put_lit(p, "... the same ");
	p = text_dec(p, more);
	p = put_str(p, more == 1 ? " more time\n" : " more times\n");
	out_took(&s->out, p);
	return NULL;
}

static struct err *text_flush(struct sink *base)
{
	struct text_sink *s = (struct text_sink *)base;
	struct err *e = text_end_line(s);

	return e ? e : out_flush(&s->out);
}

static void text_destroy(struct sink *base)
{
	struct text_sink *s = (struct text_sink *)base;

	out_deinit(&s->out);
	buf_deinit(&s->scratch);
	free(s);
}

struct err *text_sink_create(const struct text_options *opt, struct sink **out)
{
	static const struct sink_ops ops = {
		.put = text_put, .effect = text_effect, .again = text_again, .flush = text_flush,
		.destroy = text_destroy,
	};
	struct text_sink *s = calloc(1, sizeof(*s));
	struct err *e;

	*out = NULL;
	if (!s)
		return err_nomem();
	s->base.ops = &ops;
	s->opt = *opt;
	s->base.origin = s->before = EVENT_TIME_NONE;
	s->column = RESP_COLUMN;
	s->indent = opt->time == TEXT_TIME_NONE ? 8 : opt->time == TEXT_TIME_INDEX ? 17 : 21;
	if (opt->width && opt->width < 2 * RESP_COLUMN)
		s->column = opt->width / 2 > 24 ? opt->width / 2 - 24 : 0;
	e = out_init(&s->out, opt->fd);
	if (e) {
		text_destroy(&s->base);
		return e;
	}
	*out = &s->base;
	return NULL;
}
