// SPDX-License-Identifier: GPL-2.0-or-later
/* Random text as a kernel's source: the places found in it, and a patch for them. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/unified_diff.h"
#include "export/kernel_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kernel_source k = { .path = "fuzz" };
	struct buf out = { 0 };
	struct err *e;

	buf_add(&k.text, data, size);
	buf_str(&k.text);
	e = kernel_source_find(&k, 0x10ec0298, 0x144dc8ff);
	if (!e) {
		struct text_edit edits[] = {
			{ k.functions, 0, "a\n", 2 }, { k.enum_end, 0, "b\n", 2 }, { k.fixups_end, 0, "c\n", 2 },
			{ k.quirk, 0, "d\n", 2 }, { k.models_end, 0, "e\n", 2 },
		};

		for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
			if (edits[i].at > k.text.len)
				abort();
		err_free(unified_edits("a", "b", (const char *)k.text.data, k.text.len, edits,
				       k.models_end ? 5 : 4, &out));
	}
	err_free(e);
	buf_deinit(&out);
	kernel_source_deinit(&k);
	return 0;
}
