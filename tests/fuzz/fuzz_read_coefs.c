// SPDX-License-Identifier: GPL-2.0-or-later
/* Dumps of coefficients. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_text(&text_format_coefs, data, size);
}
