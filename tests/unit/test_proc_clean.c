// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "dump/proc_clean.h"
#include "dump/proc_read.h"
#include "proc_rig.h"

/* What a page, a terminal and other tools put around a dump and into it. */
static void texts_around(void **state)
{
	(void)state;
	static const char want[] = "Codec: Realtek ALC274\nAddress: 0\nVendor Id: 0x10ec0274\n";
	static const char *const texts[] = {
		"==> /proc/asound/card0/codec#0 <==\n"
		"Codec: Realtek ALC274\nAddress: 0\nVendor Id: 0x10ec0274\n",
		"```text\nCodec: Realtek ALC274\nAddress: 0\nVendor Id: 0x10ec0274\n```\nThanks!\n",
		"Codec: Realtek ALC274\nAddress: 0\nVendor Id: 0x10ec0274\n=====\nPower: 3\nx y\n",
		"<pre>Codec:&nbsp;Realtek ALC274<br>Address: 0<BR />Vendor Id: 0x10ec0274</pre>",
		"[code]Codec:\xc2\xa0Realtek ALC274\nAddress:\xa0""0\nVendor Id: 0x10ec0274\n[/code]",
		"1\tCodec: Realtek ALC274\n2\tAddress: 0\n3\tVendor Id: 0x10ec0274\n",
		"8:Codec: Realtek ALC274\n9:Address: 0\n10:Vendor Id: 0x10ec0274\n",
		"  1 | Codec: Realtek ALC274\n  2 | Address: 0\n  3 | Vendor Id: 0x10ec0274\n",
		"BIOS Information\n\tAddress: 0xE0000\n\tDevice: 3\nGPIO: none\n"
		"Codec: Realtek ALC274\nAddress: 0\nVendor Id: 0x10ec0274\n",
		"me@box:~$ cat codec#0\nCodec: Realtek ALC274\nAddress: 0\n"
		"Vendor Id: 0x10ec0274\nme@box:~$ ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		reads_as(texts[i], strlen(texts[i]), want);
		assert_int_equal(proc_list.n, 1);
		assert_int_equal(proc_list.left, 0);
	}
}

/* A separator within a dump does not end it. */
static void separator_within(void **state)
{
	(void)state;
	static const char text[] = "Codec: X\nAddress: 0\n-----\nVendor Id: 0x10ec0274\n";

	reads_as(text, sizeof(text) - 1, "Codec: X\nAddress: 0\nVendor Id: 0x10ec0274\n");
	assert_int_equal(proc_list.n, 1);
}

static void a_dump_is_known(void **state)
{
	(void)state;
	static const char list_text[] = "# Codec: Realtek ALC298\n# Node 0x20\n0x20 0x500 0x1\n";
	static const char dump[] = "7 Node 0x16 (22) [Pin Complex] wcaps 0x40058D: Stereo\n";

	assert_false(proc_is_dump(list_text, sizeof(list_text) - 1));
	assert_true(proc_is_dump(dump, sizeof(dump) - 1));
	assert_true(proc_has_node(dump, sizeof(dump) - 1));
	assert_false(proc_is_dump("", 0));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, proc_start, proc_stop)
	const struct CMUnitTest tests[] = {
		T(texts_around),
		T(separator_within),
		T(a_dump_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
