// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "input/unpack.h"

#define BLOCK (64 * 1024)

struct input {
	char *name;
	int fd;
	off_t size;		/* bytes; -1 = not a plain file */
	off_t at;		/* plain file: offset where the input begins */
	struct unpack *unpack;
	enum packing packing;

	/* bytes that were read from fd and not unpacked yet */
	uint8_t *packed;
	size_t packed_at, packed_len;
	bool eof;		/* fd is at its end */

	struct buf head;
	bool head_ends;		/* `head` is the whole input */

	/* the thread that fills the pipe */
	pthread_t thread;
	bool running;
	int pipe[2];
	int stop[2];		/* closing it ends the thread */
	struct err *err;	/* used by the thread while it runs */
};

/* Reads the next bytes of fd into @p; *n is 0 at its end. */
static struct err *read_some(struct input *in, uint8_t *p, size_t len, size_t *n)
{
	*n = 0;
	for (;;) {
		/* also wait for `stop`, so that a thread that waits for a terminal can be ended */
		struct pollfd fds[2] = {
			{ .fd = in->fd, .events = POLLIN }, { .fd = in->stop[0], .events = POLLIN },
		};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return err_sys(errno, "%s: poll", in->name);
		if (fds[1].revents)
			return NULL;
		if (!fds[0].revents)
			continue;
		ssize_t got = read(in->fd, p, len);
		if (got >= 0) {
			*n = (size_t)got;
			return NULL;
		}
		/* the other side of the terminal was closed */
		if (errno == EIO && in->size < 0)
			return NULL;
		if (errno != EINTR && errno != EAGAIN)
			return err_sys(errno, "%s: read", in->name);
	}
}

static struct err *wrap_packed(const struct input *in, struct err *e)
{
	return err_wrap(e, "%s: the %s data", in->name, packing_name(in->packing));
}

/* Reads the next bytes of the input, unpacked, into @p; *n is 0 at its end. */
static struct err *take(struct input *in, uint8_t *p, size_t len, size_t *n)
{
	struct err *e;

	if (!in->unpack)
		return read_some(in, p, len, n);
	for (;;) {
		if (in->packed_at == in->packed_len && !in->eof) {
			e = read_some(in, in->packed, BLOCK, &in->packed_len);
			if (e)
				return e;
			in->packed_at = 0;
			in->eof = !in->packed_len;
		}
		size_t used = in->packed_len - in->packed_at;

		*n = len;
		e = unpack_step(in->unpack, in->packed + in->packed_at, &used, p, n);
		if (e)
			return wrap_packed(in, e);
		in->packed_at += used;
		if (*n)
			return NULL;
		if (in->eof && in->packed_at == in->packed_len && !used)
			return unpack_may_end(in->unpack) ? NULL :
			       wrap_packed(in, err_new(ERR_FORMAT, "end too early"));
		if (!used && in->packed_at < in->packed_len)
			return wrap_packed(in, err_new(ERR_FORMAT, "make no sense"));
	}
}

/* --- the beginning ------------------------------------------------------- */

struct err *input_create(int fd, const char *name, struct input **out)
{
	struct input *in = calloc(1, sizeof(*in));
	struct err *e = err_nomem();
	struct stat st;

	if (!in)
		return e;
	in->fd = fd;
	in->pipe[0] = in->pipe[1] = in->stop[0] = in->stop[1] = -1;
	in->name = strdup(name);
	in->packed = malloc(BLOCK);
	if (!in->name || !in->packed)
		goto out;
	err_free(e);
	e = NULL;
	if (fstat(fd, &st) < 0) {
		e = err_sys(errno, "%s", name);
		goto out;
	}
	in->at = lseek(fd, 0, SEEK_CUR);
	in->size = S_ISREG(st.st_mode) && in->at >= 0 ? st.st_size : -1;
	if (in->size >= 0 && in->at <= in->size)
		in->size -= in->at;
	if (pipe2(in->stop, O_CLOEXEC) < 0) {
		e = err_sys(errno, "pipe");
		goto out;
	}
	*out = in;
	return NULL;
out:
	input_destroy(in);
	return e;
}

