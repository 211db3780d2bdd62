// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Root attaches to a QEMU of another user, who wants more than his QEMU: he
 * exchanges names and folders while root works there, stops what works for
 * root, has folders that are full or read-only.  Whatever becomes of the
 * attach, nothing of root's is ever given away, opened or renamed.
 *
 * It takes root to play root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "live/attach/log_before.h"
#include "live/attach/logfifo.h"
#include "qemu/as_user.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"

/* "nobody": in no group, and the owner of nothing. */
#define USER 65534
#define TRIES 300

static char top[] = "/tmp/hdadump-ladder-XXXXXX";
static char secret[64];		/* root's, 0600 */
static char private[64];	/* a folder of root's that he lets everybody look into */
static char theirs[64];		/* the other user's */
static pid_t qemu;		/* the other user's */
static int pin;
static bool may_mount;

#define ONLY_ROOT() \
	do { \
		if (geteuid() != 0) { \
			print_message("skipped because: only root can be led up a ladder\n"); \
			skip(); \
		} \
	} while (0)

/*
 * A racer who is told of every name that appears (inotify) has the processor
 * before whoever made it goes on: the race is not lost by chance.  Where
 * that is not allowed it is an ordinary race.
 */
static void hurry(void)
{
	const struct sched_param first = { .sched_priority = 1 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	sched_setscheduler(0, SCHED_FIFO, &first);
}

/* A child that is the other user; true in it. */
static bool become_attacker(pid_t *pid, bool hurried)
{
	*pid = fork();
	assert_true(*pid >= 0);
	if (*pid)
		return false;
	if (hurried)
		hurry();
	if (setresgid(USER, USER, USER) < 0 || setresuid(USER, USER, USER) < 0)
		_exit(1);
	/* no racer outlives the test, however that ends */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == 1)
		_exit(1);
	return true;
}

static bool as_attacker(pid_t *pid)
{
	return become_attacker(pid, false);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* What is root's is as it was. */
static void assert_untouched(int n)
{
	struct stat st;

	if (stat(secret, &st) < 0 || st.st_uid || st.st_gid || st.st_mode != (S_IFREG | 0600) ||
	    st.st_size != 6)
		fail_msg("try %d: root's file has become uid %u, mode %o, %ld bytes", n, st.st_uid, st.st_mode,
			 (long)st.st_size);
	if (stat(private, &st) < 0 || st.st_uid || (st.st_mode & 07777) != 0755)
		fail_msg("try %d: root's folder has become uid %u, mode %o", n, st.st_uid, st.st_mode);
}

static int setup(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return 0;
	if (!mkdtemp(top) || chmod(top, 0755) < 0)
		return -1;
	snprintf(secret, sizeof(secret), "%s/secret", top);
	snprintf(private, sizeof(private), "%s/private", top);
	snprintf(theirs, sizeof(theirs), "%s/theirs", top);
	write_file(secret, "secret", 0600);
	if (mkdir(private, 0755) < 0 || mkdir(theirs, 0755) < 0 || chown(theirs, USER, USER) < 0)
		return -1;
	if (as_attacker(&qemu)) {
		pause();
		_exit(0);
	}
	/* it is somebody else's from when its user is changed */
	uid_t uid = 0;
	gid_t gid;
	while (process_owner(qemu, &uid, &gid) && uid != USER)
		usleep(1000);
	struct err *e = process_pin(qemu, &pin);
	err_free(e);
	return e ? -1 : 0;
}

static int teardown(void **state)
{
	char cmd[128];

	(void)state;
	if (geteuid() != 0)
		return 0;
	end(qemu);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", top);
	return system(cmd);	/* NOLINT: the name is ours */
}

/* --- the FIFO ------------------------------------------------------------------------ */

static void put_link(int dir, const char *name)
{
	if (symlinkat(secret, dir, "link") < 0 && errno != EEXIST)
		_exit(1);
	renameat(dir, "link", dir, name);
}

/* @name has appeared in his folder: what it is to be is for him to say. */
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
		/* the folder itself, or else what appears in it: as soon as he may look into it */
		if (!attributes && count++ % 2 == 0) {
			if (renameat(dir, name, dir, "away") == 0)
				symlinkat(secret, dir, name);
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

/* A name in a folder that was made in his. */
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

/* Whatever he has left lying about. */
static void tidy(const char *folder)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "rm -rf %s/hdadump-* %s/link %s/away", folder, folder, folder);
	assert_int_equal(system(cmd), 0);	/* NOLINT: the name is ours */
}

