// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/state_text.h"

#include "analyse/state.h"
#include "base/buf.h"
#include "print/render.h"

size_t state_text(const struct state *s, size_t i, bool fold, struct buf *b)
{
	bool both = fold && state_pairs(s, i);
	struct buf scratch = { 0 };
	struct effect e;
	char *p = (char *)buf_reserve(b, OUT_ROOM);

	if (!p)
		return 1;
	state_effect(s, i, both, &e);
	b->len += (size_t)(put_effect(p, &e, &scratch) - p);
	buf_deinit(&scratch);
	return both ? 2 : 1;
}
