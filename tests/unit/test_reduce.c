// SPDX-License-Identifier: GPL-2.0-or-later
/* Reduction: rule by rule, and then random lists compared with a simple model of a codec. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/reduce.h"
#include "any_list.h"
#include "steps_rig.h"
#include "plain_codec.h"

/* The words that are kept. */
static void reduced(const char *list, struct buf *out)
{
	struct reduction r;
	struct steps a;

	rig_list(list, &a);
	rig_must(reduce_steps(&a, NULL, &r));
	rig_words(&a, r.chosen, out);
	reduction_deinit(&r);
	steps_deinit(&a);
}

static void expect(const char *list, const char *words)
{
	struct buf b = { 0 };

	reduced(list, &b);
	assert_string_equal(buf_str(&b), words);
	buf_deinit(&b);
}

static void registers(void **state)
{
	expect("0x14 0x707 0x40\n0x15 0x707 0xc0\n0x14 0x707 0x00\n", "015707c0 01470700 ");
	/* a value that is there already is not written again: the first of equal writes is kept */
	expect("0x14 0x707 0x40\n0x15 0x707 0xc0\n0x14 0x707 0x40\n", "01470740 015707c0 ");
	/* each side of an amplifier is a register */
	expect("0x02 0x300 0xb07f\n0x02 0x300 0xa010\n", "0023b07f 0023a010 ");
	expect("0x02 0x300 0xa07f\n0x02 0x300 0x907f\n0x02 0x300 0xb010\n", "0023b010 ");
	expect("0x02 0x300 0x7005\n0x02 0x300 0xb010\n0x02 0x300 0x7105\n",
	       "00237005 0023b010 00237105 ");
	/* each byte of a pin's default is a register, and they stay together */
	expect("0x14 0x71c 0x10\n0x14 0x71d 0x01\n0x14 0x707 0\n0x14 0x71d 0x02\n",
	       "01471c10 01471d01 01470700 01471d02 ");
	expect("0x20 0x500 0x10\n0x20 0x40e 0x21\n0x20 0x500 0x11\n0x20 0x400 1\n"
	       "0x20 0x500 0x10\n0x20 0x40f 0x21\n", "02050011 02040001 02050010 02040f21 ");
	/* a measurement, and an index without an access, change nothing */
	expect("0x14 0x709 0x00\n0x20 0x500 0x26\n", "");
}

static void contexts(void **state)
{
	/* nothing is done while the group sleeps */
	expect("0x01 0x705 0\n0x14 0x707 0x40\n0x01 0x705 3\n0x01 0x705 0\n0x15 0x707 0xc0\n",
	       "00170500 01470740 015707c0 ");
	/* the last state is kept */
	expect("0x01 0x705 0\n0x14 0x707 0x40\n0x01 0x705 3\n", "00170500 01470740 00170503 ");
	/* a value written before it slept is written again: it may have been lost */
	expect("0x01 0x705 0\n0x14 0x707 0x40\n0x01 0x705 3\n0x20 0x500 7\n0x20 0x400 1\n"
	       "0x01 0x705 0\n0x14 0x707 0x40\n",
	       "00170503 02050007 02040001 00170500 01470740 ");
	/* a value written asleep may differ from one written awake */
	expect("0x01 0x705 3\n0x14 0x707 0x40\n0x01 0x705 0\n0x14 0x707 0x40\n",
	       "00170500 01470740 ");
	expect("0x14 0x705 3\n0x14 0x707 0x40\n0x14 0x705 0\n0x14 0x707 0x40\n",
	       "01470500 01470740 ");
	/* a widget's own power */
	expect("0x14 0x705 0\n0x15 0x705 3\n0x14 0x705 3\n0x14 0x705 0\n", "01570503 01470500 ");
}

