// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/procfs.h"
#include "qemu/libvirt/libvirt.h"
#include "qemu/libvirt/libvirt_process.h"
#include "qemu/peer.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"
#include "qemu/qmp.h"

/* A monitor without a client greets at once, unless its QEMU is very busy. */
#define GREETING_MS 5000

static struct err *occupied(const char *place)
{
	return err_new(ERR_FAIL, "the QMP socket %s does not greet: it has a client already, and "
		       "QEMU accepts one at a time; end that client (a manager, a script, another "
		       "hdadump), or give QEMU a second -qmp; for a libvirt guest use --libvirt",
		       place);
}

/* --- connecting -------------------------------------------------------------- */

static struct err *new_socket(int family, int *fd)
{
	/* without a time limit connect() would block if the socket's queue is full */
	const struct timeval patience = { .tv_sec = GREETING_MS / 1000 };

	*fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return err_sys(errno, "making a socket");
	setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return NULL;
}

static struct err *connect_address(int fd, const struct sockaddr_un *sa, socklen_t len,
				   const char *place)
{
	struct stat st;

	if (connect(fd, (const struct sockaddr *)sa, len) == 0)
		return NULL;
	if (errno == EAGAIN || errno == EINPROGRESS)
		return occupied(place);
	if (errno == EACCES && stat(place, &st) == 0)
		return err_new(ERR_FAIL, "the QMP socket %s may not be opened by you (it belongs to "
			       "user %u): run hdadump as that user, or as root", place, st.st_uid);
	if (errno == EACCES)
		return err_new(ERR_FAIL, "the QMP socket %s may not be opened by you: run hdadump as "
			       "QEMU's user, or as root", place);
	if (errno == ENOTSOCK || (errno == ECONNREFUSED && stat(place, &st) == 0 &&
				  !S_ISSOCK(st.st_mode)))
		return err_new(ERR_FAIL, "%s is not a socket: --qmp takes the path of QEMU's -qmp "
			       "unix:PATH", place);
	if (errno == ECONNREFUSED)
		return err_new(ERR_ABSENT, "no QEMU answers at %s: the QEMU that made it has ended",
			       place);
	return err_sys(errno, "the QMP socket %s", place);
}

