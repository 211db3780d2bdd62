// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps: what belongs together stays together, is complete by itself, and is written as it
 * was read.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "steps_rig.h"
#include "print/step_text.h"

/* --- what is a step ------------------------------------------------------------ */

static void expect_steps(const struct steps *a, const char *text)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < a->n; i++) {
		step_text(a, &a->v[i], &b);
		buf_addc(&b, '\n');
	}
	assert_string_equal(buf_str(&b), text);
	buf_deinit(&b);
}

static void expect_words(const struct steps *a, const bool *chosen, const char *text)
{
	struct buf b = { 0 };

	rig_words(a, chosen, &b);
	assert_string_equal(buf_str(&b), text);
	buf_deinit(&b);
}

static void kinds(void **state)
{
	struct steps a;

	rig_list("0x14 0x707 0x40\n"
		 "0x20 0x500 0x45\n0x20 0x4d4 0x89\n"
		 "0x14 0x71c 0x10\n0x14 0x71d 0x01\n0x14 0x71e 0x17\n0x14 0x71f 0x90\n"
		 "0x01 0x716 0x02\n0x01 0x717 0x02\n0x01 0x715 0x02\n"
		 "0x01 0x7ff 0x00\n0x01 0x7ff 0x00\n"
		 "0x20 0x500 0x10\n0x20 0xc00 0x00\n"
		 "0x01 0x705 0x00\n", &a);
	expect_steps(&a, "pin 14: OUT\n"
			 "coef 20[45] = d489\n"
			 "pin 14: config 90170110: Fixed, Speaker, at Int N/A, conn Analog, color "
			 "Unknown, NO_PRESENCE, assoc 1, seq 0\n"
			 "gpio mask 02, gpio direction 02, gpio data 02\n"
			 "function 01: reset, 2 times\n"
			 "function 01: D0\n");
	assert_int_equal(a.v[3].kind, STEP_GPIO);
	assert_int_equal(a.v[5].order, ORDER_CONTEXT);
	assert_int_equal(a.read, 15);
	steps_deinit(&a);
}

static void a_pulse_is_two(void **state)
{
	struct steps a;

	rig_list("0x01 0x715 0x02\n0x01 0x715 0x00\n0x01 0x715 0x00\n0x01 0x717 0x02\n", &a);
	expect_steps(&a, "gpio data 02\ngpio data 00, gpio direction 02\n");
	expect_words(&a, NULL, "00171502 00171500 00171702 ");
	steps_deinit(&a);
}

/* Two transactions of one amplifier: the second gets the target only where needed. */
static void ports(void **state)
{
	static const char list[] =
		"0x20 0x500 0x22\n0x20 0x400 0x38\n"
		"0x20 0x500 0x23\n0x20 0x423 0xff\n0x20 0x400 0x00\n0x20 0x400 0x00\n0x20 0x4b0 0x11\n"
		"0x20 0x500 0x23\n0x20 0x420 0x3a\n0x20 0x400 0x00\n0x20 0x400 0x80\n0x20 0x4b0 0x11\n";
	static const bool second[] = { false, true };
	struct steps a;

	rig_list(list, &a);
	expect_steps(&a, "amp 38: reg 23ff = 0\namp 38: reg 203a = 80\n");
	assert_int_equal(a.codecs[0]->port, 1);
	assert_int_equal(a.v[1].kind, STEP_PORT);
	expect_words(&a, NULL, "02050022 02040038 02050023 020423ff 02040000 02040000 0204b011 "
			       "02050023 0204203a 02040000 02040080 0204b011 ");
	expect_words(&a, second, "02050022 02040038 02050023 0204203a 02040000 02040080 0204b011 ");
	assert_true(step_coef_is_ordered(a.codecs[0], 0x20, 0x26));
	assert_false(step_coef_is_ordered(a.codecs[0], 0x20, 0x10));
	steps_deinit(&a);
}

/* The index increases by itself: if the step before is left out, it is selected. */
static void steps(void **state)
{
	static const bool last[] = { false, true };
	struct steps a;

	rig_list("0x20 0x500 0x40\n0x20 0x400 0x01\n0x20 0x400 0x02\n", &a);
	expect_steps(&a, "coef 20[40] = 0001\ncoef 20[41] = 0002\n");
	expect_words(&a, NULL, "02050040 02040001 02040002 ");
	expect_words(&a, last, "02050041 02040002 ");
	steps_deinit(&a);
}

