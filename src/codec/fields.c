// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/fields.h"

#include <string.h>

#include "base/bits.h"
#include "codec/computed.h"
#include "codec/ids.h"
#include "codec/shadow.h"

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

/* --- fields.def ------------------------------------------------------------- */

#define FIELDS(nm, src) static const struct field_desc fd_##nm[] = {
#define F(k, h, l, nm, w, u, fn, q) \
	{ .name = nm, .words = w, .number = fn, .hi = h, .lo = l, .kind = k, .unit = u, \
	  .quiet = q },
#define FIELDS_END(nm) };
#include "codec/fields.def"

/*
 * The mask of the bits that a list explains, as a constant. Bits of a computed field count
 * only if its function returns true.
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

/* Adds the codec's name before the numbers of its id. */
static void add_chip(const struct shadow *s, uint32_t id, struct fields *fs)
{
	const char *name = s && s->vendor_id == id ? s->chip : codec_id_name(id);

	if (!name)
		return;
	memmove(fs->f + 1, fs->f, fs->n * sizeof(*fs->f));
	fs->f[0] = (struct field){ .desc = fl_par_chip.desc, .text = name, .value = id };
	fs->n++;
}

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
	if (list == &fl_par_id)
		add_chip(c->shadow, word, out);
}
