// SPDX-License-Identifier: GPL-2.0-or-later
/* Debug lines of QEMU's own controller. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_text(&text_format_debug, data, size);
}
