// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "input/open.h"

static struct err *open_fd(int fd, const char *name, const char *device, uint64_t bar,
			   struct source **out)
{
	const struct source_options options = {
		.devices = &device, .n_devices = device ? 1 : 0, .bar = bar,
	};

	return source_open(fd, name, &options, out);
}

struct err *input_open_fd(int fd, const char *name, const char *device, struct source **out)
{
	return open_fd(fd, name, device, 0, out);
}

struct err *input_open_bar(const char *path, const char *device, uint64_t bar, struct source **out,
			   int *fd)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;

	*fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return err_sys(errno, "%s", name);
	return open_fd(*fd, name, device, bar, out);
}

struct err *input_open(const char *path, const char *device, struct source **out, int *fd)
{
	return input_open_bar(path, device, 0, out, fd);
}