static void outside(void **state)
{
	/* a pulse is two changes, the same value again is none */
	expect("0x01 0x715 2\n0x01 0x715 2\n0x14 0x707 1\n0x01 0x715 0\n0x14 0x707 2\n0x01 0x715 2\n",
	       "00171502 00171500 01470702 00171502 ");
	/* every transaction, also the same one twice */
	expect("0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x23\n0x20 0x400 1\n0x20 0x400 0\n"
	       "0x20 0x400 2\n0x20 0x4b0 0x11\n0x20 0x500 0x10\n0x20 0x400 1\n"
	       "0x20 0x500 0x23\n0x20 0x400 1\n0x20 0x400 0\n0x20 0x400 2\n0x20 0x4b0 0x11\n"
	       "0x20 0x500 0x10\n0x20 0x400 2\n",
	       "02050022 02040038 02050023 02040001 02040000 02040002 0204b011 "
	       "02050023 02040001 02040000 02040002 0204b011 02050010 02040002 ");
	/* an I2C device is selected for a read, and then written */
	expect("# hdadump verb list, version 1\n# codec: address 0, vendor 0x10138409\n"
	       "0x47 0x500 0x59\n0x47 0x400 0x90\n0x47 0x500 0x5e\n0x47 0x400 0x0200\n"
	       "0x47 0x500 0x5e\n0x47 0xc00 0\n0x47 0x500 0x5d\n0x47 0x400 0x0107\n",
	       "04750059 04740090 0475005d 04740000 0475005d 04740107 ");
	/* a packet's byte at an unknown index */
	expect("0x05 0x731 0x84\n0x14 0x707 1\n0x05 0x730 0\n0x05 0x731 0x84\n",
	       "00573184 01470701 00573000 00573184 ");
	/* broken by another coef before any was whole: the halves are kept, in their order */
	expect("0x20 0x500 0x23\n0x20 0x400 1\n0x20 0x500 0x45\n0x20 0x400 1\n0x20 0x500 0x26\n"
	       "0x20 0x4b0 0x11\n0x20 0x500 0x23\n0x20 0x400 2\n0x20 0x500 0x46\n0x20 0x400 1\n"
	       "0x20 0x500 0x26\n0x20 0x4b0 0x11\n",
	       "02050023 02040001 02050045 02040001 02050026 0204b011 02050023 02040002 02050046 02040001 "
	       "02050026 0204b011 ");
	expect("0x14 0x707 1\n0x01 0x7ff 0\n0x01 0x7ff 0\n0x14 0x707 2\n", "0017ff00 0017ff00 01470702 ");
	/* an unknown verb */
	expect("0x14 0x7a5 1\n0x14 0x7a5 1\n", "0147a501 0147a501 ");
}

static void commands(void **state)
{
	expect("# hdadump verb list, version 1\n# codec: address 0, vendor 0x10ec0298, commands 20:1b\n"
	       "0x20 0x500 0x1b\n0x20 0x480 0\n0x20 0x500 0x1b\n0x20 0x400 0\n0x20 0x500 0x1b\n"
	       "0x20 0x480 0\n0x20 0x500 0x1c\n0x20 0x400 1\n0x20 0x400 1\n0x20 0x500 0x1c\n0x20 0x400 2\n",
	       "0205001b 02048000 0205001b 02040000 0205001b 02048000 0205001d 02040001 0205001c "
	       "02040002 ");
}

static void retries(void **state)
{
	static const char commands[] = "# hdadump verb list, version 1\n"
				       "# codec: address 0, vendor 0x10ec0298, commands 20:1b\n";
	struct buf list = { 0 };

	/* a register needs no retry, a command is sent twice */
	expect("0x20 0x500 0x1b\n0x20 0x480 0\n0x20 0x500 0x1b\n0x20 0x480 0\n", "0205001b 02048000 ");
	buf_addf(&list, "%s0x20 0x500 0x1b\n0x20 0x480 0\n0x20 0x500 0x1b\n0x20 0x480 0\n", commands);
	expect(buf_str(&list), "0205001b 02048000 0205001b 02048000 ");
	buf_deinit(&list);
}

static void gaps(void **state)
{
	/* the gap's contents are unknown: the value may have changed in between */
	expect("# hdadump verb list, version 1\n0x01 0x715 2\n# gap: lost\n0x01 0x715 2\n",
	       "00171502 00171502 ");
}

static void masks(void **state)
{
	static const char list[] =
		"# hdadump verb list, version 1\n"
		"# update: mask 0x0100, was 0x0e21\n0x20 0x500 0x10\n0x20 0x400 0x0f21\n"
		"# update: mask 0x0001, was 0x0f21\n0x20 0x500 0x10\n0x20 0x400 0x0f20\n"
		"# update: mask 0x0001, was 0x0000\n0x20 0x500 0x11\n0x20 0x400 0x0001\n"
		"0x20 0x500 0x11\n0x20 0x400 0x0003\n";
	struct reduction r;
	struct steps a;

	rig_list(list, &a);
	rig_must(reduce_steps(&a, NULL, &r));
	assert_int_equal(a.n, 4);
	assert_int_equal(r.stays, 2);
	assert_int_equal(r.masks[1], 0x0101);
	assert_int_equal(r.masks[3], 0xffff);
	reduction_deinit(&r);
	steps_deinit(&a);
}

