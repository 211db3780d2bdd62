// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/fields.h"

#include "base/bits.h"

/* --- words.def -------------------------------------------------------------- */

#define WORDS(name, source) static const char *const word_##name[] = {
#define W(value, word) [value] = word,
#define WORDS_END(name) };
#include "codec/words.def"
#undef WORDS
#undef W
#undef WORDS_END

static const char *const word_param_id[] = {
#define PARAM(id, name, list, source) [id] = #name,
#include "codec/params.def"
#undef PARAM
};

#define WORDS(name, source) \
	static const struct field_words words_##name = { \
		#name, source, word_##name, ARRAY_SIZE(word_##name) };
#define W(value, word)
#define WORDS_END(name)
#include "codec/words.def"
WORDS(param_id, "params.def")
#undef WORDS
#undef W
#undef WORDS_END

/* --- computed fields -------------------------------------------------------- */

static bool format_rate(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	uint32_t base = bit(w, 14) ? 44100 : 48000;
	uint32_t mult = (uint32_t)bits(w, 13, 11);

	(void)c;
	if (mult > 3)
		return false;	/* reserved: the bits stay visible as unexplained */
	*number = (int32_t)(base * (mult + 1) / ((uint32_t)bits(w, 10, 8) + 1));
	return true;
}

static bool plus_one(uint32_t v, int32_t *number)
{
	*number = (int32_t)v + 1;
	return true;
}

static bool format_channels(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)bits(w, 3, 0), number);
}

static bool channel_count(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)bits(w, 3, 0), number);
}

static bool device_count(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)bits(w, 5, 0), number);
}

static bool widget_channels(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	return plus_one((uint32_t)(bits(w, 15, 13) << 1 | bit(w, 0)), number);
}

/* HDA 1.0a 7.3.3.28: the link's 48 kHz divided by four times the divider. */
static bool beep_tone(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	uint32_t div = (uint32_t)bits(w, 7, 0);

	(void)c;
	if (!div)
		return false;
	*number = (int32_t)(48000 / (4 * div));
	return true;
}

/* Steps are of 0.25 dB; the number of the field is in 1/100 dB. */
static bool amp_cap_step(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	(void)c;
	*number = ((int32_t)bits(w, 22, 16) + 1) * 25;
	return true;
}

static bool amp_cap_min(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	amp_cap_step(c, w, number);
	*number *= -(int32_t)bits(w, 6, 0);
	return bits(w, 14, 8);
}

static bool amp_cap_max(const struct decode_ctx *c, uint32_t w, int32_t *number)
{
	amp_cap_step(c, w, number);
	*number *= (int32_t)bits(w, 14, 8) - (int32_t)bits(w, 6, 0);
	return bits(w, 14, 8);
}

/* --- fields.def ------------------------------------------------------------- */

#define FIELDS(nm, src) static const struct field_desc fd_##nm[] = {
#define F(k, h, l, nm, w, u, fn, q) \
	{ .name = nm, .words = w, .number = fn, .hi = h, .lo = l, .kind = k, .unit = u, .quiet = q },
#define FIELDS_END(nm) };
#include "codec/fields.def"

/*
 * The bits a list explains, as a constant.  Those of a computed field count
 * when its function says that it has a meaning.
 */
#define FIELDS(nm, src) \
	const struct field_list fl_##nm = { \
		#nm, src, fd_##nm, ARRAY_SIZE(fd_##nm), (uint32_t)(0
#define F(k, h, l, nm, w, u, fn, q) \
	| ((k) == FIELD_NUMBER ? 0 : ((1ull << ((h) - (l) + 1)) - 1) << (l))
#define FIELDS_END(nm) ) };
#include "codec/fields.def"

const struct field_list *const field_lists[] = {
#define FIELDS(nm, src) &fl_##nm,
#define F(k, h, l, nm, w, u, fn, q)
#define FIELDS_END(nm)
#include "codec/fields.def"
};
const unsigned int field_list_count = ARRAY_SIZE(field_lists);

void fields_fill(const struct field_list *list, const struct decode_ctx *c, uint32_t word,
		 unsigned int digits, struct fields *out)
{
	uint32_t covered = list->covered;
	unsigned int n = 0;

	for (const struct field_desc *d = list->desc, *end = d + list->n; d < end; d++) {
		struct field *f = &out->f[n];

		f->desc = d;
		f->text = NULL;
		f->value = (uint32_t)bits(word, d->hi, d->lo);
		if (d->kind == FIELD_NUMBER) {
			if (!d->number(c, word, &f->number))
				continue;
			covered |= (uint32_t)(bits_mask(d->hi - d->lo + 1u) << d->lo);
		} else if (d->words && f->value < d->words->n) {
			f->text = d->words->word[f->value];
		}
		n++;
	}
	out->n = (uint8_t)n;
	out->word = word;
	out->digits = (uint8_t)digits;
	out->rest = word & ~covered;
}
