// SPDX-License-Identifier: GPL-2.0-or-later
/* The FIFO for QEMU's log, in folders of a user who attacks root (attacker.h). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "live/attach/logfifo.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"
#include "attacker.h"

static void put_link(int dir, const char *name)
{
	if (symlinkat(attacker_secret, dir, "link") < 0 && errno != EEXIST)
		_exit(1);
	renameat(dir, "link", dir, name);
}

/* @name has appeared in the user's folder: replaces it. */
static void exchange(int notify, int dir, const char *folder, const char *name, bool attributes)
{
	static unsigned int count;
	char path[300];
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISLNK(st.st_mode))
		return;
	if (strcmp(name, LOGFIFO_NAME) == 0) {
		put_link(dir, name);
	} else if (strncmp(name, "hdadump-", 8) == 0 && S_ISDIR(st.st_mode)) {
		/* the folder itself, or the name in it: as soon as the user may read it */
		if (!attributes && count++ % 2 == 0) {
			if (renameat(dir, name, dir, "away") == 0)
				symlinkat(attacker_secret, dir, name);
			unlinkat(dir, "away", AT_REMOVEDIR);
			return;
		}
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		inotify_add_watch(notify, path, IN_CREATE);
		snprintf(path, sizeof(path), "%s/" LOGFIFO_NAME, name);
		if (fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISFIFO(st.st_mode))
			put_link(dir, path);
	}
}

/* Replaces a name in a folder that was made in the user's folder. */
static void exchange_within(int dir)
{
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	char path[300];
	struct stat st;

	for (struct dirent *de; (de = readdir(d));) {
		snprintf(path, sizeof(path), "%s/" LOGFIFO_NAME, de->d_name);
		if (strncmp(de->d_name, "hdadump-", 8) == 0 &&
		    fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISFIFO(st.st_mode))
			put_link(dir, path);
	}
	closedir(d);
}

static void race(const char *folder)
{
	_Alignas(struct inotify_event) char data[4096];
	int notify = inotify_init1(IN_CLOEXEC), dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int own = inotify_add_watch(notify, folder, IN_CREATE | IN_MOVED_TO | IN_ATTRIB);

	for (ssize_t n; (n = read(notify, data, sizeof(data))) > 0;) {
		for (char *p = data; p < data + n;) {
			const struct inotify_event *ev = (const struct inotify_event *)p;

			if (ev->len && ev->wd == own)
				exchange(notify, dir, folder, ev->name, ev->mask & IN_ATTRIB);
			else if (ev->len)
				exchange_within(dir);
			p += sizeof(*ev) + ev->len;
		}
	}
	_exit(1);
}

/* Removes what the attacker has left. */
static void tidy(const char *folder)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "rm -rf %s/hdadump-* %s/link %s/away", folder, folder, folder);
	assert_int_equal(system(cmd), 0);	/* NOLINT: the name is ours */
}

/* What was created, if anything, is a FIFO and not root's. */
static unsigned int make_many(const char *folder, const struct qemu_cmdline *c)
{
	cpu_set_t all, one;
	unsigned int made = 0;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_getaffinity(0, sizeof(all), &all);
	sched_setaffinity(0, sizeof(one), &one);
	for (int i = 0; i < TRIES; i++) {
		struct logfifo f;
		struct stat st;
		struct err *e = logfifo_create(attacker_qemu, attacker_pin, folder, c, &f);

		assert_untouched(i);
		if (!e) {
			made++;
			assert_int_equal(fstat(f.fd, &st), 0);
			assert_true(S_ISFIFO(st.st_mode));
			assert_int_equal(st.st_uid, USER);
		}
		err_free(e);
		logfifo_deinit(&f);
	}
	assert_untouched(TRIES);
	sched_setaffinity(0, sizeof(all), &all);
	return made;
}

/*
 * In libvirt's folder of the guest, which belongs to QEMU's user, the FIFO's name is known
 * before.
 */
static void test_names(void **state)
{
	struct qemu_cmdline c = { .libvirt_folder = attacker_theirs };
	pid_t racer;

	(void)state;
	ONLY_ROOT();
	if (become_attacker(&racer, true))
		race(attacker_theirs);
	unsigned int made = make_many(NULL, &c);
	end(racer);
	tidy(attacker_theirs);
	print_message("%d tries, the name exchanged: %u FIFOs made, root's file untouched\n", TRIES, made);
}

