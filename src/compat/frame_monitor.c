// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/frame_monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "live/tracepipe.h"

/* Longest wait for a socket to appear, and then for its greeting. */
#define APPEAR_MS 30000
#define GREETING_MS 10000
/* Wait this long for the monitor alone before the trace is read beside it. */
#define PATIENCE_MS 2

struct err *frame_monitor_wait(struct tracepipe *in, int fd, int ms, bool *ready)
{
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
				 { .fd = in->eof ? -1 : in->fd, .events = POLLIN } };
	int patience = ms < PATIENCE_MS ? ms : PATIENCE_MS, n;

	*ready = false;
	n = poll(fds, 1, patience);
	if (n == 0)
		n = poll(fds, 2, ms - patience);
	if (n < 0 && errno != EINTR)
		return err_sys(errno, "waiting for QEMU's monitor");
	if (n <= 0)
		return NULL;
	*ready = fds[0].revents;
	if (!fds[0].revents && fds[1].revents)
		return tracepipe_drain(in);
	return NULL;
}

struct err *frame_monitor_command(uint64_t addr, uint32_t len, const char *path, char **out)
{
	struct buf b = { 0 };
	bool plain = true;

	for (const char *p = path; *p; p++) {
		/* a control character would act as a key */
		if ((unsigned char)*p < ' ' || *p == 0x7f) {
			buf_deinit(&b);
			return err_new(ERR_FAIL, "the folder's name holds control characters, "
				       "which cannot be typed into a monitor");
		}
		plain &= (*p > ' ' && *p != '"' && *p != '\\');
	}
	buf_addf(&b, "pmemsave 0x%llx 0x%x ", (unsigned long long)addr, len);
	if (plain) {
		buf_adds(&b, path);
	} else {
		buf_addc(&b, '"');
		for (const char *p = path; *p; p++) {
			if (*p == '"' || *p == '\\')
				buf_addc(&b, '\\');
			buf_addc(&b, (uint8_t)*p);
		}
		buf_addc(&b, '"');
	}
	struct err *e = buf_err(&b);
	*out = e ? NULL : strdup(buf_str(&b));
	if (!e && !*out)
		e = err_nomem();
	buf_deinit(&b);
	return e;
}

static struct err *try_connect(const char *path, int *fd, int *cause)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	*cause = 0;
	*fd = -1;
	if (strlen(path) >= sizeof(sa.sun_path))
		return err_new(ERR_USAGE, "unix:%s: the path of a socket has at most %zu bytes", path,
			       sizeof(sa.sun_path) - 1);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return err_sys(errno, "making a socket");
	if (connect(s, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		*cause = errno;
		close(s);
		return NULL;
	}
	*fd = s;
	return NULL;
}

/* QMP greets with an object, the human monitor with QEMU's name. */
static struct err *open_socket(const char *path, bool pmemsave, struct tracepipe *in,
			       struct frame_monitor **out)
{
	int64_t end = clock_ms() + APPEAR_MS;
	struct err *e;
	int fd, cause;
	bool ready;
	char first;

	for (;;) {
		e = try_connect(path, &fd, &cause);
		if (e || fd >= 0)
			break;
		/* QEMU creates its socket shortly after its start */
		if ((cause != ENOENT && cause != ECONNREFUSED) || in->eof || clock_ms() > end)
			return err_sys(cause, "unix:%s", path);
		e = frame_monitor_wait(in, -1, 50, &ready);
		if (e)
			return e;
	}
	if (e)
		return e;
	end = clock_ms() + GREETING_MS;
	for (ready = false; !e && !ready && clock_ms() < end;)
		e = frame_monitor_wait(in, fd, 50, &ready);
	if (!e && !ready)
		e = err_new(ERR_FAIL, "unix:%s does not answer like a monitor; perhaps another "
			    "program is connected to it", path);
	ssize_t n = e ? 0 : recv(fd, &first, 1, MSG_PEEK);
	if (!e && n <= 0)
		e = n < 0 ? err_sys(errno, "unix:%s", path) :
		    err_new(ERR_FAIL, "unix:%s was closed at once; it is not a monitor", path);
	if (e) {
		close(fd);
		return e;
	}
	return first == '{' ? frame_monitor_open_qmp(fd, path, pmemsave, in, out) :
	       frame_monitor_open_hmp(fd, path, in, out);
}

struct err *frame_monitor_open(const char *where, bool pmemsave, struct tracepipe *in,
			 struct frame_monitor **out)
{
	struct stat st;

	if (strncmp(where, "unix:", 5) == 0)
		return open_socket(where + 5, pmemsave, in, out);
	if (stat(where, &st) < 0)
		return err_sys(errno, "%s", where);
	if (S_ISSOCK(st.st_mode))
		return open_socket(where, pmemsave, in, out);
	int fd = open(where, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return err_sys(errno, "%s", where);
	if (!isatty(fd)) {
		close(fd);
		return err_new(ERR_USAGE, "%s is not a terminal; give the one that 'tty' names where "
			       "QEMU runs with -monitor stdio, or a monitor's socket as unix:PATH",
			       where);
	}
	return frame_monitor_open_tty(fd, where, in, out);
}
