// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/process.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/procfs.h"

bool qemu_is_program(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	base += *base == '.';
	return strncmp(base, "qemu", 4) == 0 || strcmp(base, "kvm") == 0;
}

bool process_is_qemu(pid_t pid)
{
	char exe[512];

	return procfs_link(pid, "exe", exe, sizeof(exe)) && qemu_is_program(exe);
}

bool process_may_be_qemu(pid_t pid, const char *cmdline, size_t len)
{
	return process_is_qemu(pid) || (memchr(cmdline, '\0', len) && qemu_is_program(cmdline));
}

struct socket_search {
	char target[64];
	pid_t found;
};

static bool is_socket(void *arg, int dir, const char *fd)
{
	struct socket_search *s = arg;
	char link[64];

	if (!procfs_link_at(dir, fd, link, sizeof(link)) || strcmp(link, s->target) != 0)
		return false;
	s->found = 1;
	return true;
}

static bool qemu_holds(void *arg, pid_t pid)
{
	struct socket_search *s = arg;

	if (process_is_qemu(pid))
		procfs_each_fd(pid, is_socket, s);
	if (s->found)
		s->found = pid;
	return s->found;
}

pid_t process_find_qemu(ino_t inode)
{
	struct socket_search s = { 0 };

	snprintf(s.target, sizeof(s.target), "socket:[%llu]", (unsigned long long)inode);
	procfs_each(qemu_holds, &s);
	return s.found;
}

bool process_alive(pid_t pid)
{
	struct procfs_stat st;

	if (kill(pid, 0) < 0 && errno == ESRCH)
		return false;
	if (procfs_stat(pid, &st))
		return !strchr("ZXx", st.state);
	return kill(pid, 0) == 0 || errno == EPERM;
}

struct err *process_pin(pid_t pid, int *pin)
{
	*pin = (int)syscall(SYS_pidfd_open, pid, 0);
	if (*pin >= 0)
		return NULL;
	if (errno == ESRCH || errno == EINVAL)
		return err_new(ERR_FAIL, "there is no process %d", (int)pid);
	return err_sys(errno, "holding process %d (pidfd_open)", (int)pid);
}

bool process_held(int pin)
{
	struct pollfd fd = { .fd = pin, .events = POLLIN };

	/* it becomes readable when the process ends, before its PID can be used again */
	return pin >= 0 && poll(&fd, 1, 0) == 0;
}

bool process_owner(pid_t pid, uid_t *uid, gid_t *gid)
{
	struct buf text = { 0 };
	struct err *e = procfs_read(pid, "status", &text);
	const char *p = e ? NULL : strstr(buf_str(&text), "\nUid:");
	/* the effective ids */
	bool good = p && sscanf(p, "\nUid: %*u %u", uid) == 1;

	p = good ? strstr(p, "\nGid:") : NULL;
	good = p && sscanf(p, "\nGid: %*u %u", gid) == 1;
	buf_deinit(&text);
	err_free(e);
	return good;
}

char *user_text(uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);
	char *text;

	if (asprintf(&text, pw ? "%s (%u)" : "%s%u", pw ? pw->pw_name : "", uid) < 0)
		return NULL;
	return text;
}

char *process_confinement(pid_t pid)
{
	struct buf text = { 0 };
	struct err *e = procfs_read(pid, "attr/current", &text);
	char *out = NULL, *label;
	size_t n;

	if (e || !text.len)
		goto out;
	label = (char *)buf_str(&text);
	n = strcspn(label, "\n");
	label[n] = '\0';
	if (!n || strncmp(label, "unconfined", 10) == 0)
		goto out;
	/* an SELinux label has colons: user:role:type:level */
	if (asprintf(&out, "%s %s", strchr(label, ':') && !strstr(label, " (") ? "SELinux label" :
		     "AppArmor profile", label) < 0)
		out = NULL;
out:
	err_free(e);
	buf_deinit(&text);
	return out;
}