static void test_folders(void **state)
{
	char everybodys[64];
	pid_t racer;

	(void)state;
	ONLY_ROOT();
	snprintf(everybodys, sizeof(everybodys), "%s/tmp", attacker_top);
	assert_int_equal(mkdir(everybodys, 0700), 0);
	assert_int_equal(chmod(everybodys, 01777), 0);
	for (int i = 0; i < 2; i++) {
		const char *folder = i ? everybodys : attacker_theirs;

		if (become_attacker(&racer, true))
			race(folder);
		unsigned int made = make_many(folder, NULL);
		end(racer);
		tidy(folder);
		print_message("%d tries in %s folder: %u FIFOs made, root's file untouched\n", TRIES,
			      i ? "everybody's" : "his own", made);
	}
}

static void refused(const char *folder, const char *words)
{
	struct logfifo f;
	struct err *e = logfifo_create(attacker_qemu, attacker_pin, folder, NULL, &f);

	assert_non_null(e);
	if (!strstr(err_text(e), words) || !strstr(err_text(e), folder))
		fail_msg("'%s' says neither '%s' nor the folder", err_text(e), words);
	err_free(e);
	assert_int_equal(f.fd, -1);
}

/* No room for the folder; room for the folder and not for the FIFO; no room for another byte. */
static void test_full(void **state)
{
	static const char *const sizes[] = { "mode=1777,nr_inodes=1", "mode=1777,nr_inodes=2" };
	char folder[64];

	(void)state;
	ONLY_WITH_MOUNTS();
	snprintf(folder, sizeof(folder), "%s/full", attacker_top);
	assert_int_equal(mkdir(folder, 0700), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mount("none", folder, "tmpfs", 0, sizes[i]), 0);
		refused(folder, "No space left on device");
		/* the folder that was made is removed again */
		assert_int_equal(entries(folder), 0);
		assert_int_equal(umount(folder), 0);
	}
}

static void test_read_only(void **state)
{
	char folder[64];

	(void)state;
	ONLY_WITH_MOUNTS();
	snprintf(folder, sizeof(folder), "%s/ro", attacker_top);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(mount("none", folder, "tmpfs", MS_RDONLY, "mode=1777"), 0);
	refused(folder, "Read-only file system");
	assert_int_equal(umount(folder), 0);
}

static void test_not_his(void **state)
{
	char folder[96];
	struct stat st;

	(void)state;
	ONLY_ROOT();
	/* root's, which QEMU's user may read and not write: root does not do it instead */
	refused(attacker_private, "Permission denied");
	/* a third user's, who could replace what is made there */
	snprintf(folder, sizeof(folder), "%s/third", attacker_top);
	assert_int_equal(mkdir(folder, 0777), 0);
	assert_int_equal(chmod(folder, 01777), 0);
	assert_int_equal(chown(folder, USER - 1, USER - 1), 0);
	refused(folder, "others could replace files");
	/* a link to root's folder, a link to nowhere, a file */
	snprintf(folder, sizeof(folder), "%s/to-root", attacker_theirs);
	assert_int_equal(symlink("/root", folder), 0);
	refused(folder, "Permission denied");
	refused(attacker_secret, "Not a directory");
	assert_int_equal(stat("/root", &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_untouched(0);
}

/* In its own mount namespace, or chroot: files are made there, as QEMU's user. */
static void test_own_view(void **state)
{
	char box[64], path[128];
	struct stat st;
	int ready[2];

	(void)state;
	ONLY_WITH_MOUNTS();
	snprintf(box, sizeof(box), "%s/box", attacker_top);
	assert_int_equal(mkdir(box, 0755), 0);
	for (int i = 0; i < 2; i++) {
		struct logfifo f;
		int held;
		pid_t other;

		assert_int_equal(pipe(ready), 0);
		other = fork();
		if (!other) {
			close(ready[0]);
			if (unshare(CLONE_NEWNS) < 0 || mount("none", box, "tmpfs", 0, "mode=1777") < 0 ||
			    (i && chroot(box) < 0) || setresgid(USER, USER, USER) < 0 ||
			    setresuid(USER, USER, USER) < 0 || write(ready[1], "", 1) != 1)
				_exit(1);
			pause();
			_exit(0);
		}
		close(ready[1]);
		assert_int_equal(read(ready[0], path, 1), 1);
		close(ready[0]);
		assert_null(process_pin(other, &held));
		assert_null(logfifo_create(other, held, i ? "/" : box, NULL, &f));
		/* not here, but there */
		assert_int_equal(entries(box), 0);
		snprintf(path, sizeof(path), "/proc/%d/root%s", (int)other, f.path);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_uid, USER);
		logfifo_deinit(&f);
		assert_int_equal(stat(path, &st), -1);
		end(other);
		close(held);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_not_his),
		cmocka_unit_test(test_own_view),
	};

	return cmocka_run_group_tests(tests, attacker_setup, attacker_teardown);
}