/* @root: the root directory of QEMU's process, or "". */
static struct err *connect_unix(const char *root, const char *path, int *fd)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	const char *base = strrchr(path, '/');
	struct buf folder = { 0 };
	int dir = -1;
	struct err *e = new_socket(AF_UNIX, fd);

	if (e)
		return e;
	/* a path may be longer than a socket address: connect relative to its folder */
	buf_addf(&folder, "%s%.*s", root, base ? (int)(base - path) : 0, path);
	if (!folder.len)
		buf_adds(&folder, base ? "/" : ".");
	base = base ? base + 1 : path;
	dir = open(buf_str(&folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* if we may not see QEMU's root, assume that it is ours */
	if (dir < 0 && *root && *path == '/')
		dir = open(buf_str(&folder) + strlen(root), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		e = err_sys(errno, "the QMP socket %s", path);
	else if (snprintf(sa.sun_path, sizeof(sa.sun_path), "/proc/self/fd/%d/%s", dir, base) >=
		 (int)sizeof(sa.sun_path))
		e = err_new(ERR_FAIL, "the QMP socket %s: the name is too long", path);
	else
		e = connect_address(*fd, &sa, sizeof(sa), path);
	if (dir >= 0)
		close(dir);
	buf_deinit(&folder);
	return e;
}

static struct err *connect_abstract(const char *name, int *fd)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	struct err *e;

	if (len > sizeof(sa.sun_path) - 1)
		return err_new(ERR_FAIL, "the QMP socket @%s: the name is too long", name);
	e = new_socket(AF_UNIX, fd);
	memcpy(sa.sun_path + 1, name, len);
	return e ? e : connect_address(*fd, &sa, (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
							     1 + len), name);
}

static struct err *connect_tcp(const char *address, int *fd)
{
	const char *colon = strrchr(address, ':');
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	struct err *e = NULL;
	char *host;
	int status;

	if (!colon)
		return err_new(ERR_USAGE, "'%s' is no HOST:PORT", address);
	host = strndup(address, (size_t)(colon - address));
	if (!host)
		return err_nomem();
	/* QEMU accepts "[::1]", and "" for any address */
	size_t n = strlen(host);
	if (n > 1 && host[0] == '[' && host[n - 1] == ']') {
		memmove(host, host + 1, n - 2);
		host[n - 2] = '\0';
	}
	status = getaddrinfo(*host && strcmp(host, "0.0.0.0") != 0 ? host : "localhost", colon + 1,
			     &hints, &list);
	free(host);
	if (status)
		return err_new(ERR_FAIL, "the QMP socket %s: %s", address, gai_strerror(status));
	e = err_new(ERR_FAIL, "the QMP socket %s has no address", address);
	for (struct addrinfo *a = list; e && a; a = a->ai_next) {
		err_free(e);
		e = new_socket(a->ai_family, fd);
		if (!e && connect(*fd, a->ai_addr, a->ai_addrlen) < 0) {
			e = errno == EINPROGRESS || errno == EAGAIN ? occupied(address) :
			    errno == ECONNREFUSED ?
			    err_new(ERR_ABSENT, "no QEMU answers at %s", address) :
			    err_sys(errno, "the QMP socket %s", address);
			close(*fd);
			*fd = -1;
		}
	}
	freeaddrinfo(list);
	return e;
}

/* --- greeting ------------------------------------------------------------------- */

static struct err *greet(int fd, const char *place, struct monitor *m)
{
	struct err *e = qmp_create(fd, NULL, &m->q);

	if (e)
		return e;
	e = qmp_greet(m->q, GREETING_MS);
	if (!e)
		return NULL;
	if (qmp_is_silent(m->q)) {
		err_free(e);
		e = occupied(place);
	} else {
		e = err_wrap(e, "%s is not a QMP socket (the human monitor cannot be used; start QEMU "
			     "with -qmp unix:PATH,server=on,wait=off)", place);
	}
	qmp_destroy(m->q);
	m->q = NULL;
	return e;
}

static void take_peer(int fd, struct monitor *m)
{
	struct peer p;

	peer_find(fd, &p);
	m->pid = p.pid;
	m->pin = p.pin;
	m->why_not = p.why_not;
}

/*
 * A command line may name any socket. Its monitor is accepted only if the kernel says that
 * the process itself listens at that socket.
 */
static struct err *check_owner(int fd, const char *place, pid_t expected, const struct monitor *m)
{
	struct ucred cred = { 0 };
	socklen_t len = sizeof(cred);
	char *who;
	struct err *e;

	if (!expected || m->pid == expected)
		return NULL;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0 || cred.pid <= 0 ||
	    cred.pid == expected)
		return err_new(ERR_FAIL, "the QMP socket %s, which the command line of process %d names, is "
			       "not known to be that process's own%s%s; if you trust it, use --qmp",
			       place, (int)expected, m->why_not ? ": " : "",
			       m->why_not ? m->why_not : "");
	who = user_text(cred.uid);
	e = err_new(ERR_FAIL, "the QMP socket %s, which the command line of process %d names, is not that "
		    "process's own: it belongs to process %d of user %s", place, (int)expected,
		    (int)cred.pid, who ? who : "?");
	free(who);
	return e;
}

/* @expected: the process that must own the socket; 0 = any. */
static struct err *open_place(const struct qmp_place *p, const char *root, pid_t expected,
			      struct monitor *m)
{
	bool tcp = p->kind == QMP_TCP;
	int fd = -1;
	struct err *e;

	switch (p->kind) {
	case QMP_UNIX:
		e = connect_unix(root, p->address, &fd);
		break;
	case QMP_ABSTRACT:
		e = connect_abstract(p->address, &fd);
		break;
	default:
		e = connect_tcp(p->address, &fd);
		break;
	}
	if (e) {
		if (fd >= 0)
			close(fd);
		return e;
	}
	if (!tcp) {
		take_peer(fd, m);
		e = check_owner(fd, p->address, expected, m);
	}
	if (e) {
		close(fd);
		return e;
	}
	e = greet(fd, p->address, m);
	/* a TCP connection has a socket at its other end only after it was accepted */
	if (!e && tcp) {
		take_peer(fd, m);
		e = check_owner(fd, p->address, expected, m);
	}
	return e;
}

static void forget(struct monitor *m)
{
	qmp_destroy(m->q);
	if (m->pin >= 0)
		close(m->pin);
	free(m->why_not);
	m->q = NULL;
	m->pid = 0;
	m->pin = -1;
	m->why_not = NULL;
}

/* --- the three ways --------------------------------------------------------------- */

static struct err *by_qmp(const char *text, struct monitor *m)
{
	bool tcp = strncmp(text, "tcp:", 4) == 0, uri = strncmp(text, "unix:", 5) == 0;
	struct qmp_place p = {
		.kind = tcp ? QMP_TCP : QMP_UNIX,
		.address = (char *)text + (tcp ? 4 : uri ? 5 : 0),
	};
	struct err *e = open_place(&p, "", 0, m);

