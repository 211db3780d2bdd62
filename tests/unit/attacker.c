// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "qemu/process.h"
#include "attacker.h"

char attacker_top[] = "/tmp/hdadump-ladder-XXXXXX";
char attacker_secret[64];
char attacker_private[64];
char attacker_theirs[64];
pid_t attacker_qemu;
int attacker_pin;

/*
 * An attacker that is notified of every new name (inotify) and gets the processor before the
 * creator continues, so that the race is not lost by chance. If that is not allowed, it is a
 * normal race.
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

bool become_attacker(pid_t *pid, bool hurried)
{
	*pid = fork();
	assert_true(*pid >= 0);
	if (*pid)
		return false;
	if (hurried)
		hurry();
	if (setresgid(USER, USER, USER) < 0 || setresuid(USER, USER, USER) < 0)
		_exit(1);
	/* end with the test, however it ends */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == 1)
		_exit(1);
	return true;
}

bool as_attacker(pid_t *pid)
{
	return become_attacker(pid, false);
}

void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void assert_untouched(int n)
{
	struct stat st;

	if (stat(attacker_secret, &st) < 0 || st.st_uid || st.st_gid || st.st_mode != (S_IFREG | 0600) ||
	    st.st_size != 6)
		fail_msg("try %d: root's file has become uid %u, mode %o, %ld bytes", n, st.st_uid, st.st_mode,
			 (long)st.st_size);
	if (stat(attacker_private, &st) < 0 || st.st_uid || (st.st_mode & 07777) != 0755)
		fail_msg("try %d: root's folder has become uid %u, mode %o", n, st.st_uid, st.st_mode);
}

int attacker_setup(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return 0;
	/* before the other user's process is started, which must see what is mounted */
	attacker_may_mount();
	if (!mkdtemp(attacker_top) || chmod(attacker_top, 0755) < 0)
		return -1;
	snprintf(attacker_secret, sizeof(attacker_secret), "%s/secret", attacker_top);
	snprintf(attacker_private, sizeof(attacker_private), "%s/private", attacker_top);
	snprintf(attacker_theirs, sizeof(attacker_theirs), "%s/theirs", attacker_top);
	write_file(attacker_secret, "secret", 0600);
	if (mkdir(attacker_private, 0755) < 0 || mkdir(attacker_theirs, 0755) < 0 ||
	    chown(attacker_theirs, USER, USER) < 0)
		return -1;
	if (as_attacker(&attacker_qemu)) {
		pause();
		_exit(0);
	}
	/* it belongs to the other user when its user has changed */
	uid_t uid = 0;
	gid_t gid;
	while (process_owner(attacker_qemu, &uid, &gid) && uid != USER)
		usleep(1000);
	struct err *e = process_pin(attacker_qemu, &attacker_pin);
	err_free(e);
	return e ? -1 : 0;
}

int attacker_teardown(void **state)
{
	char cmd[128];

	(void)state;
	if (geteuid() != 0)
		return 0;
	end(attacker_qemu);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", attacker_top);
	return system(cmd);	/* NOLINT: the name is ours */
}

unsigned int entries(const char *folder)
{
	unsigned int n = 0;
	DIR *d = opendir(folder);

	for (struct dirent *de; (de = readdir(d));)
		n += de->d_name[0] != '.';
	closedir(d);
	return n;
}

bool attacker_may_mount(void)
{
	static int may = -1;

	if (may < 0)
		may = geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
		      mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	return may;
}