/* An unknown coefficient: the verbs stay as they are. */
static void relative(void **state)
{
	struct steps a;

	rig_list("0x20 0x400 0x01\n0x20 0xc00 0x00\n0x20 0x400 0x02\n0x20 0x500 0x10\n0x20 0x400 0x03\n",
		 &a);
	assert_int_equal(a.n, 4);
	assert_int_equal(a.v[0].kind, STEP_RELATIVE);
	assert_true(a.v[1].asks);
	expect_words(&a, NULL, "02040001 020c0000 02040002 02050010 02040003 ");
	steps_deinit(&a);
}

static void amps(void **state)
{
	struct step_reg r[STEP_REGS_MAX];
	struct steps a;

	rig_list("0x02 0x300 0xf07f\n", &a);
	assert_int_equal(step_regs(&a, &a.v[0], r), 4);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(r[i].value, 0x7f);
		assert_int_equal(reg_key_nid(r[i].key), 0x02);
		for (unsigned int k = 0; k < i; k++)
			assert_true(r[i].key != r[k].key);
	}
	steps_deinit(&a);
}

static void read_before(void **state)
{
	struct steps a;

	rig_log("CORBWP advance to 4, last WP 0\n"
		"CORB[1] = 0x2050010 (caddr:0x0 nid:0x20 control:0x500 param:0x10)\n"
		"CORB[2] = 0x20c0000 (caddr:0x0 nid:0x20 control:0xc00 param:0x0)\n"
		"CORB[3] = 0x2050010 (caddr:0x0 nid:0x20 control:0x500 param:0x10)\n"
		"CORB[4] = 0x2040f21 (caddr:0x0 nid:0x20 control:0x40f param:0x21)\n"
		"RIRBWP advance to 4, last WP 0\n"
		"CORB caddr:0x0 nid:0x20 control:0x500 param:0x10 response:0x0 (ex 0x0)\n"
		"CORB caddr:0x0 nid:0x20 control:0xc00 param:0x0 response:0xe21 (ex 0x0)\n"
		"CORB caddr:0x0 nid:0x20 control:0x500 param:0x10 response:0x0 (ex 0x0)\n"
		"CORB caddr:0x0 nid:0x20 control:0x40f param:0x21 response:0x0 (ex 0x0)\n", &a);
	assert_int_equal(a.n, 1);
	assert_true(step_is_update(&a.v[0]));
	assert_int_equal(a.v[0].mask, 0x0100);
	assert_int_equal(a.v[0].old, 0x0e21);
	expect_words(&a, NULL, "02050010 02040f21 ");
	steps_deinit(&a);
}

/* A CS8409's devices: address and page belong to the write. */
static void i2c(void **state)
{
	static const bool last[] = { false, false, true };
	struct steps a;

	rig_list("# hdadump verb list, version 1\n# codec: address 0, vendor 0x10138409\n"
		 "0x47 0x500 0x59\n0x47 0x400 0x90\n"
		 "0x47 0x500 0x5d\n0x47 0x400 0x001b\n0x47 0x500 0x5d\n0x47 0x400 0x050e\n"
		 "0x47 0x500 0x5d\n0x47 0x400 0x060f\n0x47 0x500 0x5d\n0x47 0x400 0x0701\n", &a);
	expect_steps(&a, "i2c 48: [1b05] = 0e\ni2c 48: [1b06] = 0f\ni2c 48: [1b07] = 01\n");
	expect_words(&a, NULL, "04750059 04740090 0475005d 0474001b 0475005d 0474050e 0475005d "
			       "0474060f 0475005d 04740701 ");
	expect_words(&a, last, "04750059 04740090 0475005d 0474001b 0475005d 04740701 ");
	steps_deinit(&a);
}