/* What was made, made or not, is a FIFO and not root's. */
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
		struct err *e = logfifo_create(qemu, pin, folder, c, &f);

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

/* In libvirt's folder of the guest, which is QEMU's user's, the FIFO's name is known before. */
static void test_names(void **state)
{
	struct qemu_cmdline c = { .libvirt_folder = theirs };
	pid_t racer;

	(void)state;
	ONLY_ROOT();
	if (become_attacker(&racer, true))
		race(theirs);
	unsigned int made = make_many(NULL, &c);
	end(racer);
	tidy(theirs);
	print_message("%d tries, the name exchanged: %u FIFOs made, root's file untouched\n", TRIES, made);
}

static void test_folders(void **state)
{
	char everybodys[64];
	pid_t racer;

	(void)state;
	ONLY_ROOT();
	snprintf(everybodys, sizeof(everybodys), "%s/tmp", top);
	assert_int_equal(mkdir(everybodys, 0700), 0);
	assert_int_equal(chmod(everybodys, 01777), 0);
	for (int i = 0; i < 2; i++) {
		const char *folder = i ? everybodys : theirs;

		if (become_attacker(&racer, true))
			race(folder);
		unsigned int made = make_many(folder, NULL);
		end(racer);
		tidy(folder);
		print_message("%d tries in %s folder: %u FIFOs made, root's file untouched\n", TRIES,
			      i ? "everybody's" : "his own", made);
	}
}

/* --- the log that is kept ------------------------------------------------------------------ */

/* "logs" is now his folder and now a link to root's, some ten thousand times a second. */
static void exchange_logs(void)
{
	if (chdir(theirs) < 0)
		_exit(1);
	for (;;) {
		renameat2(AT_FDCWD, "logs", AT_FDCWD, "evil", RENAME_EXCHANGE);
		/* what was kept has to be kept again */
		rename("logs/qemu.log.before-hdadump", "logs/qemu.log");
		rename("evil/qemu.log.before-hdadump", "evil/qemu.log");
	}
}

static void test_kept_log(void **state)
{
	char log[96], roots[96], moved[128], link[96];
	struct log_before b = { .is_file = true };
	unsigned int kept = 0;
	struct stat st, was;
	pid_t racer;

	(void)state;
	ONLY_ROOT();
	snprintf(log, sizeof(log), "%s/logs", theirs);
	assert_int_equal(mkdir(log, 0755), 0);
	assert_int_equal(chown(log, USER, USER), 0);
	snprintf(log, sizeof(log), "%s/logs/qemu.log", theirs);
	write_file(log, "log", 0644);
	assert_int_equal(chown(log, USER, USER), 0);
	assert_int_equal(stat(log, &st), 0);
	snprintf(b.path, sizeof(b.path), "%s", log);
	b.dev = st.st_dev;
	b.ino = st.st_ino;
	snprintf(roots, sizeof(roots), "%s/qemu.log", private);
	snprintf(moved, sizeof(moved), "%s.before-hdadump", roots);
	write_file(roots, "root's", 0600);
	assert_int_equal(stat(roots, &was), 0);
	snprintf(link, sizeof(link), "%s/evil", theirs);
	assert_int_equal(symlink(private, link), 0);
	/* once with what QEMU has open, once as after an hdadump that was killed */
	for (int i = 0; i < 2 * TRIES; i++) {
		if (i % TRIES == 0 && as_attacker(&racer))
			exchange_logs();
		if (i == TRIES)
			b.dev = b.ino = 0;
		struct err *e = log_before_keep(qemu, pin, &b);

		kept += !e;
		err_free(e);
		if (stat(roots, &st) < 0 || st.st_ino != was.st_ino || st.st_uid || access(moved, F_OK) == 0)
			fail_msg("try %d: root's file was renamed", i);
		if (i % TRIES == TRIES - 1)
			end(racer);
		usleep(100);
	}
	assert_true(kept);
	print_message("%d tries, the folder exchanged: %u times kept or nothing to keep, root's file "
		      "untouched\n", 2 * TRIES, kept);
}

