// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/control.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "live/control_int.h"

/* The most clients at once; a mark takes very little time. */
#define CLIENTS 8

struct control {
	struct control_options opt;
	char what[256];
	int all;		/* epoll of the listener, the clients and the terminal */
	int listener;
	int client[CLIENTS];
	struct sockaddr_un address;
	bool bound;
	bool terminal;
	char line[CONTROL_TEXT + 1];	/* the line typed so far */
	size_t typed;
};

/* --- the folder -------------------------------------------------------------- */

struct err *control_folder(char *path, size_t size, bool *there)
{
	const char *told = getenv("HDADUMP_RUNTIME_DIR"), *run = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	int n;

	if (told && *told)
		n = snprintf(path, size, "%s", told);
	else if (geteuid() == 0)
		n = snprintf(path, size, "/run/hdadump");
	else if (run && run[0] == '/')
		n = snprintf(path, size, "%s/hdadump", run);
	else
		n = snprintf(path, size, "/run/user/%u/hdadump", (unsigned int)geteuid());
	/* a socket's path has at most 107 bytes, with /PID.sock */
	if (n < 0 || (size_t)n >= size ||
	    (size_t)n > sizeof(((struct sockaddr_un *)0)->sun_path) - 20)
		return err_new(ERR_FAIL, "the folder's name is too long for sockets; set "
			       "HDADUMP_RUNTIME_DIR to a shorter one");
	if (!there && mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_sys(errno, "%s: no folder for the socket", path);
	bool found = lstat(path, &st) == 0;
	if (there)
		*there = found;
	if (!found)
		return there && (errno == ENOENT || errno == ENOTDIR) ? NULL :
			err_sys(errno, "%s", path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077))
		return err_new(ERR_FAIL, "%s: not this user's own folder (0700): it is not used",
			       path);
	return NULL;
}

int control_socket(const char *folder, pid_t pid, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	text_cut(address->sun_path, sizeof(address->sun_path), "%s/%d.sock", folder, (int)pid);
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* --- the capture's side -------------------------------------------------------- */

static bool watch(struct control *c, int fd, uint32_t how)
{
	struct epoll_event ev = { .events = EPOLLIN | how, .data.fd = fd };

	return epoll_ctl(c->all, EPOLL_CTL_ADD, fd, &ev) == 0;
}

struct err *control_create(const struct control_options *opt, struct control **out)
{
	struct control *c = calloc(1, sizeof(*c));
	char folder[sizeof(c->address.sun_path)];
	struct err *e = NULL;

	if (!c)
		return err_nomem();
	c->opt = *opt;
	text_cut(c->what, sizeof(c->what), "%s", opt->what);
	c->listener = -1;
	for (int i = 0; i < CLIENTS; i++)
		c->client[i] = -1;
	c->all = epoll_create1(EPOLL_CLOEXEC);
	if (c->all < 0)
		e = err_sys(errno, "waiting for marks (epoll)");
	/*
	 * The terminal is useful without the socket too. While we are in the background the
	 * typed lines belong to the shell, and must not wake us up again and again.
	 */
	c->terminal = !e && opt->terminal && watch(c, STDIN_FILENO, EPOLLET);
	if (!e)
		e = control_folder(folder, sizeof(folder), NULL);
	if (e)
		goto out;
	c->listener = control_socket(folder, getpid(), &c->address);
	/* left by an earlier process with our PID that was killed */
	if (c->listener >= 0)
		unlink(c->address.sun_path);
	if (c->listener < 0 ||
	    bind(c->listener, (struct sockaddr *)&c->address, sizeof(c->address)) < 0 ||
	    listen(c->listener, CLIENTS) < 0 || !watch(c, c->listener, 0)) {
		e = err_sys(errno, "%s: no socket for marks", c->address.sun_path);
		goto out;
	}
	c->bound = true;
out:
	if (e && !c->terminal) {
		control_destroy(c);
		return e;
	}
	err_free(e);
	*out = c;
	return NULL;
}

void control_destroy(struct control *c)
{
	if (!c)
		return;
	if (c->bound)
		unlink(c->address.sun_path);
	for (int i = 0; i < CLIENTS; i++)
		if (c->client[i] >= 0)
			close(c->client[i]);
	if (c->listener >= 0)
		close(c->listener);
	if (c->all >= 0)
		close(c->all);
	free(c);
}

int control_fd(const struct control *c)
{
	return c->all;
}

static void answer(int fd, const char *word, const char *text)
{
	char message[CONTROL_MESSAGE];

	text_cut(message, sizeof(message), "%s %s", word, text);
	/* a client that does not read its answer does not get it */
	if (send(fd, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
	}
}

/* Removes blanks at both ends: a mark is one line with some text. */
static size_t trim(const char *text, size_t len)
{
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' '))
		len--;
	return len;
}

