// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "qemu/qemu.h"

#define FILE_MAX (1u << 20)

struct err *process_read(pid_t pid, const char *name, struct buf *out)
{
	char path[64];
	struct err *e = NULL;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return err_new(ERR_FAIL, "there is no process %d", (int)pid);
	if (fd < 0)
		return err_sys(errno, "%s", path);
	for (ssize_t n = 1; n > 0 && !e && out->len < FILE_MAX;) {
		uint8_t *room = buf_reserve(out, 65536);

		n = room ? read(fd, room, 65536) : 0;
		if (!room)
			e = err_nomem();
		else if (n > 0)
			out->len += (size_t)n;
		else if (n < 0 && errno != EINTR)
			e = err_sys(errno, "%s", path);
		else if (n < 0)
			n = 1;
	}
	close(fd);
	return e;
}

bool process_alive(pid_t pid)
{
	struct buf text = { 0 };
	bool alive = false;

	if (kill(pid, 0) < 0 && errno == ESRCH)
		return false;
	struct err *e = process_read(pid, "stat", &text);
	/* the state follows the name, which may hold anything: proc(5) */
	const char *name_end = e ? NULL : strrchr(buf_str(&text), ')');
	if (name_end && name_end[1] == ' ')
		alive = !strchr("ZXx", name_end[2]);
	else
		alive = kill(pid, 0) == 0 || errno == EPERM;
	err_free(e);
	buf_deinit(&text);
	return alive;
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

	/* it becomes readable when the process ends, before its number is given again */
	return pin >= 0 && poll(&fd, 1, 0) == 0;
}

bool process_may_be_qemu(pid_t pid, const char *cmdline, size_t len)
{
	const char *end = memchr(cmdline, '\0', len);
	const char *base;

	if (qemu_is_process(pid))
		return true;
	if (!end)
		return false;
	base = memrchr(cmdline, '/', (size_t)(end - cmdline));
	base = base ? base + 1 : cmdline;
	return strncmp(base, "qemu", 4) == 0 || strcmp(base, "kvm") == 0;
}

bool process_owner(pid_t pid, uid_t *uid, gid_t *gid)
{
	struct buf text = { 0 };
	struct err *e = process_read(pid, "status", &text);
	const char *p = e ? NULL : strstr(buf_str(&text), "\nUid:");
	/* the effective ones */
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
	struct err *e = process_read(pid, "attr/current", &text);
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