/* --- folders that do not do ----------------------------------------------------------------- */

static void refused(const char *folder, const char *words)
{
	struct logfifo f;
	struct err *e = logfifo_create(qemu, pin, folder, NULL, &f);

	assert_non_null(e);
	if (!strstr(err_text(e), words) || !strstr(err_text(e), folder))
		fail_msg("'%s' says neither '%s' nor the folder", err_text(e), words);
	err_free(e);
	assert_int_equal(f.fd, -1);
}

static unsigned int entries(const char *folder)
{
	unsigned int n = 0;
	DIR *d = opendir(folder);

	for (struct dirent *de; (de = readdir(d));)
		n += de->d_name[0] != '.';
	closedir(d);
	return n;
}

#define ONLY_WITH_MOUNTS() \
	do { \
		ONLY_ROOT(); \
		if (!may_mount) { \
			print_message("skipped because: nothing can be mounted here\n"); \
			skip(); \
		} \
	} while (0)

/* No room for the folder; room for the folder and not for the FIFO; no room for another byte. */
static void test_full(void **state)
{
	static const char *const sizes[] = { "mode=1777,nr_inodes=1", "mode=1777,nr_inodes=2" };
	char folder[64];

	(void)state;
	ONLY_WITH_MOUNTS();
	snprintf(folder, sizeof(folder), "%s/full", top);
	assert_int_equal(mkdir(folder, 0700), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mount("none", folder, "tmpfs", 0, sizes[i]), 0);
		refused(folder, "No space left on device");
		/* the folder that there was room for is gone again */
		assert_int_equal(entries(folder), 0);
		assert_int_equal(umount(folder), 0);
	}
}

