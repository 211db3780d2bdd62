// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The proof of a reduction: it succeeds for what reduce makes from any list, also with
 * comments added or reads removed; and it fails if a verb that matters is removed, changed or
 * moved.
 */
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
#include "proof_rig.h"

static struct proof check(const struct proof_list *before, const struct proof_list *after,
			  const struct steps *a)
{
	struct proof p;

	rig_must(proof_check(before, after, a->codecs, a->n_codecs, &p));
	assert_int_equal(p.same, !p.difference[0]);
	return p;
}

/* For the texts themselves, without a reduction. */
static struct proof compare(const char *before, const char *after)
{
	struct proof_list x = { 0 }, y = { 0 };
	struct steps a, b;
	struct proof p;

	proof_of_text(before, &x, &a);
	proof_of_text(after, &y, &b);
	p = check(&x, &y, &a);
	steps_deinit(&a);
	steps_deinit(&b);
	buf_deinit(&x.verbs);
	buf_deinit(&y.verbs);
	return p;
}

static void same(const char *before, const char *after)
{
	struct proof p = compare(before, after);

	assert_string_equal(p.difference, "");
}

static void other(const char *before, const char *after, const char *difference)
{
	struct proof p = compare(before, after);

	assert_string_equal(p.difference, difference);
}

#define AMP(reg, value) \
	"0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x23\n0x20 0x400 " reg "\n" \
	"0x20 0x400 0x0\n0x20 0x400 " value "\n0x20 0x4b0 0x11\n"

static void registers(void **state)
{
	same("0x14 0x707 0x40\n0x15 0x707 0xc0\n0x14 0x707 0x00\n", "0x15 0x707 0xc0\n0x14 0x707 0x00\n");
	other("0x14 0x707 0x40\n0x14 0x707 0x00\n", "0x14 0x707 0x40\n",
	      "register 707 of NID 14 of codec 0 is left as 40, in the input as 0");
	other("0x14 0x707 0x40\n0x15 0x707 0xc0\n", "0x15 0x707 0xc0\n",
	      "register 707 of NID 14 of codec 0 is left as ffffffff, in the input as 40");
	other("0x14 0x707 0x40\n", "0x14 0x707 0x40\n0x15 0x707 0x40\n",
	      "the verb 01570740 of verb 2 of the result is not in the input, or not in this order");
	other("0x14 0x707 0x40\n0x15 0x707 0x40\n", "0x15 0x707 0x40\n0x14 0x707 0x40\n",
	      "the verb 01470740 of verb 2 of the result is not in the input, or not in this order");
	/* each side of an amplifier */
	same("0x02 0x300 0xa07f\n0x02 0x300 0x907f\n0x02 0x300 0xb010\n", "0x02 0x300 0xb010\n");
	other("0x02 0x300 0xb07f\n0x02 0x300 0xa010\n", "0x02 0x300 0xa010\n",
	      "register 300 of NID 02 of codec 0 is left as ffffffff, in the input as 7f");
	/* coefs, in whatever way their index is selected */
	same("0x20 0x500 0x10\n0x20 0x400 1\n0x20 0x400 2\n", "0x20 0x500 0x10\n0x20 0x400 1\n"
	     "0x20 0x500 0x11\n0x20 0x400 2\n");
	other("0x20 0x500 0x10\n0x20 0x400 1\n0x20 0x400 2\n",
	      "0x20 0x500 0x10\n0x20 0x400 1\n0x20 0x500 0x12\n0x20 0x400 2\n",
	      "the coef 20[12] = 0002 of verb 4 of the result is not in the input, or not in this order");
}

