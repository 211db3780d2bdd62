// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command with a faulty reduction: the linker replaces reduce_steps() by the one below
 * (--wrap). Nothing may be written then.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "analyse/reduce.h"
#include "base/err.h"
#include "cmd/cmd.h"

static size_t forgotten = SIZE_MAX;

struct err *__real_reduce_steps(const struct steps *a, const bool *unwanted, struct reduction *r);
struct err *__wrap_reduce_steps(const struct steps *a, const bool *unwanted, struct reduction *r);

struct err *__wrap_reduce_steps(const struct steps *a, const bool *unwanted, struct reduction *r)
{
	struct err *e = __real_reduce_steps(a, unwanted, r);

	if (!e && forgotten < a->n)
		r->chosen[forgotten] = false;
	return e;
}

static char folder[] = "/tmp/reduce-XXXXXX";
static char in[64], out[64];

static int reduce(const char *option)
{
	static char name[] = "reduce", o[] = "-o";
	char *argv[] = { name, in, o, out, (char *)(uintptr_t)option, NULL };

	return cmd_run_command(&cmd_reduce, option ? 5 : 4, argv);
}

static void write_list(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* The pin, the amplifier, and again with --keep, which compares a part. */
static void forgets(void **state)
{
	struct stat st;

	for (forgotten = 0; forgotten < 3; forgotten++) {
		assert_int_equal(reduce(NULL), 1);
		assert_int_equal(stat(out, &st), -1);
	}
	forgotten = 1;
	assert_int_equal(reduce("--keep=amplifier"), 1);
	assert_int_equal(stat(out, &st), -1);
	/* an existing file is not changed */
	write_list(out, "mine\n");
	assert_int_equal(reduce("-f"), 1);
	assert_int_equal(stat(out, &st), 0);
	assert_int_equal(st.st_size, 5);
	unlink(out);
}

static void forgets_nothing(void **state)
{
	struct stat st;

	forgotten = SIZE_MAX;
	assert_int_equal(reduce(NULL), 0);
	assert_int_equal(stat(out, &st), 0);
	unlink(out);
	assert_int_equal(reduce("--keep=amplifier"), 0);
	unlink(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forgets), cmocka_unit_test(forgets_nothing),
	};
	int failed;

	if (!mkdtemp(folder))
		return 1;
	snprintf(in, sizeof(in), "%s/in", folder);
	snprintf(out, sizeof(out), "%s/out", folder);
	write_list(in, "0x14 0x707 0x40\n"
		   "0x20 0x500 0x22\n0x20 0x400 0x38\n0x20 0x500 0x23\n0x20 0x400 0x1\n0x20 0x400 0x0\n"
		   "0x20 0x400 0x2\n0x20 0x4b0 0x11\n0x20 0x500 0x45\n0x20 0x400 0x1\n");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(in);
	rmdir(folder);
	return failed;
}
