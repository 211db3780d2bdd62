// SPDX-License-Identifier: GPL-2.0-or-later
/* The monitor's messages, from an untrusted peer. */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "qemu/qmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int messages;

	err_free(qmp_parse((const char *)data, size, &messages));
	return 0;
}
