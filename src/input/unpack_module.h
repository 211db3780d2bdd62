/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules `xz` and `zstd`: what unpack.c does with zlib, by another library. */
#ifndef HDADUMP_INPUT_UNPACK_MODULE_H
#define HDADUMP_INPUT_UNPACK_MODULE_H

#include "base/module/module.h"

#define UNPACK_FORM 1

struct unpack_module {
	struct module_head head;
	struct err *(*create)(void **state);
	/* As unpack_step(); *between: as unpack_may_end() has to say it. */
	struct err *(*step)(void *state, const uint8_t *in, size_t *in_len, uint8_t *out, size_t *out_len,
			    bool *between);
	void (*destroy)(void *state);
};

extern const struct unpack_module hdadump_module_xz, hdadump_module_zstd;

#endif
