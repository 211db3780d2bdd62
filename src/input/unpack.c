// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/unpack.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/err.h"
#include "input/unpack_module.h"

struct unpack {
	enum packing packing;
	bool between;		/* before the first member, or after a complete one */
	z_stream gz;
	const struct unpack_module *by;	/* the module that unpacks it, with its state; NULL: zlib */
	void *state;
};

static const struct {
	const char *name;
	uint8_t len, magic[PACKING_HEAD];
} packings[] = {
	[PACKING_NONE] = { "none", 0, { 0 } },
	[PACKING_GZIP] = { "gzip", 3, { 0x1f, 0x8b, 8 } },
	[PACKING_XZ] = { "xz", 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
	[PACKING_ZSTD] = { "zstd", 4, { 0x28, 0xb5, 0x2f, 0xfd } },
};

static struct module modules[] = {
	[PACKING_XZ] = {
		.name = "xz",
		.without = "it is packed with xz, and this hdadump was built without liblzma",
		.head = MODULE_HEAD(struct unpack_module, UNPACK_FORM),
	},
	[PACKING_ZSTD] = {
		.name = "zstd",
		.without = "it is packed with zstd, and this hdadump was built without libzstd",
		.head = MODULE_HEAD(struct unpack_module, UNPACK_FORM),
	},
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
	struct err *e;

	if (u->packing == PACKING_GZIP)
		return inflateInit2(&u->gz, 15 + 16) == Z_OK ? NULL : err_nomem();
	e = module_load(&modules[u->packing]);
	if (e)
		return e;
	u->by = (const struct unpack_module *)modules[u->packing].table;
	return u->by->create(&u->state);
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

struct err *unpack_step(struct unpack *u, const uint8_t *in, size_t *in_len, uint8_t *out,
			size_t *out_len)
{
	return u->by ? u->by->step(u->state, in, in_len, out, out_len, &u->between) :
	       step_gzip(u, in, in_len, out, out_len);
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
	if (u->state)
		u->by->destroy(u->state);
	free(u);
}
