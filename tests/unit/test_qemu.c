// SPDX-License-Identifier: GPL-2.0-or-later
/* The options added to the user's QEMU command line, and the refused ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/err.h"
#include "qemu/qemu.h"

/* exec's argument lists are not const */
#define ARG(s) ((char[]){ s })

static bool has(char *const *argv, const char *arg)
{
	for (; *argv; argv++)
		if (strcmp(*argv, arg) == 0)
			return true;
	return false;
}

static const struct qemu_fds fds = { .qmp = 5, .trace = 7 };

static void adds_and_takes_nothing(void **state)
{
	char *command[] = { ARG("/usr/bin/qemu-system-x86_64"), ARG("-m"), ARG("1G"), ARG("-monitor"), ARG("stdio"), NULL };
	struct qemu_plan plan;

	(void)state;
	assert_null(qemu_plan_init(command, &fds, &plan));
	for (int i = 0; command[i]; i++)
		assert_string_equal(plan.argv[i], command[i]);
	assert_true(has(plan.argv, "vfio-pci.x-no-mmap=on"));
	assert_true(has(plan.argv, "vfio_region_write"));
	assert_true(has(plan.argv, "socket,id=hdadump-qmp,fd=5"));
	assert_true(has(plan.argv, "chardev:hdadump-qmp"));
	assert_false(has(plan.argv, "-mon"));
	assert_true(has(plan.argv, "/dev/fd/7"));
	assert_true(has(plan.argv, "-S"));
	assert_false(plan.script);
	qemu_plan_deinit(&plan);
}

static void leaves_a_paused_guest_paused(void **state)
{
	char *command[] = { ARG("kvm"), ARG("--S"), NULL };
	struct qemu_plan plan;

	(void)state;
	assert_null(qemu_plan_init(command, &fds, &plan));
	assert_true(plan.stays_paused);
	assert_false(has(plan.argv, "-S"));
	qemu_plan_deinit(&plan);
}

static void scripts_get_nothing_on_their_line(void **state)
{
	char *command[] = { ARG("./start-vm.sh"), ARG("-D"), ARG("x"), NULL };
	struct qemu_plan plan;

	(void)state;
	assert_null(qemu_plan_init(command, &fds, &plan));
	assert_true(plan.script);
	assert_null(plan.argv[3]);
	qemu_plan_deinit(&plan);
}

static void refuses_what_would_take_the_trace_away(void **state)
{
	char *log[] = { ARG("qemu-system-x86_64"), ARG("-D"), ARG("qemu.log"), NULL };
	char *daemon[] = { ARG("qemu-system-x86_64"), ARG("-daemonize"), NULL };
	struct qemu_plan plan;

	(void)state;
	struct err *e = qemu_plan_init(log, &fds, &plan);
	assert_non_null(e);
	assert_int_equal(err_kind(e), ERR_USAGE);
	err_free(e);
	e = qemu_plan_init(daemon, &fds, &plan);
	assert_non_null(e);
	err_free(e);
}

static void a_missing_program_is_said_so(void **state)
{
	char *command[] = { ARG("qemu-that-is-not-there"), NULL };
	const struct qemu_fds none = { -1, -1 };
	struct qemu_plan plan;
	pid_t pid = 0;

	(void)state;
	assert_null(qemu_plan_init(command, &none, &plan));
	struct err *e = qemu_start(&plan, &none, -1, &pid);
	assert_non_null(e);
	assert_string_equal(err_text(e),
			    "starting qemu-that-is-not-there: No such file or directory");
	err_free(e);
	qemu_plan_deinit(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_and_takes_nothing),
		cmocka_unit_test(leaves_a_paused_guest_paused),
		cmocka_unit_test(scripts_get_nothing_on_their_line),
		cmocka_unit_test(refuses_what_would_take_the_trace_away),
		cmocka_unit_test(a_missing_program_is_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
