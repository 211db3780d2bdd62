// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

pid_t process_find_argument(const char *word, bool (*test)(pid_t pid))
{
	DIR *proc = opendir("/proc");
	struct buf text = { 0 };
	pid_t found = 0;

	if (!proc)
		return 0;
	for (struct dirent *de; !found && (de = readdir(proc));) {
		pid_t pid = isdigit((unsigned char)de->d_name[0]) ? atoi(de->d_name) : 0;

		buf_clear(&text);
		if (!pid || !test(pid))
			continue;
		err_free(process_read(pid, "cmdline", &text));
		if (text.len && memmem(text.data, text.len, word, strlen(word)))
			found = pid;
	}
	closedir(proc);
	buf_deinit(&text);
	return found;
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