/* A CA0132's address increases by itself. */
static void chip(void **state)
{
	static const bool last[] = { false, true };
	struct steps a;

	rig_list("# hdadump verb list, version 1\n# codec: address 0, vendor 0x11020011\n"
		 "0x15 0x000 0xb03c\n0x15 0x100 0x18\n0x15 0x300 0x12\n0x15 0x400 0\n"
		 "0x15 0x300 0x34\n0x15 0x400 0\n", &a);
	expect_steps(&a, "hic[0018b03c] = 00000012 (audio registers)\n"
			 "hic[0018b040] = 00000034 (audio registers)\n");
	expect_words(&a, last, "0150b040 01510018 01530034 01540000 ");
	expect_words(&a, NULL, "0150b03c 01510018 01530012 01540000 01530034 01540000 ");
	steps_deinit(&a);
}

/* A coefficient that is written, polled, and reads back another value is a command. */
static void commands(void **state)
{
	struct steps a;

	rig_log("CORBWP advance to 4, last WP 0\n"
		"CORB[1] = 0x205001b (caddr:0x0 nid:0x20 control:0x500 param:0x1b)\n"
		"CORB[2] = 0x2048000 (caddr:0x0 nid:0x20 control:0x480 param:0x0)\n"
		"CORB[3] = 0x205001b (caddr:0x0 nid:0x20 control:0x500 param:0x1b)\n"
		"CORB[4] = 0x20c0000 (caddr:0x0 nid:0x20 control:0xc00 param:0x0)\n"
		"RIRBWP advance to 4, last WP 0\n"
		"CORB caddr:0x0 nid:0x20 control:0x500 param:0x1b response:0x0 (ex 0x0)\n"
		"CORB caddr:0x0 nid:0x20 control:0x480 param:0x0 response:0x0 (ex 0x0)\n"
		"CORB caddr:0x0 nid:0x20 control:0x500 param:0x1b response:0x0 (ex 0x0)\n"
		"CORB caddr:0x0 nid:0x20 control:0xc00 param:0x0 response:0x1 (ex 0x0)\n", &a);
	assert_int_equal(a.n, 1);
	assert_true(step_coef_is_ordered(a.codecs[0], 0x20, 0x1b));
	steps_deinit(&a);
}

/* --- the list as a file -------------------------------------------------------- */

static void written_and_read(void **state)
{
	static const char list[] =
		"# hdadump verb list, version 1\n"
		"# codec: address 2, vendor 0x10ec0298, subsystem 0x144dc870, name Realtek ALC298\n"
		"# controller: 0000:00:1f.3\n"
		"# from: boot.hdad\n"
		"# made by: hdadump " HDADUMP_VERSION " test\n"
		"\n"
		"# coef[45] = d489\n"
		"0x20 0x500 0x0045\n"
		"0x20 0x400 0xd489\n"
		"\n"
		"# mark: the speaker\n"
		"\n"
		"# pin 14: OUT\n"
		"0x14 0x707 0x40\n";
	struct buf b = { 0 };
	struct steps a;

	rig_list(list, &a);
	assert_int_equal(a.codecs[0]->cad, 2);
	assert_int_equal(a.codecs[0]->vendor_id, 0x10ec0298);
	assert_int_equal(a.codecs[0]->subsystem_id, 0x144dc870);
	assert_int_equal(a.n_marks, 1);
	rig_write(&a, "test", &b);
	assert_string_equal(buf_str(&b), list);
	buf_deinit(&b);
	steps_deinit(&a);
}

/* Whatever a text of the input contains, a comment stays one line. */
static void hostile_texts(void **state)
{
	struct buf b = { 0 };
	struct steps a;

	rig_list("# hdadump verb list, version 1\n# codec: address 0, vendor 0x10ec0298\n"
		 "# from: a\rb\x1b[31m\n# mark: x\x1b]0;y\x07\n0x14 0x707 0x40\n", &a);
	rig_write(&a, NULL, &b);
	for (size_t i = 0; i < b.len; i++)
		assert_true(b.data[i] == '\n' || (b.data[i] >= ' ' && b.data[i] < 0x7f));
	buf_deinit(&b);
	steps_deinit(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds), cmocka_unit_test(a_pulse_is_two),
		cmocka_unit_test(ports), cmocka_unit_test(steps), cmocka_unit_test(relative),
		cmocka_unit_test(amps), cmocka_unit_test(read_before), cmocka_unit_test(i2c),
		cmocka_unit_test(chip), cmocka_unit_test(commands),
		cmocka_unit_test(written_and_read), cmocka_unit_test(hostile_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