static void test_read_only(void **state)
{
	char folder[64];

	(void)state;
	ONLY_WITH_MOUNTS();
	snprintf(folder, sizeof(folder), "%s/ro", top);
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
	/* root's, where QEMU's user may look and not write: root does not do it for him */
	refused(private, "Permission denied");
	/* a third user's: he could exchange what is made there */
	snprintf(folder, sizeof(folder), "%s/third", top);
	assert_int_equal(mkdir(folder, 0777), 0);
	assert_int_equal(chmod(folder, 01777), 0);
	assert_int_equal(chown(folder, USER - 1, USER - 1), 0);
	refused(folder, "may be exchanged");
	/* a link to root's folder, a link to nowhere, a file */
	snprintf(folder, sizeof(folder), "%s/to-root", theirs);
	assert_int_equal(symlink("/root", folder), 0);
	refused(folder, "Permission denied");
	refused(secret, "Not a directory");
	assert_int_equal(stat("/root", &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_untouched(0);
}

/* --- a QEMU with a file system of its own ------------------------------------------------------ */

/* In a mount namespace, or a chroot, of its own: what is made is made there, as QEMU's user. */
static void test_own_view(void **state)
{
	char box[64], path[128];
	struct stat st;
	int ready[2];

	(void)state;
	ONLY_WITH_MOUNTS();
	snprintf(box, sizeof(box), "%s/box", top);
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

/* --- the one who works for root ----------------------------------------------------------------- */

static void say_twice(int link, void *arg)
{
	const int *delay = arg;
	int word = 1;

	as_user_say(link, &word, sizeof(word), -1);
	usleep((useconds_t)*delay);
	as_user_say(link, &word, sizeof(word), -1);
	as_user_wait(link);
}

/* What it is: the other user, with nothing of root's: no right, no file, no memory to be looked at. */
static void test_worker(void **state)
{
	char path[64], line[256], mem[64];
	struct as_user u;
	int word, delay = 0, found = 0;
	pid_t attacker;

	(void)state;
	ONLY_ROOT();
	/* of groups it has QEMU's, which are root's here: none but the ones setup() was run with */
	assert_null(as_user_start(qemu, pin, say_twice, &delay, &u));
	assert_null(as_user_hear(&u, &word, sizeof(word), NULL));
	snprintf(path, sizeof(path), "/proc/%d/status", (int)u.child);
	FILE *f = fopen(path, "re");
	while (fgets(line, sizeof(line), f))
		found += strncmp(line, "Uid:\t65534\t65534\t65534\t65534\n", 28) == 0 ||
			 strncmp(line, "Gid:\t65534\t65534\t65534\t65534\n", 28) == 0 ||
			 strcmp(line, "CapEff:\t0000000000000000\n") == 0 ||
			 strcmp(line, "CapPrm:\t0000000000000000\n") == 0 ||
			 strcmp(line, "CapAmb:\t0000000000000000\n") == 0 ||
			 strcmp(line, "NoNewPrivs:\t1\n") == 0;
	fclose(f);
	assert_int_equal(found, 6);
	/* its link is all that it has open */
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)u.child);
	assert_int_equal(entries(path), 1);

	/* its user may neither trace it nor read it */
	snprintf(mem, sizeof(mem), "/proc/%d/mem", (int)u.child);
	if (as_attacker(&attacker))
		_exit(ptrace(PTRACE_ATTACH, u.child, NULL, NULL) == 0 || open(mem, O_RDONLY) >= 0);
	int status;
	waitpid(attacker, &status, 0);
	assert_int_equal(status, 0);
	as_user_end(&u);
	assert_int_equal(u.child, 0);
}

/* He may stop it, or end it: root does not wait for ever, and nothing is left running. */
static void test_stopped(void **state)
{
	static const int signals[] = { SIGSTOP, SIGKILL };
	int word, delay = 300000;

	(void)state;
	ONLY_ROOT();
	for (int i = 0; i < 2; i++) {
		struct as_user u;
		pid_t attacker, child;
		struct err *e;

		assert_null(as_user_start(qemu, pin, say_twice, &delay, &u));
		assert_null(as_user_hear(&u, &word, sizeof(word), NULL));
		child = u.child;
		if (as_attacker(&attacker))
			_exit(kill(child, signals[i]) < 0);
		waitpid(attacker, NULL, 0);
		e = as_user_hear(&u, &word, sizeof(word), NULL);
		assert_non_null(strstr(err_text(e), "does not answer"));
		err_free(e);
		as_user_end(&u);
		assert_int_equal(kill(child, 0), -1);
	}
}

/* QEMU has ended, and its number may be anybody's: nobody is become. */
static void test_ended(void **state)
{
	struct as_user u;
	int held, delay = 0;
	pid_t other;

	(void)state;
	ONLY_ROOT();
	if (as_attacker(&other)) {
		pause();
		_exit(0);
	}
	assert_null(process_pin(other, &held));
	/* it waits to be reaped: its number is its own, and its rights are still to be read */
	kill(other, SIGKILL);
	while (process_held(held))
		usleep(1000);
	struct err *e = as_user_start(other, held, say_twice, &delay, &u);
	assert_non_null(e);
	err_free(e);
	assert_int_equal(u.child, 0);
	waitpid(other, NULL, 0);
	close(held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_kept_log),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_not_his),
		cmocka_unit_test(test_own_view),
		cmocka_unit_test(test_worker),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_ended),
	};

	may_mount = geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	return cmocka_run_group_tests(tests, setup, teardown);
}
