// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/terminal.h"

#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/procfs.h"
#include "qemu/process.h"

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

struct tty_look {
	int tty;		/* in the form of tty_nr */
	struct terminal_users *u;
	bool others;
};

static bool look_at(void *arg, pid_t pid)
{
	struct tty_look *l = arg;
	struct procfs_stat p;

	if (!procfs_stat(pid, &p) || p.tty != l->tty || p.pgrp != p.foreground)
		return false;
	if (qemu_is_program(p.comm))
		l->u->qemu = pid;
	else if (is_shell(p.comm))
		memcpy(l->u->shell, p.comm, sizeof(p.comm));
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
	procfs_each(look_at, &l);
	if (u->qemu || l.others)
		u->shell[0] = '\0';
}

struct tty_writer {
	char link[64];
	pid_t pid;
};

static bool is_writer(void *arg, pid_t pid)
{
	struct tty_writer *w = arg;
	struct procfs_stat p;
	char link[64];

	if (!procfs_stat(pid, &p) || !qemu_is_program(p.comm) ||
	    !procfs_link(pid, "fd/2", link, sizeof(link)) || strcmp(link, w->link) != 0)
		return false;
	w->pid = pid;
	return true;
}

pid_t terminal_find_writer(void)
{
	struct tty_writer w = { 0 };

	if (procfs_link(getpid(), "fd/0", w.link, sizeof(w.link)) && strncmp(w.link, "pipe:", 5) == 0)
		procfs_each(is_writer, &w);
	return w.pid;
}
