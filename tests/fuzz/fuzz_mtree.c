// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `info mtree -f` and `xp`: the monitor's texts about the place and the contents of guest
 * memory.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "qemu/guest_memory.h"
#include "qemu/mtree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ram_range *ranges = NULL;
	uint8_t words[64];
	size_t count = 0;
	struct err *e = mtree_parse((const char *)data, size, &ranges, &count);

	if (!e && !count)
		abort();	/* a map without RAM is an error, never an empty success */
	for (size_t i = 0; !e && i < count; i++)
		if (ranges[i].start > ranges[i].end)
			abort();
	if (!e)
		free(ranges);
	err_free(e);
	err_free(xp_parse((const char *)data, size, 0x1000, words, sizeof(words)));
	return 0;
}
