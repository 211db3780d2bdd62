// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/procfs.h"
#include "qemu/process.h"
#include "qemu/qemu.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77		/* asm-generic/socket.h, since Linux 6.5 */
#endif

#define TCP_ESTABLISHED 1	/* "st" in /proc/net/tcp */

void peer_deinit(struct peer *p)
{
	if (p->pin >= 0)
		close(p->pin);
	free(p->why_not);
	*p = (struct peer){ .pin = -1 };
}

static void __attribute__((format(printf, 2, 3))) not_known(struct peer *p, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	peer_deinit(p);
	p->why_not = text;
}

/* True if the program's own name says QEMU: enough to reject other programs, but not a proof. */
static bool looks_like_qemu(pid_t pid, char *name, size_t size)
{
	struct buf text = { 0 };
	struct err *e = procfs_read(pid, "cmdline", &text);
	bool looks = !e && text.len && process_may_be_qemu(pid, (const char *)text.data, text.len);

	snprintf(name, size, "%s", e || !text.len ? "?" : buf_str(&text));
	err_free(e);
	buf_deinit(&text);
	return looks;
}

/* --- UNIX sockets ------------------------------------------------------------------ */

/*
 * The credentials are those of the listener at the time of listen(). It may have ended since,
 * while a child of it kept the socket, and its PID may be another process's. The kernel's own
 * reference to it (SO_PEERPIDFD) is reliable; without it the user must at least be the same.
 * The user must be the same in any case: a listener that executes a set-user-ID program
 * becomes root's, and is not the QEMU of the user who started it. Only root gives up its
 * rights on purpose.
 */
static void unix_peer(int fd, struct peer *out)
{
	struct ucred cred = { 0 };
	socklen_t len = sizeof(cred), pin_len = sizeof(out->pin);
	char name[64];
	uid_t uid;
	gid_t gid;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0 || cred.pid <= 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &out->pin, &pin_len) < 0) {
		out->pin = -1;
		err_free(errno == ENOPROTOOPT ? process_pin(cred.pid, &out->pin) : NULL);
	}
	if (!process_held(out->pin)) {
		not_known(out, "the process that made the socket (%d) has ended", (int)cred.pid);
		return;
	}
	bool owned = process_owner(cred.pid, &uid, &gid);
	bool looks = looks_like_qemu(cred.pid, name, sizeof(name));

	if (!process_held(out->pin))
		not_known(out, "the process at the socket (%d) has ended", (int)cred.pid);
	else if (!owned)
		not_known(out, "the process at the socket (%d) cannot be read", (int)cred.pid);
	else if (cred.uid && (uid != cred.uid || gid != cred.gid))
		not_known(out, "the process at the socket (%d, '%s') runs as another user than the one "
			  "that made it", (int)cred.pid, name);
	else if (!looks)
		not_known(out, "the process at the socket (%d, '%s') is no QEMU", (int)cred.pid, name);
	else
		out->pid = cred.pid;
}

/* --- TCP within this machine ----------------------------------------------------------- */

/* An address as /proc/net/tcp (@six: /proc/net/tcp6) writes it. */
static void write_address(const struct sockaddr_storage *ss, bool six, char *out, size_t size)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	uint32_t w[4];

	if (ss->ss_family == AF_INET6) {
		memcpy(w, &v6->sin6_addr, sizeof(w));
		snprintf(out, size, "%08X%08X%08X%08X:%04X", w[0], w[1], w[2], w[3],
			 ntohs(v6->sin6_port));
	} else if (six) {
		snprintf(out, size, "%08X%08X%08X%08X:%04X", 0, 0, htonl(0xffff), v4->sin_addr.s_addr,
			 ntohs(v4->sin_port));
	} else {
		snprintf(out, size, "%08X:%04X", v4->sin_addr.s_addr, ntohs(v4->sin_port));
	}
}

/* The inode of our connection's other end, if it is a socket of this machine; 0 = it is not. */
static ino_t other_end(const char *table, bool six, const struct sockaddr_storage *ours,
		       const struct sockaddr_storage *theirs)
{
	char local[64], remote[64], a[64], b[64], line[512];
	unsigned long inode, found = 0;
	unsigned int state;
	FILE *f = fopen(table, "re");

	write_address(theirs, six, a, sizeof(a));
	write_address(ours, six, b, sizeof(b));
	while (f && !found && fgets(line, sizeof(line), f))
		if (sscanf(line, " %*d: %63s %63s %x %*s %*s %*s %*u %*d %lu", local, remote, &state,
			   &inode) == 4 && state == TCP_ESTABLISHED && strcmp(local, a) == 0 &&
		    strcmp(remote, b) == 0)
			found = inode;
	if (f)
		fclose(f);
	return (ino_t)found;
}

static void tcp_peer(int fd, struct peer *out)
{
	struct sockaddr_storage ours = { 0 }, theirs = { 0 };
	socklen_t a = sizeof(ours), b = sizeof(theirs);
	ino_t inode = 0;
	pid_t pid;

	if (getsockname(fd, (struct sockaddr *)&ours, &a) < 0 ||
	    getpeername(fd, (struct sockaddr *)&theirs, &b) < 0)
		return;
	if (ours.ss_family == AF_INET)
		inode = other_end("/proc/net/tcp", false, &ours, &theirs);
	if (!inode)
		inode = other_end("/proc/net/tcp6", true, &ours, &theirs);
	pid = inode ? process_find_qemu(inode) : 0;
	if (!pid)
		return;
	err_free(process_pin(pid, &out->pin));
	/* found again while it is held: so it is the process that was found first */
	if (process_find_qemu(inode) == pid && process_held(out->pin))
		out->pid = pid;
	else
		peer_deinit(out);
}

void peer_find(int fd, struct peer *out)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	*out = (struct peer){ .pin = -1 };
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0)
		return;
	if (domain == AF_UNIX)
		unix_peer(fd, out);
	else
		tcp_peer(fd, out);
}

ssize_t peer_send(int fd, const void *data, size_t len, int pass)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { (void *)data, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (pass >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		control.head = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof(int)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		};
		memcpy(CMSG_DATA(&control.head), &pass, sizeof(int));
	}
	while ((n = sendmsg(fd, &msg, MSG_NOSIGNAL)) < 0 && errno == EINTR)
		;
	return n;
}
