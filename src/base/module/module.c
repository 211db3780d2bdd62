// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/module/module.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

#define BESIDE "modules"
#define PATH_ROOM 4096

/* Where modules are, and who may have written them. */
struct place {
	char folder[PATH_ROOM];
	uid_t owners[3];
	size_t n;
};

bool module_is_trusted(const struct stat *st, const uid_t *owners, size_t n)
{
	bool owned = false;

	for (size_t i = 0; i < n; i++)
		owned |= st->st_uid == owners[i];
	/* a user's own group has his number (login.defs, USERGROUPS_ENAB): its umask is 002 */
	return owned && !(st->st_mode & S_IWOTH) &&
	       (!(st->st_mode & S_IWGRP) || (st->st_uid && st->st_gid == st->st_uid));
}

/* The folder beside the program, if there is one. */
static bool find_beside(struct place *p)
{
	ssize_t n = readlink("/proc/self/exe", p->folder, sizeof(p->folder) - sizeof("/" BESIDE));
	struct stat st;
	char *slash;

	if (n <= 0 || (size_t)n >= sizeof(p->folder) - sizeof("/" BESIDE))
		return false;
	p->folder[n] = '\0';
	slash = strrchr(p->folder, '/');
	if (!slash)
		return false;
	strcpy(slash, "/" BESIDE);
	return stat(p->folder, &st) == 0;
}

static void find_place(struct place *p)
{
	bool more_rights = getauxval(AT_SECURE);
	struct stat st;

	p->n = 0;
	p->owners[p->n++] = 0;
	if (!more_rights) {
		p->owners[p->n++] = geteuid();
		if (stat("/proc/self/exe", &st) == 0)
			p->owners[p->n++] = st.st_uid;
	}
	if (more_rights || !find_beside(p))
		snprintf(p->folder, sizeof(p->folder), "%s", HDADUMP_MODULES);
}

static struct err *not_trusted(const struct place *p, const char *file, const char *what)
{
	return err_new(ERR_FAIL, "the module %s/%s is not loaded: another user could have written %s; it has "
		       "to belong to root or to you, and nobody else may write it (chmod go-w)",
		       p->folder, file, what);
}

static struct err *open_file(const struct place *p, int dir, const char *file, int *fd)
{
	struct stat st;
	struct err *e = NULL;

	if (fstat(dir, &st) < 0 || !module_is_trusted(&st, p->owners, p->n))
		return not_trusted(p, file, "its folder");
	*fd = openat(dir, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return errno == ENOENT ? NULL : err_sys(errno, "the module %s/%s", p->folder, file);
	if (fstat(*fd, &st) < 0 || !S_ISREG(st.st_mode))
		e = err_new(ERR_FAIL, "the module %s/%s is no file", p->folder, file);
	else if (!module_is_trusted(&st, p->owners, p->n))
		e = not_trusted(p, file, "it");
	if (e)
		close(*fd);
	if (e)
		*fd = -1;
	return e;
}

/* Opens the module's file; *fd is -1 where there is none. */
static struct err *open_module(const char *name, struct place *p, int *fd)
{
	char file[64];
	struct err *e;

	*fd = -1;
	find_place(p);
	snprintf(file, sizeof(file), "%s.so", name);
	int dir = open(p->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return errno == ENOENT ? NULL : err_sys(errno, "the modules in %s", p->folder);
	e = open_file(p, dir, file, fd);
	close(dir);
	return e;
}

static struct err *take(struct module *m, const struct module_head *have, const char *path)
{
	if (!have || !have->version)
		return err_new(ERR_FAIL, "the module %s is not loaded: it is no module of hdadump's", path);
	if (strcmp(have->version, m->head.version) != 0 || have->size != m->head.size ||
	    have->form != m->head.form)
		return err_new(ERR_FAIL, "the module %s is not loaded: it is of hdadump %s, and this is %s of "
			       "another build; install both from one build", path, have->version,
			       m->head.version);
	m->table = have;
	return NULL;
}

/*
 * Loads what was looked at, by its descriptor @fd, which is ours.  It stays open with the
 * module: the dynamic loader knows a library by its name, and the number is in it.
 */
static struct err *load(struct module *m, int fd, const char *folder)
{
	char name[64], symbol[64], path[PATH_ROOM + 64];
	struct err *e;
	void *so;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	snprintf(symbol, sizeof(symbol), "hdadump_module_%s", m->name);
	snprintf(path, sizeof(path), "%s/%s.so", folder, m->name);
	so = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (so)
		return take(m, dlsym(so, symbol), path);
	e = err_new(ERR_FAIL, "the module %s cannot be loaded: %s", path, dlerror());
	close(fd);
	return e;
}

static const struct module_head *find_within(const char *name)
{
	for (const struct module_within *w = modules_within; w && w->name; w++)
		if (strcmp(w->name, name) == 0)
			return w->table;
	return NULL;
}

struct err *module_load(struct module *m)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	const struct module_head *within = find_within(m->name);
	struct err *e = NULL;
	struct place p;
	int fd = -1;

	pthread_mutex_lock(&lock);
	if (m->table)
		goto out;
	if (within) {
		e = take(m, within, m->name);
		goto out;
	}
	e = open_module(m->name, &p, &fd);
	if (!e && fd < 0)
		e = err_new(ERR_FAIL, "%s (there is no %s/%s.so)", m->without, p.folder, m->name);
	if (!e)
		e = load(m, fd, p.folder);
out:
	pthread_mutex_unlock(&lock);
	return e;
}

bool module_exists(const char *name)
{
	struct place p;
	int fd = -1;

	if (find_within(name))
		return true;
	err_free(open_module(name, &p, &fd));
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}
