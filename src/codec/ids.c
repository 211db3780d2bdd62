// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/ids.h"

#include <stddef.h>

#include "base/bits.h"

/* One table for each kind of row in ids.def. */
#define CODEC_VENDOR(id, name)
#define CODEC_ID(id, name)
#define CODEC_REV(id, rev, name)
#define CODEC_COEF(id, mask, val, name)

struct id_name {
	uint32_t id;
	const char *name;
};

static const struct id_name codec_vendors[] = {
#undef CODEC_VENDOR
#define CODEC_VENDOR(id, name) { id, name },
#include "codec/ids.def"
#undef CODEC_VENDOR
#define CODEC_VENDOR(id, name)
};

static const struct id_name codec_ids[] = {
#undef CODEC_ID
#define CODEC_ID(id, name) { id, name },
#include "codec/ids.def"
#undef CODEC_ID
#define CODEC_ID(id, name)
};

static const struct {
	uint32_t id, rev;
	const char *name;
} codec_revs[] = {
#undef CODEC_REV
#define CODEC_REV(id, rev, name) { id, rev, name },
#include "codec/ids.def"
#undef CODEC_REV
#define CODEC_REV(id, rev, name)
};

static const struct {
	uint32_t id, mask, val;
	const char *name;
} codec_coefs[] = {
#undef CODEC_COEF
#define CODEC_COEF(id, mask, val, name) { id, mask, val, name },
#include "codec/ids.def"
};

static const char *id_name(const struct id_name *ids, size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i].id == id)
			return ids[i].name;
	return NULL;
}

const char *codec_id_name(uint32_t vendor_id)
{
	return id_name(codec_ids, ARRAY_SIZE(codec_ids), vendor_id);
}

const char *codec_vendor_name(uint32_t vendor_id)
{
	return id_name(codec_vendors, ARRAY_SIZE(codec_vendors), vendor_id >> 16);
}

const char *codec_variant_name(uint32_t vendor_id, const uint32_t *revision, const uint32_t *coef0)
{
	for (size_t i = 0; i < ARRAY_SIZE(codec_coefs) && coef0; i++)
		if (codec_coefs[i].id == vendor_id &&
		    (*coef0 & codec_coefs[i].mask) == codec_coefs[i].val)
			return codec_coefs[i].name;
	for (size_t i = 0; i < ARRAY_SIZE(codec_revs) && revision; i++)
		if (codec_revs[i].id == vendor_id && codec_revs[i].rev == *revision)
			return codec_revs[i].name;
	return NULL;
}
