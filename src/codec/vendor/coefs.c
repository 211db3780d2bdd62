// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/vendor/coefs.h"

#include "codec/effect/effect.h"

bool coef_row_is_for(const struct coef_row *c, uint32_t vendor_id)
{
	if (!c->codec[0])
		return true;	/* an empty list means all codecs */
	for (unsigned int i = 0; i < c->ncodecs; i++)
		if (c->codec[i] == (vendor_id & 0xffff))
			return true;
	return false;
}

void coef_name_effect(const struct coef_row *row, unsigned int n, uint32_t vendor_id,
		      struct effect *e)
{
	for (const struct coef_row *c = row; c < row + n; c++) {
		if (c->nid != e->nid || c->index != e->addr || !coef_row_is_for(c, vendor_id))
			continue;
		if (!c->mask) {
			e->name = c->text;
			e->name_row = c;
		} else if (e->has_value && (e->value & c->mask) == c->value) {
			e->meaning = c->text;
			e->meaning_row = c;
		}
	}
}
