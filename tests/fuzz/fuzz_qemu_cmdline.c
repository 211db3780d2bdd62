// SPDX-License-Identifier: GPL-2.0-or-later
/* Any command line of QEMU. */
#include <stdint.h>

#include "base/err.h"
#include "qemu/qemu_cmdline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct qemu_cmdline c;
	struct err *e = qemu_cmdline_parse((const char *)data, size, &c);

	if (!e)
		qemu_cmdline_deinit(&c);
	err_free(e);
	return 0;
}