	if (e)
		return e;
	if (asprintf(&m->name, "QEMU at %s", p.address) < 0)
		m->name = NULL;
	return m->name ? NULL : err_nomem();
}

/* The error if no monitor of the process can be used, with the next step. */
static struct err *no_socket(pid_t pid, const struct qemu_cmdline *c)
{
	const char *why = c->has_hmp ? "only a human monitor (-monitor), which cannot be used" :
			  "no QMP socket on its command line";

	for (size_t i = 0; i < c->n_qmp; i++) {
		if (c->qmp[i].kind == QMP_INHERITED && c->libvirt_folder && c->name)
			return err_new(ERR_FAIL, "process %d is a libvirt guest; libvirt has its "
				       "monitor: use 'hdadump attach --libvirt %s'", (int)pid, c->name);
		if (c->qmp[i].kind == QMP_INHERITED)
			return err_new(ERR_FAIL, "the monitor of process %d was handed to it by the "
				       "program that started it (descriptor %s), which alone can use "
				       "it: for libvirt use --libvirt NAME, otherwise add -qmp "
				       "unix:PATH,server=on,wait=off and --qmp PATH", (int)pid,
				       c->qmp[i].address);
		why = "its QMP on something that is not a socket";
	}
	if (c->readconfig)
		why = "no QMP socket on its command line (there may be one in its -readconfig file: "
		      "then use --qmp PATH)";
	return err_new(ERR_FAIL, "process %d has %s: start QEMU with -qmp "
		       "unix:/tmp/guest.qmp,server=on,wait=off", (int)pid, why);
}

static struct err *by_pid(pid_t pid, struct monitor *m)
{
	struct qemu_cmdline c = { 0 };
	struct buf text = { 0 };
	char root[64], cwd[64];
	struct err *e = procfs_read(pid, "cmdline", &text);

	if (e)
		return e;
	if (!text.len || !process_may_be_qemu(pid, (const char *)text.data, text.len)) {
		e = err_new(ERR_FAIL, "process %d is not a QEMU; find yours with: pgrep -a qemu",
			    (int)pid);
		goto out;
	}
	e = qemu_cmdline_parse((const char *)text.data, text.len, &c);
	if (e)
		goto out;
	snprintf(root, sizeof(root), "/proc/%d/root", (int)pid);
	snprintf(cwd, sizeof(cwd), "/proc/%d/cwd/", (int)pid);
	e = no_socket(pid, &c);
	/* each monitor accepts one client: use the first that is free */
	for (size_t i = 0; i < c.n_qmp && e; i++) {
		if (c.qmp[i].kind > QMP_TCP)
			continue;
		err_free(e);
		forget(m);
		e = open_place(&c.qmp[i], c.qmp[i].address[0] == '/' ? root : cwd, pid, m);
	}
	if (!e && asprintf(&m->name, "process %d%s%s%s", (int)pid, c.name ? " (" : "",
			   c.name ? c.name : "", c.name ? ")" : "") < 0) {
		m->name = NULL;
		e = err_nomem();
	}
out:
	qemu_cmdline_deinit(&c);
	buf_deinit(&text);
	return e;
}

static struct err *by_libvirt(const struct monitor_where *w, struct monitor *m)
{
	int fd = -1;
	struct err *e = libvirt_open(w->uri, w->libvirt, &m->guest);

	if (!e)
		e = libvirt_monitor(m->guest, &fd);
	if (!e)
		e = greet(fd, w->libvirt, m);
	if (!e)
		libvirt_process(libvirt_uri(m->guest), libvirt_name(m->guest), &m->pid, &m->pin);
	if (!e && asprintf(&m->name, "the libvirt guest %s", libvirt_name(m->guest)) < 0) {
		m->name = NULL;
		e = err_nomem();
	}
	return e;
}

struct err *monitor_open(const struct monitor_where *where, struct monitor *out)
{
	struct err *e;

	*out = (struct monitor){ .pin = -1 };
	if (where->libvirt)
		e = by_libvirt(where, out);
	else if (where->qmp)
		e = by_qmp(where->qmp, out);
	else
		e = by_pid(where->pid, out);
	if (e)
		monitor_close(out);
	return e;
}

void monitor_close(struct monitor *m)
{
	forget(m);
	libvirt_close(m->guest);
	free(m->name);
	*m = (struct monitor){ .pin = -1 };
}

struct err *monitor_check(const struct monitor *m)
{
	if (!m->pid || process_held(m->pin))
		return NULL;
	return err_new(ERR_FAIL, "QEMU (process %d) has ended", (int)m->pid);
}
