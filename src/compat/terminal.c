// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/terminal.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bits.h"

struct process {
	pid_t pid;
	char comm[32];
	int pgrp, tty, foreground;	/* process group, terminal, the terminal's group */
};

static bool is_qemu(const char *comm)
{
	/* a wrapped one is .qemu-system-x8 */
	return strstr(comm, "qemu") || strcmp(comm, "kvm") == 0;
}

static bool is_shell(const char *comm)
{
	static const char *const shells[] = {
		"sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "tcsh", "csh", "busybox", "login",
		"agetty",
	};

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
		if (strcmp(comm, shells[i]) == 0)
			return true;
	return false;
}

/* proc(5): pid (comm) state ppid pgrp session tty_nr tpgid */
static bool read_stat(const char *pid, struct process *p)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	FILE *f = fopen(path, "re");
	if (!f)
		return false;
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	char *open = strchr(text, '('), *close = strrchr(text, ')');
	if (!open || !close || close < open)
		return false;
	*close = '\0';
	snprintf(p->comm, sizeof(p->comm), "%s", open + 1);
	p->pid = (pid_t)strtol(pid, NULL, 10);
	return sscanf(close + 1, " %*c %*d %d %*d %d %d", &p->pgrp, &p->tty, &p->foreground) == 3;
}

/* Calls @seen for each process until it returns true. */
static void each_process(bool (*seen)(void *arg, const struct process *p), void *arg)
{
	DIR *d = opendir("/proc");
	struct dirent *entry;
	struct process p;

	if (!d)
		return;
	while ((entry = readdir(d)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    read_stat(entry->d_name, &p) && seen(arg, &p))
			break;
	closedir(d);
}

struct tty_look {
	int tty;		/* as tty_nr has it */
	struct terminal_users *u;
	bool others;
};

static bool look_at(void *arg, const struct process *p)
{
	struct tty_look *l = arg;

	if (p->tty != l->tty || p->pgrp != p->foreground)
		return false;
	if (is_qemu(p->comm))
		l->u->qemu = p->pid;
	else if (is_shell(p->comm))
		memcpy(l->u->shell, p->comm, sizeof(p->comm));
	else
		l->others = true;
	return false;
}

void terminal_look(dev_t dev, struct terminal_users *u)
{
	unsigned int minor_ = minor(dev);
	struct tty_look l = {
		.tty = (int)((minor_ & 0xff) | major(dev) << 8 | (minor_ & ~0xffu) << 12), .u = u,
	};

	*u = (struct terminal_users){ 0 };
	each_process(look_at, &l);
	if (u->qemu || l.others)
		u->shell[0] = '\0';
}

struct tty_writer {
	char link[64];
	pid_t pid;
};

static bool is_writer(void *arg, const struct process *p)
{
	struct tty_writer *w = arg;
	char path[64], link[64];

	if (!is_qemu(p->comm))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/fd/2", (int)p->pid);
	ssize_t n = readlink(path, link, sizeof(link) - 1);
	if (n <= 0)
		return false;
	link[n] = '\0';
	if (strcmp(link, w->link) != 0)
		return false;
	w->pid = p->pid;
	return true;
}

pid_t terminal_find_writer(void)
{
	struct tty_writer w = { 0 };
	ssize_t n = readlink("/proc/self/fd/0", w.link, sizeof(w.link) - 1);

	if (n > 0 && strncmp(w.link, "pipe:", 5) == 0)
		each_process(is_writer, &w);
	return w.pid;
}
