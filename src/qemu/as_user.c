// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/as_user.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/procfs.h"
#include "base/vec.h"
#include "qemu/peer.h"
#include "qemu/process.h"

#define PATIENCE_MS 5000
#define END_TRIES 1000
#define END_NAP_NS 1000000l
/* The only descriptor that the child has. */
#define LINK_FD 0

/* The identity to take. -1 = keep our own. */
struct identity {
	bool change;		/* set user and groups */
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	size_t n_groups;
	int root;		/* its root directory */
	int mounts;		/* its mount namespace */
	bool other_root;
};

static void identity_deinit(struct identity *id)
{
	free(id->groups);
	if (id->root >= 0)
		close(id->root);
	if (id->mounts >= 0)
		close(id->mounts);
}

/* "Groups:\t24 25 27 \n" in /proc/PID/status */
static struct err *read_groups(pid_t pid, struct identity *id)
{
	struct buf text = { 0 };
	struct err *e = procfs_read(pid, "status", &text);
	const char *p = e ? NULL : strstr(buf_str(&text), "\nGroups:");
	char *end;

	for (p = p ? p + 8 : NULL; p && !e; p = end) {
		unsigned long n = strtoul(p, &end, 10);

		if (end == p || memchr(p, '\n', (size_t)(end - p)))
			break;
		if (!vec_more(id->groups, id->n_groups)) {
			e = err_nomem();
			break;
		}
		id->groups[id->n_groups++] = (gid_t)n;
	}
	buf_deinit(&text);
	return e;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static struct err *identity_find(pid_t pid, struct identity *id)
{
	char root[64], mounts[64];
	struct err *e = NULL;

	snprintf(root, sizeof(root), "/proc/%d/root", (int)pid);
	snprintf(mounts, sizeof(mounts), "/proc/%d/ns/mnt", (int)pid);
	id->root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* only root can become another user; without root the child keeps our identity */
	if (geteuid() != 0)
		return NULL;
	if (id->root < 0)
		return err_sys(errno, "%s", root);
	id->other_root = !same_file(root, "/");
	if (!same_file(mounts, "/proc/self/ns/mnt")) {
		id->mounts = open(mounts, O_RDONLY | O_CLOEXEC);
		if (id->mounts < 0)
			return err_sys(errno, "%s", mounts);
	}
	if (!process_owner(pid, &id->uid, &id->gid))
		return err_new(ERR_FAIL, "the user of process %d cannot be read", (int)pid);
	id->change = id->uid || id->gid != getegid();
	if (id->change)
		e = read_groups(pid, id);
	return e;
}

/* --- the child ----------------------------------------------------------------------- */

static int drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return (int)syscall(SYS_capset, &head, none);
}

/*
 * Returns an errno. Uses only descriptors and numbers: while this runs, no path may be used
 * that another user could change.
 */
static int become(const struct identity *id)
{
	const struct rlimit no_core = { 0 };
	uid_t r, e, s;

	if (id->mounts >= 0 && setns(id->mounts, CLONE_NEWNS) < 0)
		return errno;
	if (id->root >= 0 && fchdir(id->root) < 0)
		return errno;
	if (id->root < 0 && chdir("/") < 0)
		return errno;
	if ((id->other_root || id->mounts >= 0) && chroot(".") < 0)
		return errno;
	if (id->change && (setgroups(id->n_groups, id->groups) < 0 ||
			   setresgid(id->gid, id->gid, id->gid) < 0 ||
			   setresuid(id->uid, id->uid, id->uid) < 0))
		return errno;
	umask(0);
	/* QEMU's user must not be able to trace the child, or to dump our data in its memory */
	setrlimit(RLIMIT_CORE, &no_core);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    drop_capabilities() < 0)
		return errno;
	if (id->change && (getresuid(&r, &e, &s) < 0 || r != id->uid || e != id->uid || s != id->uid))
		return EPERM;
	return 0;
}

static void __attribute__((noreturn)) child(const struct identity *id, int link, as_user_work *work,
					    void *arg)
{
	int errnum = become(id);

	/* the child keeps no descriptor of ours open: no capture file, no monitor */
	if (dup2(link, LINK_FD) < 0 || close_range(LINK_FD + 1, ~0u, 0) < 0)
		_exit(1);
	as_user_say(LINK_FD, &errnum, sizeof(errnum), -1);
	if (!errnum)
		work(LINK_FD, arg);
	_exit(0);
}

void as_user_say(int link, const void *data, size_t len, int fd)
{
	(void)!peer_send(link, data, len, fd);
}

void as_user_wait(int link)
{
	char byte;

	while (recv(link, &byte, 1, 0) < 0 && errno == EINTR)
		;
}

const char *as_user_path(const char *path)
{
	while (*path == '/')
		path++;
	return *path ? path : ".";
}

/* --- the parent ------------------------------------------------------------------------- */

struct err *as_user_start(pid_t pid, int pin, as_user_work *work, void *arg, struct as_user *out)
{
	struct identity id = { .root = -1, .mounts = -1 };
	int link[2] = { -1, -1 }, errnum = 0;
	struct err *e = NULL;

	*out = (struct as_user){ .link = -1 };
	if (pid)
		e = identity_find(pid, &id);
	if (!e && pid && !process_held(pin))
		e = err_new(ERR_FAIL, "QEMU (process %d) has ended", (int)pid);
	if (!e && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link) < 0)
		e = err_sys(errno, "making a socket");
	if (e)
		goto out;
	out->child = fork();
	if (out->child == 0) {
		/* the child has the only other end then, so it notices when we close ours */
		close(link[0]);
		child(&id, link[1], work, arg);
	}
	if (out->child < 0) {
		e = err_sys(errno, "starting a process");
		out->child = 0;
		goto out;
	}
	out->link = link[0];
	link[0] = -1;
	e = as_user_hear(out, &errnum, sizeof(errnum), NULL);
	if (!e && errnum)
		e = err_sys(errnum, "acting as QEMU's user (that of process %d)", (int)pid);
	if (e)
		as_user_end(out);
out:
	for (int i = 0; i < 2; i++)
		if (link[i] >= 0)
			close(link[i]);
	identity_deinit(&id);
	return e;
}

static struct err *silent(void)
{
	return err_new(ERR_FAIL, "the process that acts as QEMU's user does not answer (has that user "
		       "stopped or ended it?)");
}

struct err *as_user_hear(struct as_user *u, void *data, size_t len, int *fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { data, len };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct pollfd p = { .fd = u->link, .events = POLLIN };
	int status, came = -1;

	while ((status = poll(&p, 1, PATIENCE_MS)) < 0 && errno == EINTR)
		;
	if (fd)
		*fd = -1;
	if (status <= 0)
		return silent();
	ssize_t n = recvmsg(u->link, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(&came, CMSG_DATA(c), sizeof(int));
	if (fd && n == (ssize_t)len)
		*fd = came;
	else if (came >= 0)
		close(came);
	return n == (ssize_t)len ? NULL : silent();
}

void as_user_end(struct as_user *u)
{
	const struct timespec moment = { .tv_nsec = END_NAP_NS };

	if (u->link >= 0)
		close(u->link);
	for (int i = 0; u->child && i < 2 * END_TRIES; i++) {
		pid_t done = waitpid(u->child, NULL, WNOHANG);

		if (done == u->child || (done < 0 && errno != EINTR))
			break;
		if (i == END_TRIES)
			kill(u->child, SIGKILL);
		nanosleep(&moment, NULL);
	}
	*u = (struct as_user){ .link = -1 };
}
