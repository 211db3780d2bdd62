// SPDX-License-Identifier: GPL-2.0-or-later
/* The output of a QEMU with the CORB/RIRB patch. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_text(&text_format_patch, data, size);
}
