// SPDX-License-Identifier: GPL-2.0-or-later
/* Random lists of few different verbs: the blocks found are there, and do not overlap. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/doubled.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t *verbs = calloc(size + 1, sizeof(*verbs));
	struct doubled d;
	size_t at = 0;

	if (!verbs)
		abort();
	for (size_t i = 0; i < size; i++)
		verbs[i] = data[i];
	if (doubled_find(verbs, size, &d))
		abort();
	for (size_t b = 0; b < d.n_blocks; b++) {
		const struct doubled_block *k = &d.blocks[b];

		if (k->first < at || !k->words || k->first + 2 * k->words > size ||
		    memcmp(verbs + k->first, verbs + k->first + k->words, k->words * 4) != 0)
			abort();
		at = k->first + 2 * k->words;
	}
	if (d.alone + 2 * d.repeated != size)
		abort();
	doubled_deinit(&d);
	free(verbs);
	return 0;
}
