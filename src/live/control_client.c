// SPDX-License-Identifier: GPL-2.0-or-later
/* The client's side of a capture's socket: lists the captures, and sends a mark to one. */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "base/vec.h"
#include "live/control_int.h"

/* A capture reads its socket at least this often. */
#define PATIENCE_MS 5000

static int reach(const char *folder, pid_t pid)
{
	struct sockaddr_un address;
	int fd = control_socket(folder, pid, &address);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	/* no process listens: the capture was killed and could not remove its socket */
	if (fd >= 0 && errno == ECONNREFUSED)
		unlink(address.sun_path);
	if (fd >= 0)
		close(fd);
	return -1;
}

static struct err *ask(int fd, const char *request, struct buf *text)
{
	char message[CONTROL_MESSAGE];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		return err_sys(errno, "the capture cannot be reached");
	do
		n = poll(&p, 1, PATIENCE_MS);
	while (n < 0 && errno == EINTR);
	n = n <= 0 ? n : recv(fd, message, sizeof(message), 0);
	if (n <= 0)
		return err_new(ERR_FAIL, "the capture did not answer; it may be ending");
	buf_clear(text);
	if (n >= 3 && memcmp(message, "ok ", 3) == 0) {
		buf_add(text, message + 3, (size_t)n - 3);
		return buf_err(text);
	}
	if (n >= 6 && memcmp(message, "error ", 6) == 0)
		return err_new(ERR_FAIL, "the capture says: %.*s", (int)n - 6, message + 6);
	return err_new(ERR_FAIL, "the capture sent an invalid answer");
}

/* PID of "PID.sock"; 0 = another name. */
static pid_t pid_of(const char *name)
{
	char *end;
	long pid = strtol(name, &end, 10);

	return pid > 0 && pid <= 1 << 30 && strcmp(end, ".sock") == 0 ? (pid_t)pid : 0;
}

static struct err *add(struct running_list *l, pid_t pid, const char *what)
{
	if (!vec_more(l->v, l->n))
		return err_nomem();
	l->v[l->n] = (struct running){ .pid = pid };
	text_cut(l->v[l->n].what, sizeof(l->v[l->n].what), "%s", what);
	l->n++;
	return NULL;
}

static int by_pid(const void *a, const void *b)
{
	const struct running *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

struct err *control_running(struct running_list *out)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct buf what = { 0 };
	bool there;
	struct err *e = control_folder(folder, sizeof(folder), &there);

	*out = (struct running_list){ 0 };
	if (e)
		return e;
	out->roots = geteuid() != 0 && access("/run/hdadump", F_OK) == 0;
	if (!there)
		return NULL;
	DIR *d = opendir(folder);
	if (!d)
		return err_sys(errno, "%s", folder);
	for (struct dirent *de; !e && (de = readdir(d));) {
		pid_t pid = pid_of(de->d_name);
		int fd = pid ? reach(folder, pid) : -1;

		if (fd < 0)
			continue;
		/* one that is ending is not listed */
		struct err *silent = ask(fd, "what", &what);
		if (!silent)
			e = add(out, pid, buf_str(&what));
		err_free(silent);
		close(fd);
	}
	closedir(d);
	buf_deinit(&what);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_pid);
	return e;
}

void running_list_deinit(struct running_list *l)
{
	free(l->v);
	*l = (struct running_list){ 0 };
}

struct err *control_mark_at(pid_t pid, const char *text, struct buf *where)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct buf request = { 0 };
	bool there;
	struct err *e = control_folder(folder, sizeof(folder), &there);
	int fd = e || !there ? -1 : reach(folder, pid);

	if (!e && fd < 0)
		e = err_new(ERR_FAIL, "process %d is not a running capture", (int)pid);
	buf_addf(&request, "mark %s", text);
	if (!e)
		e = buf_err(&request);
	if (!e)
		e = ask(fd, buf_str(&request), where);
	if (fd >= 0)
		close(fd);
	buf_deinit(&request);
	return e;
}