/* --- lists of any verbs ------------------------------------------------------------ */

static void play(const char *words, struct plain *p)
{
	char *end;

	for (; *words; words = end + 1)
		plain_put(p, (uint32_t)strtoul(words, &end, 16));
}

static void play_list(const char *list, struct plain *p)
{
	unsigned int nid, id, payload;

	for (; *list; list = strchr(list, '\n') + 1)
		if (sscanf(list, "0x%x 0x%x 0x%x", &nid, &id, &payload) == 3)
			plain_put(p, nid << 20 | id << 8 | payload);
}

static unsigned int count(const char *text, char c)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

/* Writes the reduced list, with its head. */
static void keep(const char *list, struct buf *out)
{
	struct reduction r;
	struct steps a;

	rig_list(list, &a);
	rig_must(reduce_steps(&a, NULL, &r));
	rig_write_chosen(&a, r.chosen, NULL, out);
	reduction_deinit(&r);
	steps_deinit(&a);
}

static void any_list(unsigned int number, unsigned int verbs)
{
	bool ports = number % 3, resets = number % 2, gpio = number % 5 < 2;
	struct buf list = { 0 }, words = { 0 }, once = { 0 }, again = { 0 };
	struct plain *before = plain_create(), *after = plain_create(), *third = plain_create();
	unsigned int generation;

	any_seed = number;
	generation = any_below(2);
	if (ports)
		any_transfer(&list, generation);
	any_add(&list, 0x14, 0x707, 0x40);
	for (unsigned int i = 0; i < verbs; i++)
		any_verb(&list, generation, ports, resets, gpio);
	play_list(buf_str(&list), before);
	reduced(buf_str(&list), &words);
	play(buf_str(&words), after);
	if (!plain_same(before, after)) {
		printf("%s\n--\n%s\n", buf_str(&list), buf_str(&words));
		fail_msg("list %u leaves another state", number);
	}
	assert_true(count(buf_str(&words), ' ') <= count(buf_str(&list), '\n'));
	/*
	 * Reducing again removes and changes nothing. A GPIO step stays whole if one of its
	 * registers changes; next to another step it may become shorter.
	 */
	keep(buf_str(&list), &once);
	reduced(buf_str(&once), &again);
	play(buf_str(&again), third);
	if (again.len > words.len || (!gpio && again.len != words.len) ||
	    !plain_same(before, third)) {
		printf("%s\n--\n%s\n%s\n", buf_str(&list), buf_str(&words), buf_str(&again));
		fail_msg("list %u goes on shrinking", number);
	}
	free(before);
	free(after);
	free(third);
	buf_deinit(&list);
	buf_deinit(&words);
	buf_deinit(&once);
	buf_deinit(&again);
}

static void any(void **state)
{
	for (unsigned int i = 0; i < 500; i++)
		any_list(i, 3 + i / 2);
}

/* Without steps that have an order, exactly one write of each register is left. */
static void is_shortest(void **state)
{
	static const uint16_t sets[] = { 0x701, 0x706, 0x707, 0x70c };

	for (unsigned int number = 0; number < 50; number++) {
		struct buf list = { 0 }, words = { 0 };
		bool used[3][4] = { 0 };
		unsigned int registers = 0;

		any_seed = number;
		for (unsigned int i = 0; i < 40; i++) {
			unsigned int n = any_below(3), s = any_below(4);

			any_add(&list, 0x14 + n, sets[s], any_below(3));
			registers += !used[n][s];
			used[n][s] = true;
		}
		reduced(buf_str(&list), &words);
		assert_int_equal(count(buf_str(&words), ' '), registers);
		buf_deinit(&list);
		buf_deinit(&words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers), cmocka_unit_test(contexts), cmocka_unit_test(outside),
		cmocka_unit_test(commands), cmocka_unit_test(retries), cmocka_unit_test(gaps), cmocka_unit_test(masks),
		cmocka_unit_test(any), cmocka_unit_test(is_shortest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
