// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/steps/regmap.h"

#include <stdlib.h>
#include <string.h>

/* Each bit of the key moves half of the result's (the finalizer of splitmix64). */
static uint64_t hash(uint16_t codec, reg_key key)
{
	uint64_t h = key ^ (uint64_t)codec << 40 ^ codec;

	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9ull;
	h = (h ^ h >> 27) * 0x94d049bb133111ebull;
	return h ^ h >> 31;
}

static struct regmap_entry *slot(const struct regmap *m, uint16_t codec, reg_key key)
{
	size_t i = hash(codec, key) & (m->cap - 1);

	while (m->v[i].used && (m->v[i].key != key || m->v[i].codec != codec))
		i = (i + 1) & (m->cap - 1);
	return &m->v[i];
}

static bool grow(struct regmap *m)
{
	struct regmap more = { .n = m->n, .cap = m->cap ? 2 * m->cap : 256 };

	more.v = calloc(more.cap, sizeof(*more.v));
	if (!more.v)
		return false;
	for (size_t i = 0; i < m->cap; i++)
		if (m->v[i].used)
			*slot(&more, m->v[i].codec, m->v[i].key) = m->v[i];
	free(m->v);
	*m = more;
	return true;
}

struct regmap_entry *regmap_get(struct regmap *m, uint16_t codec, reg_key key)
{
	struct regmap_entry *e;

	if (4 * (m->n + 1) > 3 * m->cap && !grow(m))
		return NULL;
	e = slot(m, codec, key);
	if (!e->used) {
		*e = (struct regmap_entry){ .key = key, .codec = codec, .used = true,
					    .step = STEP_NONE };
		m->n++;
	}
	return e;
}

const struct regmap_entry *regmap_find(const struct regmap *m, uint16_t codec, reg_key key)
{
	const struct regmap_entry *e = m->cap ? slot(m, codec, key) : NULL;

	return e && e->used ? e : NULL;
}

void regmap_clear(struct regmap *m)
{
	if (m->cap)
		memset(m->v, 0, m->cap * sizeof(*m->v));
	m->n = 0;
}

void regmap_deinit(struct regmap *m)
{
	free(m->v);
	*m = (struct regmap){ 0 };
}
