// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel's source, whatever it is: the places in it, and a patch between them. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/udiff.h"
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
		struct udiff_edit edits[] = {
			{ k.functions, 0, "a\n" }, { k.enum_end, 0, "b\n" }, { k.fixups_end, 0, "c\n" },
			{ k.quirk, 0, "d\n" }, { k.models_end, 0, "e\n" },
		};

		for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
			if (edits[i].at > k.text.len)
				abort();
		err_free(udiff(k.path, (const char *)k.text.data, k.text.len, edits, k.models_end ? 5 : 4, &out));
	}
	err_free(e);
	buf_deinit(&out);
	kernel_source_deinit(&k);
	return 0;
}
