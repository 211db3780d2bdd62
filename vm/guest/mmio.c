// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmio CASE PCI-ADDRESS: drives an HD Audio controller by hand, as no Linux
 * driver does: several verbs in one CORBWP write, odd access widths, a ring
 * that moves, stops, lies above 4 GiB or nowhere, and nonsense.
 *
 * For every verb it prints what it sent and what it saw in answer, in the
 * order of sending:
 *
 *	@@ mmio 0000:00:10.0 corb 0x00260000 0x00000000
 *	@@ mmio 0000:00:10.0 immediate 0x000f0000 -          no answer
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chip.h"
#include "sequence.h"

static uint32_t counter;

/* --- sending ------------------------------------------------------------ */

static void tell(const char *kind, uint32_t word, bool answered, uint32_t response)
{
	printf("@@ mmio %s %s 0x%08x ", name, kind, word);
	if (answered)
		printf("0x%08x\n", response);
	else
		printf("-\n");
}

static void put_word(uint32_t word)
{
	corb_wp = (corb_wp + 1) % RING;
	((volatile uint32_t *)corb.mem)[corb_wp] = word;
}

static void write_wp(void)
{
	w16(CORBWP, corb_wp);
}

static unsigned int rirbwp16(void)
{
	return r16(RIRBWP) & 0xff;
}

/* The next response, or false when none comes. */
static bool next_response(unsigned int (*rirbwp)(void), uint32_t *response)
{
	volatile uint32_t *ring = rirb.mem;
	unsigned int i;

	for (i = 0; rirbwp() == rirb_rp; i++) {
		if (i == 100)
			return false;
		/* as a driver's interrupt handler does; QEMU's controller goes on then */
		w8(RIRBSTS, RIRBSTS_ALL);
	}
	rirb_rp = (rirb_rp + 1) % RING;
	*response = ring[rirb_rp * 2];
	return true;
}

/* @n words of the sequence in one announcement, then their answers. */
static void batch_with(unsigned int n, void (*announce)(void), unsigned int (*rirbwp)(void))
{
	uint32_t first = counter, response, i;

	printf("@@ batch %u\n", n);
	for (i = 0; i < n; i++)
		put_word(sequence_word(0, counter++));
	announce();
	for (i = 0; i < n; i++) {
		bool answered = next_response(rirbwp, &response);

		tell("corb", sequence_word(0, first + i), answered, response);
		if (answered && response != sequence_answer(first + i))
			printf("@@ wrong answer 0x%08x to verb %u\n", response, first + i);
	}
	w8(RIRBSTS, RIRBSTS_ALL);
}

static void batch(unsigned int n)
{
	batch_with(n, write_wp, rirbwp16);
}

static void one(const char *kind, uint32_t word)
{
	uint32_t response;
	bool answered;

	put_word(word);
	write_wp();
	answered = next_response(rirbwp16, &response);
	tell(kind, word, answered, response);
	w8(RIRBSTS, RIRBSTS_ALL);
}

static void immediate(uint32_t word)
{
	unsigned int i;

	w16(ICIS, ICIS_IRV);
	w32(ICOI, word);
	w16(ICIS, ICIS_IRV | ICIS_ICB);
	for (i = 0; i < 100; i++) {
		if ((r16(ICIS) & (ICIS_IRV | ICIS_ICB)) == ICIS_IRV) {
			tell("immediate", word, true, r32(ICII));
			return;
		}
	}
	tell("immediate", word, false, 0);
	w16(ICIS, 0);	/* given up, as the specification wants it */
}

/* --- the cases ---------------------------------------------------------- */

/*
 * Several verbs in one CORBWP write, over many laps.  The batches that can
 * stand in QEMU's trace before the first of them is looked at never fill more
 * than the ring, so that every word can be proven: three small ones, or one of
 * the largest, whose 254 looks at RIRBWP come before the next.
 */
static void case_batches(void)
{
	unsigned int n;

	setup();
	for (n = 1; n < RING / 3; n++)
		batch(n);
	for (n = 0; n < 10; n++) {
		batch(1);
		batch(RESPONSES_PER_STOP - 1);
	}
}

