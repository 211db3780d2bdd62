// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/unpack.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "base/err.h"

#define WINDOW_LOG 27	/* log2 of UNPACK_MEMORY */

struct unpack {
	enum packing packing;
	bool between;		/* before the first member, or after a complete one */
	z_stream gz;
#ifdef HAVE_LZMA
	lzma_stream xz;
#endif
#ifdef HAVE_ZSTD
	ZSTD_DStream *zst;
#endif
};

static const struct {
	const char *name, *library;
	uint8_t len, magic[PACKING_HEAD];
} packings[] = {
	[PACKING_NONE] = { "none", "", 0, { 0 } },
	[PACKING_GZIP] = { "gzip", "zlib", 3, { 0x1f, 0x8b, 8 } },
	[PACKING_XZ] = { "xz", "liblzma", 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
	[PACKING_ZSTD] = { "zstd", "libzstd", 4, { 0x28, 0xb5, 0x2f, 0xfd } },
};

enum packing packing_of(const void *head, size_t len)
{
	for (enum packing p = PACKING_GZIP; p <= PACKING_ZSTD; p++)
		if (len >= packings[p].len && !memcmp(head, packings[p].magic, packings[p].len))
			return p;
	return PACKING_NONE;
}

const char *packing_name(enum packing p)
{
	return packings[p].name;
}

static struct err *start(struct unpack *u)
{
	switch (u->packing) {
	case PACKING_GZIP:
		return inflateInit2(&u->gz, 15 + 16) == Z_OK ? NULL : err_nomem();
#ifdef HAVE_LZMA
	case PACKING_XZ:
		return lzma_stream_decoder(&u->xz, UNPACK_MEMORY, LZMA_CONCATENATED) == LZMA_OK ?
		       NULL : err_nomem();
#endif
#ifdef HAVE_ZSTD
	case PACKING_ZSTD:
		u->zst = ZSTD_createDStream();
		if (!u->zst || ZSTD_isError(ZSTD_initDStream(u->zst)))
			return err_nomem();
		ZSTD_DCtx_setParameter(u->zst, ZSTD_d_windowLogMax, WINDOW_LOG);
		return NULL;
#endif
	default:
		return err_new(ERR_FAIL, "it is packed with %s, and this hdadump was built "
			       "without %s",
			       packings[u->packing].name, packings[u->packing].library);
	}
}

struct err *unpack_create(enum packing p, struct unpack **out)
{
	struct unpack *u = calloc(1, sizeof(*u));
	struct err *e;

	if (!u)
		return err_nomem();
	u->packing = p;
	u->between = true;
	e = start(u);
	if (e) {
		unpack_destroy(u);
		return e;
	}
	*out = u;
	return NULL;
}

static struct err *step_gzip(struct unpack *u, const uint8_t *in, size_t *in_len, uint8_t *out,
			     size_t *out_len)
{
	int rc = Z_OK;

	/* several members may follow each other; zeros may follow the last one */
	if (u->between) {
		size_t zeros = 0;

		while (u->gz.total_in && zeros < *in_len && !in[zeros])
			zeros++;
		if (zeros) {
			*in_len = zeros;
			*out_len = 0;
			return NULL;
		}
		inflateReset(&u->gz);
	}
	u->gz.next_in = (Bytef *)in;	/* zlib's prototype lacks the const */
	u->gz.avail_in = (uInt)*in_len;
	u->gz.next_out = out;
	u->gz.avail_out = (uInt)*out_len;
	/* call it without input too: output that did not fit before may still be inside */
	if (*in_len || !u->between)
		rc = inflate(&u->gz, Z_NO_FLUSH);
	*in_len -= u->gz.avail_in;
	*out_len -= u->gz.avail_out;
	u->between = rc == Z_STREAM_END || (u->between && !*in_len);
	if (rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR)
		return NULL;
	return err_new(ERR_FORMAT, "%s", u->gz.msg ? u->gz.msg : "not what zlib can read");
}

#ifdef HAVE_LZMA
static struct err *step_xz(struct unpack *u, const uint8_t *in, size_t *in_len, uint8_t *out,
			   size_t *out_len)
{
	lzma_ret rc;

	u->xz.next_in = in;
	u->xz.avail_in = *in_len;
	u->xz.next_out = out;
	u->xz.avail_out = *out_len;
	/* no input means the end: only then liblzma checks that the data are complete */
	rc = lzma_code(&u->xz, *in_len ? LZMA_RUN : LZMA_FINISH);
	*in_len -= u->xz.avail_in;
	*out_len -= u->xz.avail_out;
	u->between = rc == LZMA_STREAM_END;
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
#endif

#ifdef HAVE_ZSTD
static struct err *step_zstd(struct unpack *u, const uint8_t *in, size_t *in_len, uint8_t *out,
			     size_t *out_len)
{
	ZSTD_inBuffer from = { in, *in_len, 0 };
	ZSTD_outBuffer to = { out, *out_len, 0 };
	size_t rc = ZSTD_decompressStream(u->zst, &to, &from);

	if (from.pos || to.pos)
		u->between = rc == 0;
	*in_len = from.pos;
	*out_len = to.pos;
	return ZSTD_isError(rc) ? err_new(ERR_FORMAT, "%s", ZSTD_getErrorName(rc)) : NULL;
}
#endif

struct err *unpack_step(struct unpack *u, const uint8_t *in, size_t *in_len, uint8_t *out,
			size_t *out_len)
{
	switch (u->packing) {
	case PACKING_GZIP:
		return step_gzip(u, in, in_len, out, out_len);
#ifdef HAVE_LZMA
	case PACKING_XZ:
		return step_xz(u, in, in_len, out, out_len);
#endif
#ifdef HAVE_ZSTD
	case PACKING_ZSTD:
		return step_zstd(u, in, in_len, out, out_len);
#endif
	default:
		*in_len = *out_len = 0;
		return NULL;
	}
}

bool unpack_may_end(const struct unpack *u)
{
	return u->between;
}

void unpack_destroy(struct unpack *u)
{
	if (!u)
		return;
	if (u->packing == PACKING_GZIP)
		inflateEnd(&u->gz);
#ifdef HAVE_LZMA
	if (u->packing == PACKING_XZ)
		lzma_end(&u->xz);
#endif
#ifdef HAVE_ZSTD
	if (u->packing == PACKING_ZSTD)
		ZSTD_freeDStream(u->zst);
#endif
	free(u);
}
