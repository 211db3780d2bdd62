// SPDX-License-Identifier: GPL-2.0-or-later
#include "hda/regfields.h"

#include <stddef.h>

#include "base/bits.h"
#include "hda/regs.h"

static bool rintcnt(uint32_t v, int32_t *number)
{
	*number = v ? (int32_t)v : 256;
	return true;
}

/* Bits 14:8 of a stream's format: base, multiplier, divider. */
static bool format_rate(uint32_t v, int32_t *number)
{
	uint32_t mult = (uint32_t)bits(v, 5, 3);

	*number = (int32_t)((bit(v, 6) ? 44100 : 48000) * (mult + 1) / ((v & 7) + 1));
	return mult < 4;
}

#define WORDS(name, ...) static const char *const words_##name[] = { __VA_ARGS__ };
#define FLAG(r, b, n)
#define DEC(r, h, l, n)
#define HEX(r, h, l, n)
#define BASE(r, h, l, n)
#define PLUS1(r, h, l, n)
#define WORD(r, h, l, n, w)
#define FUNC(r, h, l, n, fn)
#include "hda/regfields.def"
#undef WORDS
#undef FLAG
#undef DEC
#undef HEX
#undef BASE
#undef PLUS1
#undef WORD
#undef FUNC

/* True if a register's name begins with "SD_", so that it belongs to a stream descriptor. */
#define IS_SD(r) (sizeof(#r) > 3 && (#r)[0] == 'S' && (#r)[1] == 'D' && (#r)[2] == '_')

#define ROW(r, h, l, nm, k) .reg = R_##r, .sd = IS_SD(r), .name = nm, .hi = h, .lo = l, .kind = k
#define WORDS(name, ...)
#define FLAG(r, b, n) { ROW(r, b, b, n, REG_FLAG) },
#define DEC(r, h, l, n) { ROW(r, h, l, n, REG_DEC) },
#define HEX(r, h, l, n) { ROW(r, h, l, n, REG_HEX) },
#define BASE(r, h, l, n) { ROW(r, h, l, n, REG_BASE) },
#define PLUS1(r, h, l, n) { ROW(r, h, l, n, REG_PLUS1) },
#define WORD(r, h, l, n, w) \
	{ ROW(r, h, l, n, REG_WORD), .words = words_##w, .nwords = ARRAY_SIZE(words_##w) },
#define FUNC(r, h, l, n, fn) { ROW(r, h, l, n, REG_FUNC), .number = fn },
const struct reg_field reg_fields[] = {
#include "hda/regfields.def"
};
const unsigned int reg_field_count = ARRAY_SIZE(reg_fields);

static const struct other {
	uint32_t offset;
	uint8_t width, count;
	uint8_t step;
	const char *name;
} others[] = {
#define OTHER(o, w, c, s, n) { .offset = o, .width = w, .count = c, .step = s, .name = n },
#include "hda/regother.def"
#undef OTHER
};

static bool find_other(uint32_t offset, struct reg_part *p)
{
	for (const struct other *o = others; o < others + ARRAY_SIZE(others); o++) {
		for (unsigned int i = 0; i < o->count; i++) {
			uint32_t at = o->offset + i * o->step;

			if (offset < at || offset >= at + o->width)
				continue;
			p->name = o->name;
			p->offset = at;
			p->width = o->width;
			p->stream = o->count > 1 ? (int)i : -1;
			return true;
		}
	}
	return false;
}

/* Finds the register that contains byte @offset. */
static void find(uint64_t offset, struct reg_part *p)
{
	const struct hda_reg *r;

	*p = (struct reg_part){ .stream = -1, .offset = (uint32_t)offset, .width = 1 };
	if (offset > UINT32_MAX)
		return;
	r = reg_find((uint32_t)offset, &p->stream);
	if (r) {
		p->name = r->name;
		p->what = r->what;
		p->width = r->width;
		p->offset = r->offset;
		if (p->stream >= 0)
			p->offset += R_SD_BASE + (uint32_t)p->stream * R_SD_SIZE;
	} else {
		p->stream = -1;
		find_other((uint32_t)offset, p);
	}
}

static void add_fields(struct reg_part *p)
{
	uint32_t covered = 0;
	uint32_t reg = p->stream < 0 ? p->offset : (p->offset - R_SD_BASE) % R_SD_SIZE;

	if (!p->what)
		return;		/* not a register of regs.def */
	for (const struct reg_field *f = reg_fields; f < reg_fields + reg_field_count; f++) {
		uint32_t mask = (uint32_t)(bits_mask(f->hi - f->lo + 1u) << f->lo);
		struct reg_value *v = &p->f[p->n];

		if (f->reg != reg || f->sd != (p->stream >= 0) || (p->mask & mask) != mask ||
		    p->n == REG_FIELDS_MAX)
			continue;
		*v = (struct reg_value){
			.field = f, .value = (uint32_t)bits(p->value, f->hi, f->lo),
		};
		if (f->kind == REG_BASE)
			v->value <<= f->lo;
		else if (f->kind == REG_PLUS1)
			v->number = (int32_t)v->value + 1;
		else if (f->kind == REG_FUNC && !f->number(v->value, &v->number))
			continue;
		else if (f->kind == REG_WORD && v->value < f->nwords)
			v->text = f->words[v->value];
		covered |= mask;
		p->n++;
	}
	p->rest = p->value & ~covered;
}

unsigned int reg_split(uint64_t offset, unsigned int width, uint64_t value,
		       struct reg_part out[REG_PARTS_MAX])
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < width && i < 8; n++) {
		struct reg_part *p = &out[n];

		find(offset + i, p);
		p->first = p->name ? (uint8_t)(offset + i - p->offset) : 0;
		/* bytes that belong to no register are one part, up to the next register */
		for (p->bytes = 0; i < width && i < 8; i++, p->bytes++) {
			struct reg_part next;

			if (p->name && p->first + p->bytes >= p->width)
				break;
			find(offset + i, &next);
			if (!p->name && (next.name || p->bytes == 4))
				break;
			p->value |= (uint32_t)(value >> 8 * i & 0xff) << 8 * (p->first + p->bytes);
			p->mask |= 0xffu << 8 * (p->first + p->bytes);
		}
		if (!p->name)
			p->width = p->bytes;
		add_fields(p);
	}
	return n;
}
