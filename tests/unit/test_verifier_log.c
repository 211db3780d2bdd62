// SPDX-License-Identifier: GPL-2.0-or-later
/* The reason in a verifier's log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "live/kvm/verifier_log.h"

/* The ends of logs as libbpf returns them. */
static void test_verifier_reasons(void **state)
{
	static const struct { const char *log, *reason; } cases[] = {
		/* 6.1, 6.12 */
		{ "libbpf: prog 'on_mmio': -- BEGIN PROG LOAD LOG --\n"
		  "0: R1=ctx() R10=fp0\n"
		  "49: (85) call bpf_probe_read_kernel#113\n"
		  "R2 min value is negative, either use unsigned or 'var &= const'\n"
		  "processed 43 insns (limit 1000000) max_states_per_insn 0 total_states 3\n"
		  "-- END PROG LOAD LOG --\n",
		  "R2 min value is negative, either use unsigned or 'var &= const'" },
		/* 7.3 adds explanations */
		{ "libbpf: prog 'on_mmio': -- BEGIN PROG LOAD LOG --\n"
		  "0: (79) r0 = *(u64 *)(r9 +0)\n"
		  "R9 !read_ok\n"
		  "\n"
		  "Verification failed: Register Type Safety: Unreadable register\n"
		  "\n"
		  "Reason:\n"
		  "  R9 has never been initialized on this path.\n"
		  "\n"
		  "Suggestion:\n"
		  "  Initialize R9 on every path before this instruction.\n"
		  "\n"
		  "processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0\n",
		  "R9 !read_ok" },
		{ "R9 !read_ok\nprocessed 1 insns\n", "R9 !read_ok" },
		{ "\nprocessed 1 insns\n", NULL },
		{ "processed 1 insns\n", NULL },
		{ "libbpf: prog 'on_mmio': failed to load: -13\n", NULL },
		{ "it has processed 1 insns\n", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char out[64] = "as it was";

		assert_int_equal(verifier_log_reason(cases[i].log, out, sizeof(out)),
				 cases[i].reason != NULL);
		assert_string_equal(out, cases[i].reason ? cases[i].reason : "as it was");
	}
	char small[8] = "";

	assert_true(verifier_log_reason("R9 !read_ok\nprocessed 1 insns\n", small, sizeof(small)));
	assert_string_equal(small, "R9 !rea");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verifier_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
