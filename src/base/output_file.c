// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

struct err *output_check(const char *path, bool replace, char *const *inputs, int n_inputs)
{
	struct stat out, in;

	if (stat(path, &out) < 0)
		return errno == ENOENT ? NULL : err_sys(errno, "%s", path);
	for (int i = 0; i < n_inputs; i++) {
		bool standard = strcmp(inputs[i], "-") == 0;
		int rc = standard ? fstat(STDIN_FILENO, &in) : stat(inputs[i], &in);

		if (rc == 0 && S_ISREG(in.st_mode) && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino)
			return err_new(ERR_FAIL, "%s is an input: it is not overwritten", path);
	}
	if (S_ISDIR(out.st_mode))
		return err_sys(EISDIR, "%s", path);
	if (!replace && S_ISREG(out.st_mode))
		return err_new(ERR_FAIL, "%s: the file exists; use --force to replace it",
			       path);
	return NULL;
}

struct err *output_create(const char *path, bool replace, char *const *inputs, int n_inputs,
			  mode_t mode, struct output *o)
{
	struct stat st;
	struct err *e;

	*o = (struct output){ .fd = -1, .replace = replace };
	if (strcmp(path, "-") == 0) {
		o->fd = dup(STDOUT_FILENO);
		return o->fd < 0 ? err_sys(errno, "standard output") : NULL;
	}
	e = output_check(path, replace, inputs, n_inputs);
	if (e)
		return e;
	o->path = strdup(path);
	if (!o->path)
		return err_nomem();
	/* a pipe or a device is written directly: it cannot be replaced by rename() */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		return o->fd < 0 ? err_sys(errno, "%s", path) : NULL;
	}
	if (asprintf(&o->beside, "%s.XXXXXX", path) < 0) {
		o->beside = NULL;
		return err_nomem();
	}
	o->fd = mkostemp(o->beside, O_CLOEXEC);
	if (o->fd < 0) {
		free(o->beside);
		o->beside = NULL;
		return err_sys(errno, "%s", path);
	}
	mode_t mask = umask(0);

	umask(mask);
	fchmod(o->fd, mode & ~mask);
	return NULL;
}

struct err *output_finish(struct output *o)
{
	if (close(o->fd) < 0) {
		o->fd = -1;
		return err_sys(errno, "%s: close", o->path ? o->path : "standard output");
	}
	o->fd = -1;
	if (!o->beside)
		return NULL;
	/*
	 * link() fails if the file has appeared since the check, but not every file system
	 * has link()
	 */
	if (o->replace) {
		if (rename(o->beside, o->path) < 0)
			return err_sys(errno, "%s", o->path);
	} else if (link(o->beside, o->path) == 0) {
		unlink(o->beside);
	} else if (errno == EEXIST || rename(o->beside, o->path) < 0) {
		return err_sys(errno, "%s", o->path);
	}
	free(o->beside);
	o->beside = NULL;
	return NULL;
}

void output_deinit(struct output *o)
{
	if (o->fd >= 0)
		close(o->fd);
	if (o->beside)
		unlink(o->beside);
	free(o->beside);
	free(o->path);
	*o = (struct output){ .fd = -1 };
}
