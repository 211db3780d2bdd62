// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The FIFO for QEMU's log, and where the log went before; this process plays QEMU's part.
 * test_logfifo_hostile.c tests attacks by another user.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "live/attach/log_before.h"
#include "live/attach/logfifo.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"

static char folder[] = "/tmp/hdadump-test-XXXXXX";
static int pin;

static void test_fifo(void **state)
{
	struct logfifo f;
	struct log_before before;
	char path[300], parent[300], text[4];
	struct stat st;

	(void)state;
	assert_null(logfifo_create(getpid(), pin, folder, NULL, &f));
	snprintf(path, sizeof(path), "%s", f.path);
	snprintf(parent, sizeof(parent), "%.*s", (int)(strrchr(path, '/') - path), path);
	assert_int_equal(strncmp(path, folder, strlen(folder)), 0);
	assert_true(strlen(parent) > strlen(folder));
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(parent, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);

	/* QEMU opens it; its name is removed, and it still works */
	int writer = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(writer >= 0);
	logfifo_unlink(&f);
	assert_int_equal(access(parent, F_OK), -1);
	assert_int_equal(write(writer, "abc", 3), 3);
	assert_int_equal(read(f.fd, text, sizeof(text)), 3);

	/* the next hdadump finds it like this: with a reader, and without */
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, OTHER_LIVING);
	logfifo_deinit(&f);
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, OTHER_DEAD);
	close(writer);
	log_before_find(getpid(), NULL, &before);
	assert_int_equal(before.other, NO_OTHER);
}

/* It exists no longer than its writer has to open it: without a writer nothing stays either. */
static void test_unopened(void **state)
{
	struct logfifo f;
	char text[4];

	(void)state;
	assert_null(logfifo_create(0, -1, folder, NULL, &f));
	/* its maker does not read it: with no other reader, it is ours alone */
	assert_int_equal(read(f.fd, text, sizeof(text)), 0);
	logfifo_deinit(&f);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

/* hdadump is killed before QEMU has opened it: the child removes it. */
static void test_killed(void **state)
{
	int link[2], status;
	char byte;

	(void)state;
	assert_int_equal(pipe(link), 0);
	pid_t hdadump = fork();
	if (!hdadump) {
		struct logfifo f;
		struct err *e = logfifo_create(0, -1, folder, NULL, &f);

		if (e || write(link[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(link[0], &byte, 1), 1);
	/* its folder exists: this one cannot be removed */
	assert_int_equal(rmdir(folder), -1);
	kill(hdadump, SIGKILL);
	assert_int_equal(waitpid(hdadump, &status, 0), hdadump);
	for (int i = 0; i < 10000 && rmdir(folder) < 0; i++)
		usleep(1000);
	assert_int_equal(mkdir(folder, 0700), 0);
	close(link[0]);
	close(link[1]);
}

/* libvirt's own folder of the guest, in which only the FIFO may be made. */
static void test_guest_folder(void **state)
{
	char stale[300], nowhere[] = "/nowhere/at/all";
	struct qemu_cmdline c = { .libvirt_folder = folder };
	struct logfifo f;

	(void)state;
	snprintf(stale, sizeof(stale), "%s/" LOGFIFO_NAME, folder);
	/* left by one that was killed between two system calls */
	assert_int_equal(mkfifo(stale, 0600), 0);
	assert_null(logfifo_create(getpid(), pin, NULL, &c, &f));
	assert_string_equal(f.path, stale);
	logfifo_deinit(&f);
	assert_int_equal(access(stale, F_OK), -1);
	/* on another machine the folder does not exist: the next folder is used */
	c.libvirt_folder = nowhere;
	assert_null(logfifo_create(getpid(), pin, NULL, &c, &f));
	assert_null(strstr(f.path, "nowhere"));
	logfifo_deinit(&f);
}

static void test_bad_folder(void **state)
{
	char path[300];
	struct logfifo f;
	struct err *e;

	(void)state;
	snprintf(path, sizeof(path), "%s/nowhere", folder);
	e = logfifo_create(0, -1, path, NULL, &f);
	assert_non_null(strstr(err_text(e), "nowhere"));
	err_free(e);
	/* QEMU's monitor would take these for something else */
	static const char *const names[] = { "50%d", "a b", "a\"b", "a\\b" };
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
		e = logfifo_create(0, -1, path, NULL, &f);
		assert_non_null(e);
		err_free(e);
		/* nothing was left in it */
		assert_int_equal(rmdir(path), 0);
	}
	/* other users could replace files in it */
	snprintf(path, sizeof(path), "%s/open", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
	e = logfifo_create(0, -1, path, NULL, &f);
	assert_non_null(strstr(err_text(e), "others could replace files"));
	err_free(e);
	assert_int_equal(chmod(path, 01777), 0);
	assert_null(logfifo_create(0, -1, path, NULL, &f));
	logfifo_deinit(&f);
	assert_int_equal(rmdir(path), 0);
	/* a process that is not held is not trusted */
	e = logfifo_create(getpid(), -1, folder, NULL, &f);
	assert_non_null(strstr(err_text(e), "has ended"));
	err_free(e);
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
	/* its contents would be lost */
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
	/* QEMU's process is unknown */
	log_before_find(0, NULL, &before);
	assert_string_equal(before.path, "/dev/null");
	assert_false(before.same);
}

/* The log's contents are copied beside it, once, and no other file ever is. */
static void test_keep(void **state)
{
	struct log_before before;
	char log[300], kept[320];
	struct stat st;
	struct err *e;

	(void)state;
	snprintf(log, sizeof(log), "%s/qemu.log", folder);
	snprintf(kept, sizeof(kept), "%s.before-hdadump", log);
	struct qemu_cmdline c = { .log = log };
	int fd = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "x", 1), 1);
	log_before_find(getpid(), &c, &before);
	assert_null(log_before_keep(getpid(), pin, &before));
	assert_int_equal(access(log, F_OK), -1);
	assert_int_equal(stat(kept, &st), 0);
	assert_int_equal(st.st_size, 1);
	/* there is nothing left to keep, and that is no error */
	assert_null(log_before_keep(getpid(), pin, &before));
	/* another file with that name is not QEMU's */
	int other = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(other, "yz", 2), 2);
	e = log_before_keep(getpid(), pin, &before);
	assert_non_null(strstr(err_text(e), "not the one that QEMU has open"));
	err_free(e);
	/* an earlier copy is not overwritten */
	assert_int_equal(rename(kept, log), 0);
	int third = open(kept, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	e = log_before_keep(getpid(), pin, &before);
	assert_non_null(strstr(err_text(e), "which exists"));
	err_free(e);
	assert_int_equal(stat(log, &st), 0);
	assert_int_equal(st.st_size, 1);
	/* for a log that hdadump has redirected to a FIFO only the path is known */
	unlink(kept);
	before.dev = 0;
	before.ino = 0;
	assert_null(log_before_keep(getpid(), pin, &before));
	assert_int_equal(access(kept, F_OK), 0);
	close(fd);
	close(other);
	close(third);
	unlink(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifo),
		cmocka_unit_test(test_unopened),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_guest_folder),
		cmocka_unit_test(test_bad_folder),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_keep),
	};

	if (!mkdtemp(folder) || process_pin(getpid(), &pin))
		return 1;
	int status = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return status;
}