void input_destroy(struct input *in)
{
	if (!in)
		return;
	if (in->stop[1] >= 0)
		close(in->stop[1]);
	if (in->pipe[0] >= 0)
		close(in->pipe[0]);	/* makes a thread that waits in write() end */
	if (in->running)
		pthread_join(in->thread, NULL);
	if (in->pipe[1] >= 0)
		close(in->pipe[1]);
	if (in->stop[0] >= 0)
		close(in->stop[0]);
	unpack_destroy(in->unpack);
	err_free(in->err);
	buf_deinit(&in->head);
	free(in->packed);
	free(in->name);
	free(in);
}

const uint8_t *input_head(const struct input *in, size_t *len)
{
	*len = in->head.len;
	return in->head.data;
}

off_t input_size(const struct input *in)
{
	return in->unpack ? -1 : in->size;
}

const char *input_packing(const struct input *in)
{
	return in->unpack ? packing_name(in->packing) : NULL;
}

/* Checks the first bytes for a known packing. */
static struct err *begin_unpacking(struct input *in)
{
	struct err *e;

	in->packing = packing_of(in->head.data, in->head.len);
	if (in->packing == PACKING_NONE)
		return NULL;
	e = unpack_create(in->packing, &in->unpack);
	if (e)
		return err_wrap(e, "%s", in->name);
	memcpy(in->packed, in->head.data, in->head.len);
	in->packed_len = in->head.len;
	buf_clear(&in->head);
	return NULL;
}

struct err *input_more(struct input *in, bool *more)
{
	bool first = !in->head.len && !in->unpack;
	struct err *e;
	size_t n;

	*more = false;
	if (in->head_ends || in->head.len >= INPUT_HEAD_MAX)
		return NULL;
	do {
		uint8_t *p = buf_reserve(&in->head, BLOCK);

		if (!p)
			return err_nomem();
		e = take(in, p, BLOCK, &n);
		/* what was unpacked before the damage is valid: report the damage at the end */
		if (e && in->unpack && !in->err) {
			in->err = e;
			e = NULL;
			n = 0;
		}
		if (e)
			return e;
		in->head.len += n;
		in->head_ends = !n;
		/* a slow writer may give its first bytes one by one */
	} while (first && n && in->head.len < PACKING_HEAD);
	if (first) {
		e = begin_unpacking(in);
		if (e || in->unpack) {
			in->head_ends = false;
			return e ? e : input_more(in, more);
		}
	}
	*more = n > 0;
	return NULL;
}

/* --- the rest ------------------------------------------------------------ */

static bool pour(struct input *in, const uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = write(in->pipe[1], p, len);

		if (n < 0 && errno != EINTR)
			return false;	/* the reader has closed the pipe */
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return true;
}

static void *fill_pipe(void *arg)
{
	struct input *in = arg;
	uint8_t *block = malloc(BLOCK);
	struct err *e = block ? NULL : err_nomem();
	size_t n = in->head_ends ? 0 : 1;
	sigset_t set;

	/* do not let SIGPIPE end the program when the reader has closed the pipe */
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (!pour(in, in->head.data, in->head.len))
		n = 0;
	while (!e && n) {
		e = take(in, block, BLOCK, &n);
		if (!e && n && !pour(in, block, n))
			break;
	}
	free(block);
	if (in->err)
		err_free(e);
	else
		in->err = e;
	close(in->pipe[1]);
	in->pipe[1] = -1;
	return NULL;
}

struct err *input_fd(struct input *in, int *fd)
{
	int rc;

	if (in->size >= 0 && !in->unpack) {
		if (lseek(in->fd, in->at, SEEK_SET) < 0)
			return err_sys(errno, "%s", in->name);
		*fd = in->fd;
		return NULL;
	}
	if (pipe2(in->pipe, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	fcntl(in->pipe[1], F_SETPIPE_SZ, 1 << 20);	/* optional: it may fail */
	rc = pthread_create(&in->thread, NULL, fill_pipe, in);
	if (rc)
		return err_sys(rc, "%s: a thread", in->name);
	in->running = true;
	*fd = in->pipe[0];
	return NULL;
}

struct err *input_result(struct input *in)
{
	struct err *e;

	if (in->running) {
		pthread_join(in->thread, NULL);
		in->running = false;
	}
	e = in->err;
	in->err = NULL;
	return e;
}
