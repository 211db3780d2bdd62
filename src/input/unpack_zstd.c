// SPDX-License-Identifier: GPL-2.0-or-later
#include <zstd.h>

#include "base/err.h"
#include "input/unpack.h"
#include "input/unpack_module.h"

#define WINDOW_LOG 27	/* log2 of UNPACK_MEMORY */

static struct err *zstd_create(void **state)
{
	ZSTD_DStream *zst = ZSTD_createDStream();

	if (!zst || ZSTD_isError(ZSTD_initDStream(zst))) {
		ZSTD_freeDStream(zst);
		return err_nomem();
	}
	ZSTD_DCtx_setParameter(zst, ZSTD_d_windowLogMax, WINDOW_LOG);
	*state = zst;
	return NULL;
}

static struct err *zstd_step(void *state, const uint8_t *in, size_t *in_len, uint8_t *out,
			     size_t *out_len, bool *between)
{
	ZSTD_inBuffer from = { in, *in_len, 0 };
	ZSTD_outBuffer to = { out, *out_len, 0 };
	size_t rc = ZSTD_decompressStream(state, &to, &from);

	if (from.pos || to.pos)
		*between = rc == 0;
	*in_len = from.pos;
	*out_len = to.pos;
	return ZSTD_isError(rc) ? err_new(ERR_FORMAT, "%s", ZSTD_getErrorName(rc)) : NULL;
}

static void zstd_destroy(void *state)
{
	ZSTD_freeDStream(state);
}

MODULE_EXPORT const struct unpack_module hdadump_module_zstd = {
	.head = MODULE_HEAD(struct unpack_module, UNPACK_FORM),
	.create = zstd_create,
	.step = zstd_step,
	.destroy = zstd_destroy,
};
