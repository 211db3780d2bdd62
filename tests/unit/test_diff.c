// SPDX-License-Identifier: GPL-2.0-or-later
/* What counts as a difference, and what does not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/diff.h"
#include "steps_rig.h"
#include "print/step_text.h"

/* "-pin 14: OUT\n+pin 14: off\n" */
static void changes(const char *a, const char *b, struct buf *out)
{
	struct steps x, y;
	struct diff d;

	rig_list(a, &x);
	rig_list(b, &y);
	rig_must(diff_steps(&x, &y, &d));
	for (size_t i = 0; i < d.n_lines; i++) {
		const struct steps *of = d.lines[i].side == 1 ? &y : &x;

		if (d.lines[i].side == 2)
			continue;
		buf_addc(out, d.lines[i].side ? '+' : '-');
		step_text(of, &of->v[d.lines[i].step], out);
		buf_addc(out, '\n');
	}
	diff_deinit(&d);
	steps_deinit(&x);
	steps_deinit(&y);
}

static void expect(const char *a, const char *b, const char *text)
{
	struct buf out = { 0 };

	changes(a, b, &out);
	assert_string_equal(buf_str(&out), text);
	buf_deinit(&out);
}

static void registers(void **state)
{
	expect("0x14 0x707 0x40\n", "0x14 0x707 0x40\n", "");
	expect("0x14 0x707 0x40\n", "0x14 0x707 0x00\n", "-pin 14: OUT\n+pin 14: off\n");
	/* between registers the order does not matter, within one it does */
	expect("0x14 0x707 0x40\n0x15 0x707 0\n", "0x15 0x707 0\n0x14 0x707 0x40\n", "");
	expect("0x14 0x707 0x40\n0x14 0x707 0\n", "0x14 0x707 0\n0x14 0x707 0x40\n",
	       "-pin 14: OUT\n+pin 14: OUT\n");
	/* unchanged values, reads and polls do not count */
	expect("0x14 0x707 0x40\n0x14 0xf07 0\n0x14 0x707 0x40\n0x14 0x709 0\n", "0x14 0x707 0x40\n", "");
	/* both sides at once, or one after the other */
	expect("0x02 0x300 0xb010\n", "0x02 0x300 0x9010\n0x02 0x300 0xa010\n", "");
	expect("0x20 0x500 0x10\n0x20 0x400 1\n0x20 0x400 2\n",
	       "0x20 0x500 0x11\n0x20 0x400 2\n0x20 0x500 0x10\n0x20 0x400 1\n", "");
	/* the bytes of a pin's default, in any order */
	expect("0x14 0x71c 1\n0x14 0x71d 2\n0x14 0x71e 3\n0x14 0x71f 4\n",
	       "0x14 0x71f 4\n0x14 0x71e 3\n0x14 0x71d 2\n0x14 0x71c 1\n", "");
}

static void numbers_of_drivers(void **state)
{
	expect("0x02 0x706 0x10\n0x14 0x708 0x83\n", "0x02 0x706 0x50\n0x14 0x708 0x81\n", "");
	expect("0x02 0x706 0x10\n", "0x02 0x706 0x52\n",
	       "-converter 02: stream 1, channel 0\n+converter 02: stream 5, channel 2\n");
}

static void order(void **state)
{
	static const char one[] = "0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x23\n0x20 0x400 1\n"
				  "0x20 0x400 0\n0x20 0x400 1\n0x20 0x4b0 0x11\n";
	static const char two[] = "0x20 0x500 0x22\n0x20 0x400 0x39\n0x20 0x500 0x23\n0x20 0x400 1\n"
				  "0x20 0x400 0\n0x20 0x400 1\n0x20 0x4b0 0x11\n";
	char a[512], b[512];

	snprintf(a, sizeof(a), "%s%s0x14 0x707 0\n", one, two);
	snprintf(b, sizeof(b), "0x14 0x707 0\n%s%s", one, two);
	expect(a, b, "");
	/* writes to amplifiers count in their order, and each time */
	snprintf(b, sizeof(b), "%s%s0x14 0x707 0\n", two, one);
	expect(a, b, "-amp 38: reg 0001 = 1\n+amp 38: reg 0001 = 1\n");
	snprintf(b, sizeof(b), "%s%s%s0x14 0x707 0\n", one, two, two);
	expect(a, b, "+amp 39: reg 0001 = 1\n");
	/* a pulse */
	expect("0x01 0x715 1\n0x14 0x707 0\n0x01 0x715 0\n0x15 0x707 0\n0x01 0x715 1\n",
	       "0x01 0x715 1\n0x14 0x707 0\n0x15 0x707 0\n", "-gpio data 00\n-gpio data 01\n");
}

/* One side has one more reset, before or after all that both do. */
static void resets(void **state)
{
	static const char set[] = "0x14 0x707 0x40\n0x01 0x7ff 0\n0x14 0x707 0x40\n0x15 0x707 0xc0\n";
	char more[256];

	snprintf(more, sizeof(more), "0x01 0x7ff 0\n0x16 0x707 0\n%s", set);
	expect(set, more, "+function 01: reset\n+pin 16: off\n");
	snprintf(more, sizeof(more), "%s0x01 0x7ff 0\n", set);
	expect(set, more, "+function 01: reset\n");
	/* before and after a reset is different */
	expect("0x14 0x707 0x40\n0x01 0x7ff 0\n", "0x01 0x7ff 0\n0x14 0x707 0x40\n",
	       "-pin 14: OUT\n+pin 14: OUT\n");
}

static void codecs(void **state)
{
	/* the same codec at another address */
	expect("# hdadump verb list\n# codec: address 0, vendor 0x10ec0298\n0x14 0x707 0x40\n",
	       "# hdadump verb list\n# codec: address 2, vendor 0x10ec0298\n0x14 0x707 0x40\n", "");
	/* another codec is not compared */
	expect("# hdadump verb list\n# codec: address 0, vendor 0x10ec0298\n0x14 0x707 0x40\n",
	       "# hdadump verb list\n# codec: address 0, vendor 0x10ec0257\n0x14 0x707 0x40\n", "");
}

static void nothing(void **state)
{
	expect("0x14 0xf07 0\n", "0x14 0x707 0x40\n", "+pin 14: OUT\n");
	expect("0x14 0x707 0x40\n", "0x14 0xf07 0\n", "-pin 14: OUT\n");
	expect("0x14 0xf07 0\n", "0x15 0xf07 0\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers), cmocka_unit_test(numbers_of_drivers),
		cmocka_unit_test(order), cmocka_unit_test(resets), cmocka_unit_test(codecs),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
