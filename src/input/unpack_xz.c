// SPDX-License-Identifier: GPL-2.0-or-later
#include <lzma.h>
#include <stdlib.h>

#include "base/err.h"
#include "input/unpack.h"
#include "input/unpack_module.h"

static struct err *xz_create(void **state)
{
	lzma_stream *xz = calloc(1, sizeof(*xz));

	if (!xz || lzma_stream_decoder(xz, UNPACK_MEMORY, LZMA_CONCATENATED) != LZMA_OK) {
		free(xz);
		return err_nomem();
	}
	*state = xz;
	return NULL;
}

static struct err *xz_step(void *state, const uint8_t *in, size_t *in_len, uint8_t *out,
			   size_t *out_len, bool *between)
{
	lzma_stream *xz = state;
	lzma_ret rc;

	xz->next_in = in;
	xz->avail_in = *in_len;
	xz->next_out = out;
	xz->avail_out = *out_len;
	/* no input means the end: only then liblzma checks that the data are complete */
	rc = lzma_code(xz, *in_len ? LZMA_RUN : LZMA_FINISH);
	*in_len -= xz->avail_in;
	*out_len -= xz->avail_out;
	*between = rc == LZMA_STREAM_END;
	switch (rc) {
	case LZMA_OK:
	case LZMA_STREAM_END:
	case LZMA_BUF_ERROR:
		return NULL;
	case LZMA_MEMLIMIT_ERROR:
		return err_new(ERR_FORMAT, "it asks for more than %u MiB of memory",
			       UNPACK_MEMORY >> 20);
	case LZMA_MEM_ERROR:
		return err_nomem();
	default:
		return err_new(ERR_FORMAT, "not what liblzma can read (its error %d)", (int)rc);
	}
}

static void xz_destroy(void *state)
{
	lzma_end(state);
	free(state);
}

MODULE_EXPORT const struct unpack_module hdadump_module_xz = {
	.head = MODULE_HEAD(struct unpack_module, UNPACK_FORM),
	.create = xz_create,
	.step = xz_step,
	.destroy = xz_destroy,
};
