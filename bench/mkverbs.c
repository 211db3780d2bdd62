// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mkverbs FILE N: a capture of N verbs as Linux's driver sends them: for each
 * eight register accesses, two reads of guest memory and what proves them.
 * The verbs are a mix that a driver under work sends: coefs, pins, amps, gets.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/err.h"
#include "hda/regs.h"
#include "store/store.h"

#define START 1700000000000000000
#define CORB 0x6c96000ull
#define RIRB (CORB + 0x800)

static struct store *st;
static int64_t now = START;

static struct err *put(struct event ev)
{
	ev.time = now;
	return store_put(st, &ev);
}

static struct err *reg(bool write, uint32_t offset, uint8_t width, uint64_t value)
{
	return put((struct event){
		.kind = write ? EV_MMIO_WRITE : EV_MMIO_READ, .addr = offset, .width = width,
		.value = value, .origin = ORIGIN_TRACE });
}

static struct err *memory(uint64_t addr, const void *data, uint32_t len)
{
	struct err *e = put((struct event){
		.kind = EV_MEM, .addr = addr, .data = data, .len = len, .origin = ORIGIN_PROCESS });

	return e ? e : put((struct event){
		.kind = EV_HORIZON, .origin = ORIGIN_SELF });
}

static uint32_t verb_of(unsigned int n)
{
	switch (n % 8) {
	case 0:
		return 0x02050000 | (n & 0xff);			/* COEF_INDEX */
	case 1:
		return 0x02040000 | (n * 40503 & 0xffff);	/* PROC_COEF */
	case 2:
		return 0x01470700 | (n & 8 ? 0x40 : 0x20);	/* pin control */
	case 3:
		return 0x0023b000 | (n & 0x7f);			/* output amp */
	case 4:
		return 0x01470c00 | (n & 2);			/* EAPD */
	case 5:
		return 0x014f0900;				/* pin sense */
	case 6:
		return 0x00270600 | (n & 0xf0);			/* stream */
	default:
		return 0x020c0000;				/* read a coef */
	}
}

static struct err *one(unsigned int n)
{
	unsigned int slot = n & 0xff, last = (n - 1) & 0xff;
	uint8_t word[4], pair[8] = { 0 };
	struct err *e;

	store_le32(word, verb_of(n));
	store_le32(pair, (n % 8 == 7 || n % 8 == 5) ? n & 0xffff : 0);
	now += 4000;
	e = reg(false, R_CORBWP, 2, last);
	if (!e)
		e = reg(false, R_CORBRP, 2, last);
	if (!e)
		e = reg(true, R_CORBWP, 2, slot);
	if (!e)
		e = memory(CORB + slot * 4, word, 4);
	now += 6000;
	if (!e)
		e = reg(false, R_INTSTS, 4, 0xc0000000);
	if (!e)
		e = reg(false, R_RIRBSTS, 1, 1);
	if (!e)
		e = reg(true, R_RIRBSTS, 1, 5);
	if (!e)
		e = reg(false, R_RIRBWP, 2, slot);
	if (!e)
		e = memory(RIRB + slot * 8, pair, 8);
	if (!e)
		e = reg(false, R_INTSTS, 4, 0);
	return e;
}

static struct err *set_up(void)
{
	static const struct { uint32_t offset; uint8_t width; uint64_t value; } steps[] = {
		{ R_GCTL, 4, 0 }, { R_GCTL, 4, 1 }, { R_CORBLBASE, 8, CORB }, { R_CORBSIZE, 1, 2 },
		{ R_CORBCTL, 1, 2 }, { R_RIRBLBASE, 8, RIRB }, { R_RIRBCTL, 1, 3 },
	};
	struct err *e = put((struct event){
		.kind = EV_CONTROLLER, .data = "0000:00:1b.0", .len = 12, .value = CTRL_EMULATED });

	for (size_t i = 0; i < ARRAY_SIZE(steps) && !e; i++)
		e = reg(true, steps[i].offset, steps[i].width, steps[i].value);
	return e;
}

int main(int argc, char **argv)
{
	struct err *e, *end;

	if (argc != 3) {
		fputs("usage: mkverbs FILE N\n", stderr);
		return 2;
	}
	e = store_create(argv[1], true, "mkverbs", &st);
	if (!e)
		e = set_up();
	for (unsigned int n = 1; !e && n <= strtoul(argv[2], NULL, 10); n++)
		e = one(n);
	end = st ? store_close(st) : NULL;
	if (!e)
		e = end;
	if (e)
		fprintf(stderr, "mkverbs: %s\n", err_text(e));
	return e != NULL;
}