/* The same, but a batch may overwrite the one before it. */
static void case_crowded(void)
{
	unsigned int n;

	setup();
	for (n = 1; n <= RESPONSES_PER_STOP - 1; n += 7)
		batch(n);
	batch(RESPONSES_PER_STOP - 1);
	batch(RESPONSES_PER_STOP - 1);
}

/* One response a stop: the device fetches words long after they were announced. */
static void case_slow(void)
{
	unsigned int n;

	setup();
	w16(RINTCNT, 1);
	for (n = 1; n < RING / 3; n += 6)
		batch(n);
}

static void write_wp_dword(void)
{
	w32(CORBWP, corb_wp);	/* covers CORBRP too */
}

static void write_wp_byte(void)
{
	w8(CORBWP, corb_wp);
}

static unsigned int rirbwp8(void)
{
	return r8(RIRBWP);
}

static unsigned int rirbwp32(void)
{
	return r32(RIRBWP) & 0xff;	/* covers RINTCNT too */
}

static void case_widths(void)
{
	unsigned int i;

	setup();
	for (i = 0; i < 100; i++) {
		batch_with(3, write_wp_dword, rirbwp8);
		batch_with(2, write_wp_byte, rirbwp32);
		batch_with(5, write_wp, rirbwp8);
	}
}

/* The bases in any order and width, and moved while stopped. */
static void case_bases(void)
{
	struct page other_corb = page_alloc(), other_rirb = page_alloc(), swap;
	unsigned int i;

	controller_reset();
	w32(CORBUBASE, corb.phys >> 32);
	w32(CORBLBASE, corb.phys);
	w64(RIRBLBASE, rirb.phys);
	rings_start();
	batch(100);
	for (i = 0; i < 6; i++) {
		rings_stop();
		swap = corb, corb = other_corb, other_corb = swap;
		swap = rirb, rirb = other_rirb, other_rirb = swap;
		w64(CORBLBASE, corb.phys);
		w32(RIRBUBASE, rirb.phys >> 32);
		w32(RIRBLBASE, rirb.phys);
		rings_start();
		batch(50 + i);
		batch(80);
		batch(80);
		batch(80);
	}
}

/* Both rings in one page, as Windows and Linux place them, and at an odd place in it. */
static void case_one_page(void)
{
	struct page page = corb;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		corb.mem = (char *)page.mem + i * 128;
		corb.phys = page.phys + i * 128;
		rirb.mem = (char *)page.mem + 0x800 - i * 128;
		rirb.phys = page.phys + 0x800 - i * 128;
		setup();
		batch(80);
		batch(80);
		batch(80);
		batch(80);
	}
}

/* Low bits of a base are read-only zeros: the ring is where it was. */
static void case_unaligned(void)
{
	controller_reset();
	corb_base(corb.phys | 0x7f);
	rirb_base(rirb.phys | 0x7f);
	rings_start();
	batch(80);
	batch(80);
	batch(80);
	batch(80);
}

static void case_immediate(void)
{
	unsigned int i;

	setup();
	for (i = 0; i < 100; i++) {
		batch(3);
		immediate(sequence_word(0, counter++));
		immediate(0x000f0000 | i % 5);
	}
}

/* Broadcast, a codec that is not there, and immediate commands to it. */
static void case_nobody(void)
{
	setup();
	batch(10);
	one("broadcast", 0xf0000000);
	batch(10);
	one("corb", 0x50012345);
	usleep(1200 * 1000);	/* nobody waits longer for an answer */
	batch(10);
	immediate(0x50012345);
	batch(10);
}

/* A handful of verbs, for a controller whose codecs are somewhere else. */
static void case_few(void)
{
	setup();
	batch(5);
	batch(5);
}

/* Words are queued while the ring stands still. */
static void case_stopped(void)
{
	uint32_t first, i, response;

	setup();
	batch(20);
	settle();
	w8(CORBCTL, 0);
	first = counter;
	for (i = 0; i < 30; i++) {
		put_word(sequence_word(0, counter++));
		write_wp();
	}
	w8(CORBCTL, CORBCTL_RUN);
	for (i = 0; i < 30; i++) {
		bool answered = next_response(rirbwp16, &response);

		tell("corb", sequence_word(0, first + i), answered, response);
	}
	batch(20);
}