static void outside(void **state)
{
	struct proof p = compare("0x01 0x715 2\n" AMP("0x1", "0x2") AMP("0x1", "0x2") "0x01 0x715 0\n",
				 "0x01 0x715 2\n" AMP("0x1", "0x2") AMP("0x1", "0x2") "0x01 0x715 0\n");

	assert_true(p.same);
	assert_int_equal(p.transfers, 2);
	assert_int_equal(p.changes, 2);
	/* the same transaction twice is two */
	other(AMP("0x1", "0x2") AMP("0x1", "0x2"), AMP("0x1", "0x2"),
	      "the amplifier transaction to 38, register 0001, command b011 of verb 14 is missing or "
	      "at another place");
	other(AMP("0x1", "0x2") AMP("0x3", "0x2"), AMP("0x3", "0x2") AMP("0x1", "0x2"),
	      "the amplifier transaction to 38, register 0003, command b011 of verb 14 is missing or "
	      "at another place");
	/* it relied on the target of the transaction before */
	other("0x20 0x500 0x22\n0x20 0x400 0x38\n" AMP("0x1", "0x2") "0x20 0x500 0x22\n0x20 0x400 0x39\n"
	      "0x20 0x500 0x23\n0x20 0x400 0x5\n0x20 0x400 0x0\n0x20 0x400 0x1\n0x20 0x4b0 0x11\n",
	      AMP("0x1", "0x2") "0x20 0x500 0x23\n0x20 0x400 0x5\n0x20 0x400 0x0\n0x20 0x400 0x1\n"
	      "0x20 0x4b0 0x11\n",
	      "the amplifier transaction to 39, register 0005, command b011 of verb 16 is missing or "
	      "at another place");
	/* a pulse */
	other("0x01 0x715 2\n0x01 0x715 0\n0x01 0x715 2\n", "0x01 0x715 2\n",
	      "the GPIO change 00171500 of verb 2 is missing or at another place");
	same("0x01 0x715 2\n0x01 0x715 2\n", "0x01 0x715 2\n");
	other("0x01 0x7ff 0\n0x14 0x707 1\n", "0x14 0x707 1\n",
	      "the reset 0017ff00 of verb 1 is missing or at another place");
	/* broken by another coef: both halves are kept */
	other("0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x23\n0x20 0x400 0x1\n0x20 0x500 0x45\n"
	      "0x20 0x400 1\n0x20 0x500 0x26\n0x20 0x4b0 0x11\n0x20 0x500 0x23\n0x20 0x400 0x2\n"
	      "0x20 0x500 0x26\n0x20 0x4b0 0x11\n",
	      "0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x45\n0x20 0x400 1\n0x20 0x500 0x23\n"
	      "0x20 0x400 0x2\n0x20 0x500 0x26\n0x20 0x4b0 0x11\n",
	      "the amplifier transaction to 38, register 0001, command b011 of verb 8 is missing or at "
	      "another place");
	/* an unknown verb */
	other("0x14 0x7a5 1\n0x14 0x7a5 1\n", "0x14 0x7a5 1\n",
	      "the verb 0147a501 of verb 2 is missing or at another place");
	/* a command, named by the head */
	other("# hdadump verb list, version 1\n# codec: address 0, vendor 0x10ec0298, commands 20:1b\n"
	      "0x20 0x500 0x1b\n0x20 0x480 0\n0x20 0x500 0x1b\n0x20 0x400 0\n",
	      "# hdadump verb list, version 1\n# codec: address 0, vendor 0x10ec0298, commands 20:1b\n"
	      "0x20 0x500 0x1b\n0x20 0x400 0\n",
	      "the command to coef 20[1b] = 8000 of verb 2 is missing or at another place");
}

#define ASKS "0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x23\n0x20 0x400 0x9\n" \
	     "0x20 0x500 0x26\n0x20 0x4b0 0x35\n"

static void questions(void **state)
{
	struct proof p = compare(ASKS "0x20 0x500 0x25\n0x20 0xc00 0\n" AMP("0x1", "0x2"), AMP("0x1", "0x2"));

	assert_true(p.same);
	assert_int_equal(p.questions, 1);
	/* read twice, kept once */
	same(AMP("0x4", "0x2") ASKS "0x20 0x500 0x25\n0x20 0xc00 0\n" ASKS AMP("0x1", "0x2"),
	     AMP("0x4", "0x2") ASKS AMP("0x1", "0x2"));
	/* its read was left out */
	same(AMP("0x4", "0x2") ASKS "0x20 0x500 0x25\n" AMP("0x1", "0x2"), AMP("0x4", "0x2") AMP("0x1", "0x2"));
	/* nothing shows that it is a read */
	/* a plain write of the old data */
	other(AMP("0x4", "0x2") "0x20 0x500 0x23\n0x20 0x400 0x9\n0x20 0x500 0x26\n0x20 0x4b0 0x11\n"
	      "0x20 0x500 0x25\n0x20 0xc00 0\n" AMP("0x1", "0x2"), AMP("0x4", "0x2") AMP("0x1", "0x2"),
	      "the amplifier transaction to 38, register 0009, command b011 of verb 11 is missing or "
	      "at another place");
	other(ASKS AMP("0x1", "0x2"), AMP("0x1", "0x2"),
	      "the amplifier transaction to 38, register 0009, command b035 of verb 6 is missing or "
	      "at another place");
	/* it writes, even if a read follows */
	other(AMP("0x4", "0x2") "0x20 0x500 0x25\n0x20 0xc00 0\n" AMP("0x1", "0x2"), AMP("0x1", "0x2"),
	      "the amplifier transaction to 38, register 0004, command b011 of verb 7 is missing or "
	      "at another place");
}

