// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_codec.h"

struct plain *plain_create(void)
{
	struct plain *p = malloc(sizeof(*p));

	if (!p)
		abort();
	memset(p, 0xff, sizeof(*p));
	p->n_outside = p->transfers = 0;
	return p;
}

static void plain_tell(struct plain *p, uint64_t what)
{
	if (p->n_outside < PLAIN_OUTSIDE)
		p->outside[p->n_outside++] = what;
}

static void plain_transfer(struct plain *p, const int *port)
{
	uint64_t t = 1ull << 63;

	for (int i = 0; i < 5; i++)
		t = (t << 13 | t >> 51) ^ (uint64_t)(uint32_t)p->coef[0x20][port[i]] << i;
	plain_tell(p, t);
	p->transfers++;
}

static void plain_amp(struct plain *p, unsigned int nid, unsigned int payload)
{
	for (unsigned int out = 0; out < 2; out++)
		for (unsigned int left = 0; left < 2; left++)
			if (payload >> (out ? 15 : 14) & 1 && payload >> (left ? 13 : 12) & 1)
				p->amp[nid][out << 5 | left << 4 | (payload >> 8 & 0xf)] =
					payload & 0xff;
}

void plain_put(struct plain *p, uint32_t word)
{
	static const int ports[2][6] = { { 0x22, 0x23, 0x24, 0x25, 0x26, 0 },
					 { 0x24, 0x26, 0x27, 0x28, 0x29, 0x25 } };
	unsigned int nid = word >> 20 & 0xff, top = word >> 16 & 0xf;
	unsigned int id = word >> 8 & 0xfff, payload = word & 0xffff;
	int *index = &p->index[nid];

	switch (top) {
	case 0x5:
		*index = (int)payload;
		return;
	case 0xc:
		*index += *index >= 0;
		return;
	case 0x4:
		if (*index < 0 || *index >= 4095)
			return;
		p->coef[nid][*index] = (int)payload;
		for (int g = 0; g < 2 && nid == 0x20; g++) {
			bool go = (payload & 0xf000) == 0xb000 && payload & 0xf0;

			if (*index == ports[g][4] && go && (p->generation < 0 || p->generation == g)) {
				p->generation = g;
				plain_transfer(p, ports[g]);
			}
		}
		++*index;
		return;
	case 0x3:
		plain_amp(p, nid, payload);
		return;
	case 0x2:
		p->reg[nid][0x200] = (int)payload;
		return;
	case 0x7:
		break;
	default:
		return;
	}
	payload &= 0xff;
	/* a change of a GPIO acts outside the codec, the same value again does not */
	if (id >= 0x715 && id <= 0x717 && p->reg[nid][id] != (int)payload)
		plain_tell(p, (uint64_t)id << 32 | nid << 8 | payload);
	if (id == 0x7ff)
		plain_tell(p, 0x7ff);
	if (id != 0x7ff && id != 0x709)
		p->reg[nid][id] = (int)payload;
}

bool plain_same(const struct plain *a, const struct plain *b)
{
	bool same = a->n_outside == b->n_outside && !memcmp(a->reg, b->reg, sizeof(a->reg)) &&
		    !memcmp(a->amp, b->amp, sizeof(a->amp)) &&
		    !memcmp(a->coef, b->coef, sizeof(a->coef));

	for (unsigned int i = 0; same && i < a->n_outside; i++)
		same = a->outside[i] == b->outside[i];
	if (same)
		return true;
	for (unsigned int n = 0; n < 256; n++) {
		for (unsigned int i = 0; i < 4096; i++) {
			if (a->coef[n][i] != b->coef[n][i])
				printf("coef %02x[%02x]: %x, %x\n", n, i, a->coef[n][i], b->coef[n][i]);
			if (a->reg[n][i] != b->reg[n][i])
				printf("reg %02x %03x: %x, %x\n", n, i, a->reg[n][i], b->reg[n][i]);
		}
		for (unsigned int i = 0; i < 64; i++)
			if (a->amp[n][i] != b->amp[n][i])
				printf("amp %02x %x: %x, %x\n", n, i, a->amp[n][i], b->amp[n][i]);
	}
	printf("outside: %u, %u\n", a->n_outside, b->n_outside);
	return false;
}
