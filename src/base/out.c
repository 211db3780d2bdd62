// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/out.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"

#define OUT_SIZE (256 * 1024)

struct err *out_init(struct out *o, int fd)
{
	*o = (struct out){ .fd = fd, .buf = malloc(OUT_SIZE) };
	return o->buf ? NULL : err_nomem();
}

void out_deinit(struct out *o)
{
	free(o->buf);
	o->buf = NULL;
}

int out_write(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n > 0) {
			p += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			/* wait: another program may have made the terminal non-blocking */
			struct pollfd pfd = { .fd = fd, .events = POLLOUT };

			if (poll(&pfd, 1, -1) < 0 && errno != EINTR)
				return errno;
		} else if (n < 0 && errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

int out_write_through(int fd, const struct buf *b)
{
	int errnum = out_write(fd, b->data, b->len);

	return errnum || fsync(fd) == 0 ? errnum : errno;
}

struct err *out_flush(struct out *o)
{
	if (!o->failed && o->len)
		o->failed = out_write(o->fd, o->buf, o->len);
	o->len = 0;
	return o->failed ? err_sys(o->failed, "cannot write the output") : NULL;
}

struct err *out_room(struct out *o, char **p)
{
	struct err *e = NULL;

	if (OUT_SIZE - o->len < OUT_ROOM)
		e = out_flush(o);
	*p = o->buf + o->len;
	return e;
}

struct err *out_add(struct out *o, const void *data, size_t len)
{
	const char *src = data;

	while (len) {
		size_t n = OUT_SIZE - o->len;

		if (!n) {
			struct err *e = out_flush(o);
			if (e)
				return e;
			continue;
		}
		if (n > len)
			n = len;
		memcpy(o->buf + o->len, src, n);
		o->len += n;
		src += n;
		len -= n;
	}
	return NULL;
}

struct err *out_text(int fd, const struct buf *b)
{
	struct err *e = buf_err(b);
	int errnum = e ? 0 : out_write(fd, b->data, b->len);

	return errnum ? err_sys(errnum, "cannot write the output") : e;
}

struct err *out_answer(const struct buf *b)
{
	return err_wrap(out_text(STDOUT_FILENO, b), "standard output");
}
