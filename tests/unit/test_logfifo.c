// SPDX-License-Identifier: GPL-2.0-or-later
/* The FIFO for QEMU's log, and where the log went before; QEMU's part is played by this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "live/logfifo.h"
#include "qemu/qemu_cmdline.h"

static char folder[] = "/tmp/hdadump-test-XXXXXX";

static void test_fifo(void **state)
{
	struct logfifo f;
	struct log_before before;
	char path[300], parent[300], text[4];
	struct stat st;

	(void)state;
	assert_null(logfifo_create(getpid(), folder, NULL, &f));
	snprintf(path, sizeof(path), "%s", f.path);
	snprintf(parent, sizeof(parent), "%s", f.folder);
	assert_int_equal(strncmp(path, folder, strlen(folder)), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(parent, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);

	/* QEMU opens it; it loses its name, and goes on to work */
	int writer = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(writer >= 0);
	logfifo_unlink(&f);
	assert_int_equal(access(parent, F_OK), -1);
	assert_int_equal(write(writer, "abc", 3), 3);
	assert_int_equal(read(f.fd, text, sizeof(text)), 3);

	/* so the next hdadump finds it: with a reader, and without */
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, OTHER_LIVING);
	logfifo_deinit(&f);
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, OTHER_DEAD);
	close(writer);
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, NO_OTHER);
}

static void test_bad_folder(void **state)
{
	char path[300];
	struct logfifo f;
	struct err *e;

	(void)state;
	snprintf(path, sizeof(path), "%s/nowhere", folder);
	e = logfifo_create(0, path, NULL, &f);
	assert_non_null(strstr(err_text(e), "nowhere"));
	err_free(e);
	/* QEMU's monitor would take it for something else */
	static const char *const names[] = { "50%d", "a b", "a\"b", "a\\b" };
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
		e = logfifo_create(0, path, NULL, &f);
		assert_non_null(e);
		err_free(e);
		/* nothing was left in it */
		assert_int_equal(rmdir(path), 0);
	}
}

static void test_before(void **state)
{
	struct log_before before;
	char log[300];

	(void)state;
	snprintf(log, sizeof(log), "%s/qemu.log", folder);
	struct qemu_cmdline c = { .log = log };

	/* -D, but the log is not open: it goes to standard error, whatever that is here */
	log_before_find(getpid(), &c, &before);
	assert_string_not_equal(before.path, log);
	int fd = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	log_before_find(getpid(), &c, &before);
	assert_string_equal(before.path, log);
	assert_true(before.same);
	assert_false(before.is_file);
	/* what stands in it would be lost */
	assert_int_equal(write(fd, "x", 1), 1);
	log_before_find(getpid(), &c, &before);
	assert_true(before.is_file);
	close(fd);
	unlink(log);

	/* standard error on a terminal or /dev/null can be opened again, a plain file cannot */
	int old = dup(2), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, 2);
	log_before_find(getpid(), NULL, &before);
	bool same = before.same && strcmp(before.path, "/dev/null") == 0;
	int file = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	dup2(file, 2);
	log_before_find(getpid(), NULL, &before);
	bool lost = !before.same && strcmp(before.path, "/dev/null") == 0;
	dup2(old, 2);
	close(old);
	close(null);
	close(file);
	unlink(log);
	assert_true(same);
	assert_true(lost);
	/* nobody to be asked */
	log_before_find(0, NULL, &before);
	assert_string_equal(before.path, "/dev/null");
	assert_false(before.same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifo),
		cmocka_unit_test(test_bad_folder),
		cmocka_unit_test(test_before),
	};

	if (!mkdtemp(folder))
		return 1;
	int status = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return status;
}
