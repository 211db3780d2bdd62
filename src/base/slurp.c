// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"

struct err *slurp_fd(int fd, const char *name, size_t max, const char *what, struct buf *b)
{
	while (b->len <= max) {
		uint8_t *room = buf_reserve(b, 65536);
		ssize_t n = room ? read(fd, room, 65536) : 0;

		if (!room)
			return err_nomem();
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "%s", name);
		if (!n)
			return NULL;
		b->len += (size_t)n;
	}
	return err_new(ERR_FORMAT, "%s: too long for a %s", name, what);
}

struct err *slurp(const char *path, size_t max, const char *what, struct buf *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct err *e;

	if (fd < 0)
		return err_sys(errno, "%s", path);
	e = slurp_fd(fd, path, max, what, b);
	close(fd);
	return e;
}
