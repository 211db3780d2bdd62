// SPDX-License-Identifier: GPL-2.0-or-later
/* Which modules are taken; tests/modules tries those in files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/module/module.h"

#define JOE 1000
#define EVE 1001

static void who_can_write(void **state)
{
	static const struct {
		uid_t uid;
		gid_t gid;
		mode_t mode;
		bool trusted;
	} cases[] = {
		{ 0, 0, 0755, true },
		{ JOE, 100, 0644, true },
		{ EVE, JOE, 0755, false },
		{ 0, 0, 0757, false },
		{ JOE, JOE, 0757, false },
		{ 0, 0, 0775, false },		/* who is in root's group is not root */
		{ 0, JOE, 0775, false },
		{ JOE, JOE, 0775, true },	/* his own group, as umask 002 makes it */
		{ JOE, 100, 0775, false },
	};
	static const uid_t owners[] = { 0, JOE };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct stat st = {
			.st_uid = cases[i].uid, .st_gid = cases[i].gid, .st_mode = S_IFREG | cases[i].mode,
		};

		assert_int_equal(module_is_trusted(&st, owners, 2), cases[i].trusted);
		/* with more rights than the user's, root's alone counts */
		assert_int_equal(module_is_trusted(&st, owners, 1), cases[i].trusted && !cases[i].uid);
	}
}

static void none(void **state)
{
	struct module m = { .name = "nothing", .without = "there is nothing", .head = { "1", 8, 1 } };
	struct err *e = module_load(&m);

	assert_non_null(e);
	assert_non_null(strstr(err_text(e), "there is nothing (there is no /"));
	assert_non_null(strstr(err_text(e), "/nothing.so)"));
	assert_null(m.table);
	assert_false(module_exists("nothing"));
	err_free(e);
}

static void another_form(void **state)
{
	const struct module_within *w = modules_within;

	if (!w->name)
		skip();
	const struct module_head good = *w->table;
	const struct module_head bad[] = {
		{ "0.0.0", good.size, good.form },
		{ good.version, good.size + 8, good.form },
		{ good.version, good.size, good.form + 1 },
	};

	assert_string_equal(good.version, HDADUMP_VERSION);
	assert_true(module_exists(w->name));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct module m = { .name = w->name, .without = "", .head = bad[i] };
		struct err *e = module_load(&m);

		assert_non_null(e);
		assert_non_null(strstr(err_text(e), "another build"));
		assert_null(m.table);
		err_free(e);
	}
	struct module m = { .name = w->name, .without = "", .head = good };

	assert_null(module_load(&m));
	assert_ptr_equal(m.table, w->table);
	assert_null(module_load(&m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_can_write),
		cmocka_unit_test(none),
		cmocka_unit_test(another_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