static void request(struct control *c, int fd, const char *text, size_t len, control_mark mark,
		    void *arg)
{
	struct buf where = { 0 };

	if (len == 4 && memcmp(text, "what", 4) == 0) {
		answer(fd, "ok", c->what);
		return;
	}
	if (len < 5 || memcmp(text, "mark ", 5) != 0) {
		answer(fd, "error", "an unknown request");
		return;
	}
	text += 5;
	len = trim(text, len - 5);
	if (!len || len > CONTROL_TEXT || memchr(text, '\0', len)) {
		answer(fd, "error", !len ? "an empty mark" : "not a text of 1024 bytes at most");
		return;
	}
	mark(arg, text, len);
	if (c->opt.where)
		c->opt.where(c->opt.arg, &where);
	answer(fd, "ok", buf_str(&where));
	buf_deinit(&where);
}

static void hang_up(struct control *c, int fd)
{
	for (int i = 0; i < CLIENTS; i++)
		if (c->client[i] == fd)
			c->client[i] = -1;
	close(fd);	/* epoll removes it by itself */
}

static void take_client(struct control *c)
{
	int fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred who;
	socklen_t size = sizeof(who);

	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0 ||
	    (who.uid != geteuid() && who.uid != 0)) {
		answer(fd, "error", "this capture belongs to another user");
		close(fd);
		return;
	}
	for (int i = 0; i < CLIENTS; i++) {
		if (c->client[i] >= 0)
			continue;
		if (!watch(c, fd, 0))
			break;
		c->client[i] = fd;
		return;
	}
	answer(fd, "error", "too many at once");
	close(fd);
}

static void take_request(struct control *c, int fd, control_mark mark, void *arg)
{
	char text[CONTROL_MESSAGE];
	/* with MSG_TRUNC the length is the message's, even if it did not fit */
	ssize_t n = recv(fd, text, sizeof(text), MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		hang_up(c, fd);
		return;
	}
	if ((size_t)n > sizeof(text))
		answer(fd, "error", "not a text of 1024 bytes at most");
	else
		request(c, fd, text, (size_t)n, mark, arg);
}

/* False in the background, where we must not read the terminal. */
static bool may_read(void)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	pid_t foreground = tcgetpgrp(STDIN_FILENO);

	return (foreground < 0 || foreground == getpgrp()) && poll(&p, 1, 0) == 1;
}

static void take_typed(struct control *c, control_mark mark, void *arg)
{
	char text[512];

	while (may_read()) {
		ssize_t n = read(STDIN_FILENO, text, sizeof(text));

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {	/* end of file: no more lines will come */
			epoll_ctl(c->all, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
			c->terminal = false;
			return;
		}
		for (ssize_t i = 0; i < n; i++) {
			if (text[i] != '\n') {
				if (c->typed < CONTROL_TEXT)
					c->line[c->typed++] = text[i] ? text[i] : ' ';
				continue;
			}
			size_t len = trim(c->line, c->typed);

			mark(arg, len ? c->line : "mark", len ? len : 4);
			c->typed = 0;
		}
	}
}

void control_take(struct control *c, control_mark mark, void *arg)
{
	struct epoll_event ev[CLIENTS + 2];
	int n = epoll_wait(c->all, ev, CLIENTS + 2, 0);

	for (int i = 0; i < n; i++) {
		int fd = ev[i].data.fd;

		if (fd == c->listener)
			take_client(c);
		else if (fd == STDIN_FILENO && c->terminal)
			take_typed(c, mark, arg);
		else
			take_request(c, fd, mark, arg);
	}
}
