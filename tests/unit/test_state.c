// SPDX-License-Identifier: GPL-2.0-or-later
/* States: the last write counts, what a reset clears, and what counts as a difference. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/state.h"
#include "steps_rig.h"
#include "print/state_text.h"

struct made {
	struct steps steps;
	struct state state;
};

static void make(const char *list, struct made *m)
{
	rig_list(list, &m->steps);
	rig_must(state_build(m->steps.codecs[0]->model, &m->steps, 0, &m->state));
}

static void unmake(struct made *m)
{
	state_deinit(&m->state);
	steps_deinit(&m->steps);
}

static void expect(const char *list, const char *text)
{
	struct buf b = { 0 };
	struct made m;

	make(list, &m);
	for (size_t i = 0; i < m.state.n;) {
		i += state_text(&m.state, i, true, &b);
		buf_addc(&b, '\n');
	}
	assert_string_equal(buf_str(&b), text);
	buf_deinit(&b);
	unmake(&m);
}

static void registers(void **state)
{
	expect("0x14 0x707 0x40\n0x14 0x707 0xc0\n0x02 0x300 0xb07f\n0x02 0x300 0x9000\n"
	       "0x20 0x500 0x10\n0x20 0x40e 0x21\n0x20 0x400 0x01\n"
	       "0x14 0x71c 0x10\n0x14 0x71d 0x01\n0x14 0x71e 0x17\n0x14 0x71f 0x90\n",
	       "node 02: output amp, right, gain 0x00\n"
	       "node 02: output amp, left, gain 0x7f\n"
	       "pin 14: HP+OUT\n"
	       "pin 14: config 90170110: Fixed, Speaker, at Int N/A, conn Analog, color Unknown, "
	       "NO_PRESENCE, assoc 1, seq 0\n"
	       "coef 20[10] = 0e21\n"
	       "coef 20[11] = 0001\n");
}

/* Amplifiers behind coefs are registers, the coefs used to reach them are not. */
static void behind(void **state)
{
	expect("0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x23\n0x20 0x400 0x23ff\n0x20 0x400 0\n"
	       "0x20 0x400 1\n0x20 0x4b0 0x11\n0x20 0x500 0x23\n0x20 0x400 0x23ff\n0x20 0x400 0\n"
	       "0x20 0x400 0\n0x20 0x4b0 0x11\n0x01 0x7ff 0\n0x01 0x715 2\n0x01 0x717 2\n",
	       "function 01: gpio data 0x02\n"
	       "function 01: gpio direction 0x02\n"
	       "amp 38: reg 23ff = 0\n");
}

static void differences(const char *a, const char *b, size_t n, size_t same)
{
	struct state_differences d;
	struct made x, y;

	make(a, &x);
	make(b, &y);
	rig_must(state_compare(&x.state, &y.state, &d));
	assert_int_equal(d.n, n);
	assert_int_equal(d.same, same);
	state_differences_deinit(&d);
	unmake(&x);
	unmake(&y);
}

static void compared(void **state)
{
	differences("0x14 0x707 0x40\n", "0x14 0x707 0x40\n", 0, 1);
	differences("0x14 0x707 0x40\n", "0x14 0x707 0xc0\n", 1, 0);
	/* written on one side, unknown on the other */
	differences("0x14 0x707 0x40\n0x15 0x707 0\n", "0x14 0x707 0x40\n0x16 0x707 0\n", 2, 1);
	/* the order does not matter */
	differences("0x14 0x707 0x40\n0x15 0x707 0\n", "0x15 0x707 0\n0x14 0x707 0x40\n", 0, 2);
	/* tags are chosen by the driver */
	differences("0x02 0x706 0x10\n0x14 0x708 0x83\n", "0x02 0x706 0x50\n0x14 0x708 0x81\n", 0, 2);
	differences("0x02 0x706 0x10\n0x14 0x708 0x83\n", "0x02 0x706 0x00\n0x14 0x708 0x03\n", 2, 0);
	differences("0x02 0x706 0x10\n", "0x02 0x706 0x12\n", 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers), cmocka_unit_test(behind), cmocka_unit_test(compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