static void power(void **state)
{
	other("0x01 0x705 0\n" AMP("0x1", "0x2") "0x01 0x705 3\n", AMP("0x1", "0x2") "0x01 0x705 3\n",
	      "the amplifier transaction to 38, register 0001, command b011 of verb 8 is done in another "
	      "state of power");
	/* written before it slept, and after */
	other("0x14 0x707 1\n0x01 0x705 3\n0x01 0x705 0\n0x14 0x707 1\n",
	      "0x14 0x707 1\n0x01 0x705 3\n0x01 0x705 0\n",
	      "register 707 of NID 14 of codec 0 is written in another state of power");
	same("0x14 0x707 1\n0x01 0x705 3\n0x01 0x705 0\n0x14 0x707 1\n",
	     "0x01 0x705 3\n0x01 0x705 0\n0x14 0x707 1\n");
}

/* --- results of reduce for random lists ------------------------------------------------- */

static void any_text(struct buf *list, unsigned int number)
{
	unsigned int generation;

	any_seed = number;
	generation = any_below(2);
	if (number % 3)
		any_transfer(list, generation);
	any_add(list, 0x14, 0x707, 0x40);
	for (unsigned int i = 0; i < 3 + number / 8; i++)
		if (number % 3 && !any_below(4))
			any_long_transfer(list, generation);
		else if (!any_below(20))
			buf_adds(list, "# a comment\n");
		else
			any_verb(list, generation, number % 3, number % 2, number % 5 < 2);
}

static void reductions(void **state)
{
	size_t transfers = 0, questions = 0, changes = 0;

	for (unsigned int number = 0; number < 1000; number++) {
		struct proof_list before = { 0 }, after = { 0 };
		struct buf list = { 0 };
		struct reduction r;
		struct proof p;
		struct steps a;

		any_text(&list, number);
		proof_of_text(buf_str(&list), &before, &a);
		rig_must(reduce_steps(&a, NULL, &r));
		proof_of_chosen(&a, r.chosen, &after);
		p = check(&before, &after, &a);
		if (!p.same) {
			struct buf words = { 0 };

			rig_words(&a, r.chosen, &words);
			printf("%s\n--\n%s\n", buf_str(&list), buf_str(&words));
			fail_msg("list %u: %s", number, p.difference);
		}
		transfers += p.transfers;
		questions += p.questions;
		changes += p.changes;
		reduction_deinit(&r);
		steps_deinit(&a);
		buf_deinit(&before.verbs);
		buf_deinit(&after.verbs);
		buf_deinit(&list);
	}
	assert_true(transfers > 1000 && questions > 100 && changes > 100);
}

/* --- captures: answers, the codec's tree, resets of the controller ------------------------ */

struct capture {
	struct steps steps;
	struct proof_list list;
	uint64_t index;
};

static void put(struct capture *c, enum xact_kind kind, uint32_t word, bool has_resp, uint32_t resp)
{
	struct xact x = {
		.kind = (uint8_t)kind, .certainty = CERT_EXACT, .t_verb = EVENT_TIME_NONE,
		.t_resp = EVENT_TIME_NONE, .cad = (uint8_t)(word >> 28),
	};
	struct decoded d = { 0 };

	if (kind == XACT_CORB) {
		x.index = ++c->index;
		x.verb = word;
		x.has_verb = true;
		x.has_resp = has_resp;
		x.resp = resp;
		x.unrecorded = !has_resp;
	}
	rig_must(c->steps.sink.ops->put(&c->steps.sink, &x, &d));
	rig_must(proof_add(&c->list, &(struct proof_verb){
		.word = word, .resp = resp, .reset = kind == XACT_RESET, .has_resp = has_resp,
	}));
}

/* The tree of codec 0: a function group, and widgets from 02 to 61. */
static void put_tree(struct capture *c)
{
	put(c, XACT_CORB, 0x000f0000, true, 0x10ec0298);
	put(c, XACT_CORB, 0x000f0004, true, 0x00010001);
	put(c, XACT_CORB, 0x001f0005, true, 0x00000001);
	put(c, XACT_CORB, 0x001f0004, true, 0x00020060);
}

