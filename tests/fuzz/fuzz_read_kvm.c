// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's kvm_mmio tracepoint. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_text(&text_format_kvm, data, size);
}
