// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/repair_text.h"

#include <inttypes.h>

#include "analyse/repair.h"
#include "base/buf.h"
#include "base/log.h"

void repair_text(const struct repaired *r, struct buf *b)
{
	const struct doubled *d = &r->doubled;

	for (size_t i = 0; i < d->n_blocks; i++) {
		const struct doubled_block *k = &d->blocks[i];
		const uint32_t *first = &r->lines[k->first], *again = first + k->words;

		if (k->words == 1)
			buf_addf(b, "removed line %" PRIu32 ", which repeats line %" PRIu32 "\n", again[0],
				 first[0]);
		else
			buf_addf(b, "removed lines %" PRIu32 "-%" PRIu32 ", which repeat lines %" PRIu32
				 "-%" PRIu32 "\n", again[0], again[k->words - 1], first[0],
				 first[k->words - 1]);
	}
}

void repair_note(const struct repaired *r, const char *path)
{
	const struct doubled *d = &r->doubled;

	log_note("%s: %zu of %zu verbs were repetitions, in %zu batches; %zu stay", path, d->repeated,
		 r->n, d->n_blocks, r->n - d->repeated);
	if (d->ambiguous)
		log_note("at %zu places another reading would order the verbs differently; the one "
			 "with the shorter batches was taken", d->ambiguous);
	if (d->alone)
		log_note("%zu verbs were there only once and were kept: the list was changed by hand",
			 d->alone);
}