static void put_any(struct capture *c, const char *list)
{
	unsigned int nid, id, payload, cad = any_below(8) ? 0 : 1;

	for (const char *end; (end = strchr(list, '\n')); list = end + 1) {
		uint32_t word;

		if (sscanf(list, "0x%x 0x%x 0x%x", &nid, &id, &payload) != 3)
			continue;
		word = cad << 28 | nid << 20 | id << 8 | payload;
		put(c, XACT_CORB, word, true, (id & 0xf00) >= 0xa00 ? any_below(4) : 0);
	}
}

static void captures(void **state)
{
	size_t resets = 0, registers = 0;

	for (unsigned int number = 0; number < 600; number++) {
		struct capture c = { 0 };
		struct proof_list after = { 0 };
		struct buf list = { 0 };
		struct reduction r;
		struct proof p;
		unsigned int generation;

		any_seed = number + 5000;
		generation = any_below(2);
		rig_must(steps_init(&c.steps));
		if (number % 4)
			put_tree(&c);
		for (unsigned int i = 0; i < 5 + number / 8; i++) {
			buf_clear(&list);
			if (!any_below(15)) {
				put(&c, XACT_RESET, 0, false, 0);
				resets++;
				continue;
			}
			if (number % 3 && !any_below(5))
				any_long_transfer(&list, generation);
			else
				any_verb(&list, generation, number % 3, number % 2, number % 5 < 2);
			if (!any_below(10))
				any_add(&list, 0x05, 0x735, any_below(3));
			if (!any_below(10))
				any_add(&list, 0x05, any_below(2) ? 0x701 : 0x707, any_below(3));
			if (!any_below(10)) {
				any_add(&list, 0x05, 0x730, any_below(3));
				any_add(&list, 0x05, 0x731, any_below(3));
			}
			if (!any_below(10))
				any_add(&list, 0x15, 0x7a5, any_below(2));
			put_any(&c, buf_str(&list));
		}
		rig_must(steps_finish(&c.steps));
		rig_must(reduce_steps(&c.steps, NULL, &r));
		proof_of_chosen(&c.steps, r.chosen, &after);
		p = check(&c.list, &after, &c.steps);
		if (!p.same) {
			const struct proof_verb *v = (const void *)c.list.verbs.data;

			for (size_t i = 0; i < c.list.verbs.len / sizeof(*v); i++)
				printf(v[i].reset ? "RESET\n" : "%zu: %08x\n", i + 1, v[i].word);
			v = (const void *)after.verbs.data;
			for (size_t i = 0; i < after.verbs.len / sizeof(*v); i++)
				printf("after %zu: %08x\n", i + 1, v[i].word);
			fail_msg("capture %u: %s", number, p.difference);
		}
		registers += p.registers;
		reduction_deinit(&r);
		steps_deinit(&c.steps);
		buf_deinit(&c.list.verbs);
		buf_deinit(&after.verbs);
		buf_deinit(&list);
	}
	assert_true(resets > 500 && registers > 5000);
}

/*
 * Without any one of the steps that reduce keeps the proof fails, except for what it cannot
 * know.
 */
static void one_less(void **state)
{
	unsigned int tried = 0, found = 0;

	for (unsigned int number = 1; number < 200; number++) {
		struct proof_list before = { 0 };
		struct buf list = { 0 };
		struct reduction r;
		struct steps a;

		any_text(&list, number);
		proof_of_text(buf_str(&list), &before, &a);
		rig_must(reduce_steps(&a, NULL, &r));
		for (size_t i = 0; i < a.n; i++) {
			struct proof_list after = { 0 };

			/* a read that is kept leaves only the port's coefs changed */
			if (!r.chosen[i] || a.v[i].asks)
				continue;
			r.chosen[i] = false;
			proof_of_chosen(&a, r.chosen, &after);
			r.chosen[i] = true;
			tried++;
			if (check(&before, &after, &a).same)
				printf("list %u: step %zu is not missed\n%s\n", number, i, buf_str(&list));
			else
				found++;
			buf_deinit(&after.verbs);
		}
		reduction_deinit(&r);
		steps_deinit(&a);
		buf_deinit(&before.verbs);
		buf_deinit(&list);
	}
	printf("%u of %u missing steps are found\n", found, tried);
	assert_int_equal(found, tried);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers), cmocka_unit_test(outside), cmocka_unit_test(questions),
		cmocka_unit_test(power), cmocka_unit_test(reductions), cmocka_unit_test(captures),
		cmocka_unit_test(one_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
