// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/unified_diff.h"

static void assert_diff(const char *a, const char *b, const char *expected)
{
	struct buf out = { 0 };

	assert_null(unified_texts("a", "b", a, b, &out));
	assert_string_equal(buf_str(&out), expected);
	buf_deinit(&out);
}

/* Each as diff -u prints it. */
static void test_texts(void **state)
{
	(void)state;
	assert_diff("", "", "");
	assert_diff("one\ntwo\n", "one\ntwo\n", "");
	assert_diff("one\n", "two\n", "--- a\n+++ b\n@@ -1 +1 @@\n-one\n+two\n");
	assert_diff("", "one\n", "--- a\n+++ b\n@@ -0,0 +1 @@\n+one\n");
	assert_diff("one\n", "", "--- a\n+++ b\n@@ -1 +0,0 @@\n-one\n");
	assert_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
		    "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
	/* far apart: two hunks; near: one */
	assert_diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
		    "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
		    "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
	assert_diff("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
		    "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
	assert_diff("one\ntwo", "one\ntwo\n",
		    "--- a\n+++ b\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_texts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