/* Sizes are written while the ring runs; QEMU's is fixed at 256 and says so when asked. */
static void case_resize(void)
{
	static const uint8_t sizes[] = { 0, 1, 3, 2, 0xff, 0 };
	unsigned int i;

	setup();
	for (i = 0; i < sizeof(sizes); i++) {
		batch(30);
		w8(CORBSIZE, sizes[i]);
		printf("@@ size %#x asked for, %#x it is\n", sizes[i], r8(CORBSIZE));
		batch(30);
	}
}

/* Reset in the middle, again and again, with verbs behind it. */
static void case_resets(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		setup();
		batch(30 + i);
	}
	rings_stop();
	rings_start();
	batch(40);
}

/* A base where there is no memory: the words cannot be known, and that is said. */
static void case_outside(void)
{
	setup();
	batch(20);
	rings_stop();
	corb_base(0x0000700000000000);
	w16(CORBWP, 0);
	w16(CORBRP, CORBRP_RST);
	w16(CORBRP, 0);
	w8(CORBCTL, CORBCTL_RUN);
	w16(CORBWP, 10);
	printf("@@ lost 10\n");
	usleep(1200 * 1000);
	setup();
	batch(20);
}

/* Words that are terminal escapes, newlines and a monitor's commands. */
static void case_escapes(void)
{
	static const char text[] = "\033[2J\033]0;x\007\r\nquit\nquit\n\xff\xfe\x9b\x9b" "31m\\\"%s%n\n";
	uint32_t word;
	size_t i;

	setup();
	/* as text they go to codecs that are not there, so that they harm nobody */
	for (i = 0; i + 4 <= sizeof(text); i++) {
		memcpy(&word, text + i, 4);
		if (word >> 28)
			one(word >> 28 == 15 ? "broadcast" : "corb", word);
	}
	batch(10);
}

/* Anything, anywhere: the values are the same in every run. */
static void case_nonsense(void)
{
	uint64_t r = 0x9e3779b97f4a7c15;
	unsigned int i;

	setup();
	for (i = 0; i < 30000; i++) {
		unsigned int reg;
		uint32_t v;

		r ^= r << 13, r ^= r >> 7, r ^= r << 17;
		reg = r % 0x70;
		v = r >> 32;
		if (r >> 20 & 1)
			v &= 0x83;
		switch (r >> 16 & 7) {
		case 0: w8(reg, v); break;
		case 1: w16(reg & ~1u, v); break;
		case 2: w32(reg & ~3u, v); break;
		case 3: w64(reg & ~7u, (uint64_t)v << 20 | v); break;
		case 4: r8(reg); break;
		case 5: r16(reg & ~1u); break;
		case 6: r32(reg & ~3u); break;
		case 7: w16(CORBWP, v); break;
		}
	}
	/* and it still works */
	setup();
	printf("@@ sane\n");
	batch(100);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "batches", case_batches },
	{ "crowded", case_crowded },
	{ "slow", case_slow },
	{ "widths", case_widths },
	{ "bases", case_bases },
	{ "one_page", case_one_page },
	{ "unaligned", case_unaligned },
	{ "immediate", case_immediate },
	{ "nobody", case_nobody },
	{ "few", case_few },
	{ "stopped", case_stopped },
	{ "resize", case_resize },
	{ "resets", case_resets },
	{ "outside", case_outside },
	{ "escapes", case_escapes },
	{ "nonsense", case_nonsense },
};

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 3) {
		fprintf(stderr, "usage: mmio CASE PCI-ADDRESS\n");
		return 2;
	}
	name = argv[2];
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(cases[i].name, argv[1]))
			continue;
		open_device();
		corb = page_alloc();
		rirb = page_alloc();
		printf("@@ rings corb=%#llx rirb=%#llx\n", (unsigned long long)corb.phys,
		       (unsigned long long)rirb.phys);
		cases[i].run();
		/* or the pages would serve something else while the ring still runs */
		rings_stop();
		return 0;
	}
	fprintf(stderr, "mmio: no case %s\n", argv[1]);
	return 2;
}
