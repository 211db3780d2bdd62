// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "any_list.h"

uint64_t any_seed;

unsigned int any_below(unsigned int n)
{
	any_seed = any_seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(any_seed >> 33) % n;
}

void any_add(struct buf *b, unsigned int nid, unsigned int id, unsigned int payload)
{
	buf_addf(b, "0x%02x 0x%03x 0x%x\n", nid, id, payload);
}

void any_transfer(struct buf *b, unsigned int generation)
{
	static const unsigned int first[] = { 0x22, 0x24 }, reg[] = { 0x23, 0x26 };
	unsigned int g = generation;

	if (any_below(3)) {
		any_add(b, 0x20, 0x500, first[g]);
		any_add(b, 0x20, 0x400, 0x38 + any_below(3));
	}
	any_add(b, 0x20, 0x500, reg[g]);
	for (unsigned int i = 0; i < 3; i++)
		any_add(b, 0x20, 0x400, any_below(4));
	any_add(b, 0x20, 0x400, g ? 0xb020 : 0xb011);
}

void any_verb(struct buf *b, unsigned int generation, bool ports, bool resets, bool gpio)
{
	static const uint16_t sets[] = { 0x701, 0x706, 0x707, 0x708, 0x70c, 0x70d, 0x703, 0x70f };
	unsigned int nid = 0x14 + any_below(3);

	switch (any_below(16)) {
	case 0:
	case 1:
		if (ports)
			any_transfer(b, generation);
		break;
	case 2:
		any_add(b, 0x20, 0x500, 0x40 + any_below(6));
		for (unsigned int n = any_below(4); n--;)
			any_add(b, 0x20, 0x400, any_below(3));
		break;
	case 3:
		any_add(b, 0x20, 0x500, 0x40 + any_below(6));
		any_add(b, 0x20, 0xc00, 0);
		any_add(b, 0x20, 0x400, any_below(3));
		break;
	case 4:
		/* directly into the port */
		if (ports) {
			any_add(b, 0x20, 0x500, 0x22 + any_below(4));
			any_add(b, 0x20, 0x400, any_below(4));
		}
		break;
	case 5:
	case 6:
		any_add(b, nid, 0x300, (1 + any_below(15)) << 12 | any_below(2) << 8 | any_below(3));
		break;
	case 7:
		any_add(b, nid, 0x71c + any_below(4), any_below(3));
		break;
	case 8:
		if (gpio)
			any_add(b, 0x01, 0x715 + any_below(3), any_below(2));
		break;
	case 9:
		any_add(b, any_below(2) ? 0x01 : nid, 0x705, any_below(2) ? 3 : 0);
		break;
	case 10:
		if (resets && !any_below(4))
			any_add(b, 0x01, 0x7ff, 0);
		break;
	case 11:
		any_add(b, nid, 0x200, any_below(3));
		break;
	case 12:
		any_add(b, nid, 0xf00 | any_below(16), 0);
		break;
	default:
		any_add(b, nid, sets[any_below(8)], any_below(3));
		break;
	}
}

void any_long_transfer(struct buf *b, unsigned int generation)
{
	static const unsigned int command[] = { 0x26, 0x29 }, data[] = { 0x24, 0x27 };
	unsigned int g = generation, waits;
	bool asks = !any_below(4);

	if (!any_below(4)) {
		any_add(b, 0x20, 0x500, g ? 0x24 : 0x22);
		any_add(b, 0x20, 0xc00, 0);
	}
	any_add(b, 0x20, 0x500, g ? 0x24 : 0x22);
	any_add(b, 0x20, 0x400, 0x38 + any_below(3));
	any_add(b, 0x20, 0x500, g ? 0x26 : 0x23);
	any_add(b, 0x20, 0x400, any_below(64));
	for (unsigned int i = 0; i < 2 && !asks; i++) {
		any_add(b, 0x20, 0x500, data[g] + i);
		any_add(b, 0x20, 0x400, any_below(4));
	}
	for (waits = any_below(20); waits && !any_below(2); waits--) {
		any_add(b, 0x20, 0x500, command[g]);
		any_add(b, 0x20, 0xc00, 0);
	}
	any_add(b, 0x20, 0x500, command[g]);
	any_add(b, 0x20, 0x400, asks ? 0xb030 + any_below(8) : g ? 0xb020 : 0xb011);
	for (waits = any_below(20); waits && any_below(3); waits--) {
		any_add(b, 0x20, 0x500, command[g]);
		any_add(b, 0x20, 0xc00, 0);
	}
	if (!asks)
		return;
	if (any_below(2)) {
		any_add(b, 0x20, 0x500, data[g]);
		any_add(b, 0x20, 0xc00, 0);
	}
	any_add(b, 0x20, 0x500, any_below(2) ? command[g] + 2 : data[g] + 1);
	any_add(b, 0x20, 0xc00, 0);
}
