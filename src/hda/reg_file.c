// SPDX-License-Identifier: GPL-2.0-or-later
#include "hda/reg_file.h"

#include <string.h>

#include "base/bits.h"

uint16_t reg_ring_entries(uint8_t size)
{
	static const uint16_t entries[] = { 2, 16, 256, 256 };

	return entries[size & 3];
}

_Static_assert(R_CORBLBASE == 64 * RINGS_HALF, "one word of reg_file.known is the rings'");

void reg_file_reset(struct reg_file *f)
{
	memset(f->value, 0, sizeof(f->value));
	memset(f->known, 0xff, sizeof(f->known));
}

void reg_file_write(struct reg_file *f, const struct event *ev)
{
	uint64_t at = ev->addr, value = ev->value;

	for (unsigned int i = ev->width; i && at < REG_WINDOW; i--, at++, value >>= 8)
		f->value[at] = (uint8_t)value;
	f->known[RINGS_HALF] |= reg_ring_bytes(ev);
	if (ev->addr < R_CORBLBASE)
		f->known[0] |= ((1ull << ev->width) - 1) << ev->addr;
}

bool reg_file_learn(struct reg_file *f, const struct event *ev, struct event *news)
{
	bool new = false;

	*news = *ev;
	for (unsigned int i = 0; i < ev->width && ev->addr + i < REG_WINDOW; i++) {
		if (!reg_is_known(f, (uint32_t)ev->addr + i)) {
			new = true;
			continue;
		}
		news->value &= ~(0xffull << (8 * i));
		news->value |= (uint64_t)f->value[ev->addr + i] << (8 * i);
	}
	if (new)
		reg_file_write(f, news);
	return new;
}

uint64_t reg_file_base(const struct reg_file *f, uint32_t lbase)
{
	return load_le64(f->value + lbase);
}
