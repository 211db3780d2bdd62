// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/tracepipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"

#define PAGE 4096
/* A longer line is not QEMU's; its beginning is given out as a line. */
#define LINE_MAX_BYTES 65536

static struct err *prepare_reader(struct tracepipe *t)
{
	if (fcntl(t->fd, F_SETPIPE_SZ, PAGE) < 0)
		return err_sys(errno, "making the trace pipe one page long");
	/* only for the reading end: the flag belongs to this end's open file */
	if (fcntl(t->fd, F_SETFL, fcntl(t->fd, F_GETFL) | O_NONBLOCK) < 0)
		return err_sys(errno, "making the trace pipe non-blocking");
	return NULL;
}

struct err *tracepipe_init(struct tracepipe *t, bool strict)
{
	int fds[2];

	*t = (struct tracepipe){ .fd = -1, .writer = -1, .aux = { -1, -1 }, .strict = strict };
	if (pipe2(fds, O_CLOEXEC | (strict ? O_DIRECT : 0)) < 0)
		return err_sys(errno, "making the trace pipe");
	t->fd = fds[0];
	t->writer = fds[1];
	if (strict && pipe2(t->aux, O_CLOEXEC | O_DIRECT) < 0)
		return err_sys(errno, "making the trace pipe");
	return prepare_reader(t);
}

struct err *tracepipe_init_fifo(struct tracepipe *t, int fd)
{
	*t = (struct tracepipe){ .fd = fd, .writer = -1, .aux = { -1, -1 } };
	return prepare_reader(t);
}

void tracepipe_close_writer(struct tracepipe *t)
{
	if (t->writer >= 0)
		close(t->writer);
	t->writer = -1;
}

void tracepipe_deinit(struct tracepipe *t)
{
	tracepipe_close_writer(t);
	if (t->fd >= 0)
		close(t->fd);
	for (int i = 0; i < 2; i++)
		if (t->aux[i] >= 0)
			close(t->aux[i]);
	buf_deinit(&t->in);
	t->fd = t->aux[0] = t->aux[1] = -1;
}

bool tracepipe_line(struct tracepipe *t, const uint8_t **line, size_t *len)
{
	size_t left = t->in.len - t->pos;
	const uint8_t *start = t->in.data + t->pos;
	const uint8_t *nl = left ? memchr(start, '\n', left) : NULL;
	size_t n;

	if (nl)
		n = (size_t)(nl - start) + 1;
	else if (left >= LINE_MAX_BYTES || (t->eof && left))
		n = left;
	else
		return false;
	*line = start;
	*len = nl ? n - 1 : n;
	t->pos += n;
	t->consumed += n;
	return true;
}

static void compact(struct tracepipe *t)
{
	if (!t->pos)
		return;
	buf_consume(&t->in, t->pos);
	t->pos = 0;
}

/* Reads once from @fd into the buffer; *got is 0 if nothing is there. */
static struct err *read_some(struct tracepipe *t, int fd, size_t *got)
{
	uint8_t *room = buf_reserve(&t->in, PAGE);

	*got = 0;
	if (!room)
		return err_nomem();
	ssize_t n = read(fd, room, PAGE);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? NULL : err_sys(errno, "reading the trace");
	if (n == 0)
		t->eof = true;
	t->in.len += (size_t)n;
	*got = (size_t)n;
	return NULL;
}

/* Removes the packet that was copied earlier. */
static struct err *let_go(struct tracepipe *t)
{
	uint8_t packet[PAGE];

	while (t->held) {
		ssize_t n = read(t->fd, packet, sizeof(packet));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_sys(n ? errno : EIO, "taking a line out of the trace pipe");
		t->received += (uint64_t)n;
		t->held -= (size_t)n < t->held ? (size_t)n : t->held;
	}
	return NULL;
}

struct err *tracepipe_fill(struct tracepipe *t)
{
	struct err *e;
	size_t got;

	compact(t);
	if (!t->strict) {
		e = read_some(t, t->fd, &got);
		t->received += got;
		return e;
	}
	e = let_go(t);
	if (e)
		return e;
	ssize_t n = tee(t->fd, t->aux[1], PAGE, SPLICE_F_NONBLOCK);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? NULL : err_sys(errno, "copying the trace (tee)");
	if (n == 0) {
		t->eof = true;
		return NULL;
	}
	/* a packet that is not read whole loses its rest: n bytes may be several packets */
	for (size_t done = 0; done < (size_t)n; done += got) {
		e = read_some(t, t->aux[0], &got);
		if (e)
			return e;
		if (!got)
			return err_new(ERR_FAIL, "the copy of the trace is short");
	}
	t->held = (size_t)n;
	return NULL;
}

struct err *tracepipe_drain(struct tracepipe *t)
{
	struct err *e;
	size_t got;

	/* the current line must not move in memory */
	if (t->strict) {
		e = let_go(t);
		if (e)
			return e;
	}
	e = read_some(t, t->fd, &got);
	t->received += got;
	return e;
}

uint64_t tracepipe_horizon(struct tracepipe *t)
{
	int queued = 0;

	if (ioctl(t->fd, FIONREAD, &queued) < 0)
		/* If FIONREAD fails assume a full page: the horizon may be late, never early. */
		queued = PAGE;
	return t->received + (uint64_t)queued;
}
