// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of C and patches. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_text(&text_format_table, data, size);
}
