// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/output_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/procfs.h"
#include "input/frames/frameset.h"

void output_folder_deinit(struct output_folder *p)
{
	if (p->dir >= 0)
		close(p->dir);
	free(p->prefix);
	free(p->text);
	*p = (struct output_folder){ .dir = -1 };
}

static struct err *named(struct output_folder *p, const char *folder)
{
	char *full = realpath(folder, NULL);

	/* a folder that only QEMU can see is allowed */
	if (!full && folder[0] != '/')
		return err_sys(errno, "%s", folder);
	if (!full)
		full = strdup(folder);
	if (!full)
		return err_nomem();
	p->dir = open(full, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (asprintf(&p->prefix, "%s/", strcmp(full, "/") == 0 ? "" : full) < 0)
		p->prefix = NULL;
	p->text = full;
	return p->prefix ? NULL : err_nomem();
}

/* QEMU's current folder, if it can be seen and written. */
static bool of_process(struct output_folder *p, pid_t pid)
{
	char link[64], target[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	int dir = open(link, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	if (!procfs_link_at(AT_FDCWD, link, target, sizeof(target)) ||
	    faccessat(dir, ".", W_OK, 0) < 0) {
		close(dir);
		return false;
	}
	p->dir = dir;
	p->prefix = strdup("");
	p->text = strdup(target);
	return true;
}

struct err *output_folder_find(struct output_folder *p, const char *folder, pid_t pid)
{
	struct err *e;

	*p = (struct output_folder){ .dir = -1 };
	if (folder)
		return named(p, folder);
	if (pid && of_process(p, pid))
		return p->prefix && p->text ? NULL : err_nomem();
	e = named(p, ".");
	if (!e && !pid) {
		/* QEMU's process is unknown: assume that it runs in our current folder */
		p->prefix[0] = '\0';
	}
	return e;
}

struct err *output_folder_path(const struct output_folder *p, const char *name, char **out)
{
	if (asprintf(out, "%s%s", p->prefix, name) < 0) {
		*out = NULL;
		return err_nomem();
	}
	return NULL;
}

struct err *output_folder_clear(const struct output_folder *p, bool overwrite)
{
	int fd = p->dir < 0 ? -1 : openat(p->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct err *e = NULL;
	struct dirent *entry;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	while (!e && (entry = readdir(d))) {
		const char *name = entry->d_name;

		if (frame_name_parse(name, NULL, NULL) == FRAME_NONE &&
		    strcmp(name, FRAME_INDEX) != 0)
			continue;
		if (!overwrite)
			e = err_new(ERR_FAIL, "%s is in %s already, of an earlier capture: it is not "
				    "overwritten; use another folder, or --force", name, p->text);
		else if (unlinkat(p->dir, name, 0) < 0)
			e = err_sys(errno, "removing %s in %s", name, p->text);
	}
	closedir(d);
	return e;
}
