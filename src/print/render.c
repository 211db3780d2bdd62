// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/render.h"

#include <math.h>
#include <stdio.h>

char *put_spaces(char *p, unsigned int n)
{
	memset(p, ' ', n);
	return p + n;
}

static unsigned int hex_digits(uint32_t v)
{
	return v ? (unsigned int)(35 - __builtin_clz(v)) / 4 : 1;
}

char *put_hex_min(char *p, uint32_t v)
{
	if (!v) {
		*p++ = '0';
		return p;
	}
	p = put_lit(p, "0x");
	return text_hex(p, v, hex_digits(v));
}

char *put_hex_pad(char *p, uint32_t v, unsigned int digits)
{
	unsigned int n = hex_digits(v);

	return text_hex(p, v, n > digits ? n : digits);
}

char *put_signed(char *p, int64_t v)
{
	if (v < 0)
		*p++ = '-';
	return text_dec(p, v < 0 ? 0u - (uint64_t)v : (uint64_t)v);
}

char *put_fixed(char *p, int64_t v, uint32_t one, unsigned int digits)
{
	uint64_t u = v < 0 ? 0u - (uint64_t)v : (uint64_t)v;
	uint64_t frac = u % one;

	if (v < 0)
		*p++ = '-';
	p = text_dec(p, u / one);
	*p++ = '.';
	for (unsigned int i = digits; i-- > 0; frac /= 10)
		p[i] = (char)('0' + frac % 10);
	return p + digits;
}

char *put_float(char *p, uint32_t ieee)
{
	float f;

	memcpy(&f, &ieee, sizeof(f));
	if (!isfinite(f)) {
		p = put_lit(p, "float ");
		return put_hex_pad(p, ieee, 8);
	}
	p += sprintf(p, "%.7g", (double)f);
	if (f > -1e6f && f < 1e6f && f == (float)(int)f)
		p = put_lit(p, ".0");
	return p;
}

static char *put_hex_field(char *p, const struct field *f)
{
	p = put_lit(p, "0x");
	return text_hex(p, f->value, (f->desc->hi - f->desc->lo + 4u) / 4);
}

static char *put_number(char *p, const struct field *f)
{
	switch (f->desc->unit) {
	case UNIT_DB:
		if (f->number > 0)
			*p++ = '+';
		p = put_fixed(p, f->number, 100, 2);
		return put_lit(p, " dB");
	case UNIT_HZ:
		p = put_signed(p, f->number);
		return put_lit(p, " Hz");
	case UNIT_NID:
	case UNIT_HEX:
		p = put_lit(p, "0x");
		return put_hex_pad(p, (uint32_t)f->number, 2);
	default:
		return put_signed(p, f->number);
	}
}

char *put_value(char *p, const struct field *f)
{
	if (f->text)
		return put_str(p, f->text);
	switch (f->desc->kind) {
	case FIELD_HEX:
	case FIELD_NID:
		return put_hex_field(p, f);
	case FIELD_NUMBER:
		return put_number(p, f);
	default:
		return text_dec(p, f->value);
	}
}

bool field_shown(const struct field *f)
{
	return f->value || (f->desc->kind != FIELD_FLAG && !f->desc->quiet);
}

/* True if the value alone describes the whole word, as in SET_POWER_STATE(D0). */
static bool alone(const struct fields *fs)
{
	if (fs->n != 1 || fs->rest || fs->f[0].desc->lo)
		return false;
	switch (fs->f[0].desc->kind) {
	case FIELD_WORD:
		return fs->f[0].text;
	case FIELD_HEX:
	case FIELD_DEC:
		return true;
	default:
		return false;
	}
}

/* As put_str(), for a string of a few bytes: faster than strlen() first. */
static inline char *put_short(char *p, const char *s)
{
	while (*s)
		*p++ = *s++;
	return p;
}

char *put_field_list(char *p, const struct fields *fs, const char *first)
{
	const char *sep = first;

	for (const struct field *f = fs->f, *end = f + fs->n; f < end; f++) {
		if (!field_shown(f))
			continue;
		p = put_short(p, sep);
		sep = ", ";
		if (f->desc->kind == FIELD_FLAG) {
			p = put_str(p, f->desc->name);
			continue;
		}
		if (f->desc->kind != FIELD_WORD || !f->text) {
			p = put_short(p, f->desc->name);
			*p++ = ' ';
		}
		p = put_value(p, f);
	}
	if (fs->rest && fs->n) {
		p = put_short(p, sep);
		p = put_lit(p, "unknown ");
		p = put_hex_min(p, fs->rest);
	}
	return p;
}

char *put_fields(char *p, const struct fields *fs)
{
	if (alone(fs))
		return put_value(p, &fs->f[0]);
	p = put_hex_min(p, fs->word);
	return put_field_list(p, fs, ": ");
}
