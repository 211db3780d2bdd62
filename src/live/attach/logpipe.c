// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/attach/logpipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json_access.h"
#include "base/procfs.h"
#include "qemu/qmp.h"

#define NAME "hdadump-trace"
/*
 * We may not know QEMU's user, so every user has the right to open the pipe; but it has no
 * name, and only QEMU has it. The sticky bit has no meaning for a pipe; the next hdadump uses
 * it to recognise our pipe among QEMU's files.
 */
#define MODE (S_ISVTX | S_IWUSR | S_IWGRP | S_IWOTH)

bool logpipe_is_marked(const struct stat *st)
{
	return S_ISFIFO(st->st_mode) && (st->st_mode & 07777) == MODE;
}

#define NOT_THERE -1
#define NOT_SHOWN -2

struct pipe_search {
	struct stat ours;
	bool hidden;
	int number;
};

static bool is_our_pipe(void *arg, int dir, const char *fd)
{
	struct pipe_search *s = arg;
	struct stat st;

	/* if the process has our user but another group, we see only the numbers */
	if (fstatat(dir, fd, &st, 0) < 0)
		s->hidden |= errno == EACCES || errno == EPERM;
	else if (st.st_ino == s->ours.st_ino && st.st_dev == s->ours.st_dev &&
		 sscanf(fd, "%d", &s->number) != 1)
		s->number = NOT_THERE;
	return s->number >= 0;
}

/* The descriptor's number in QEMU for the pipe @fd. */
static int number_in(pid_t pid, int fd)
{
	struct pipe_search s = { .number = NOT_THERE };

	if (!pid || fstat(fd, &s.ours) < 0 || !procfs_each_fd(pid, is_our_pipe, &s))
		return NOT_SHOWN;
	return s.number < 0 && s.hidden ? NOT_SHOWN : s.number;
}

static struct json_object *text_args(const char *key, const char *value)
{
	struct json_object *args = json_object_new_object();

	json_object_object_add(args, key, json_object_new_string(value));
	return args;
}

/* If passed under a name, QEMU closes it when we say so. Used if we can see its number. */
static struct err *hand_named(struct logpipe *p, struct qmp *q, pid_t pid, int writer, int *number)
{
	struct err *e = qmp_execute_fd(q, "getfd", text_args("fdname", NAME), writer, NULL);

	if (e)
		return e;
	p->handed = p->named = true;
	*number = number_in(pid, writer);
	if (*number >= 0)
		return NULL;
	logpipe_release(p, q);
	if (*number == NOT_THERE)
		return err_new(ERR_FAIL, "process %d is not this QEMU: it does not have the "
			       "descriptor that was passed to it", (int)pid);
	return NULL;
}

/*
 * If passed in a set, QEMU's answer has the number; but QEMU 7.2 keeps the descriptors of a
 * set open while the guest is paused.
 */
static struct err *hand_in_set(struct logpipe *p, struct qmp *q, int writer, int *number)
{
	struct json_object *ret = NULL;
	struct err *e = qmp_execute_fd(q, "add-fd", text_args("opaque", NAME), writer, &ret);
	struct json_object *fd = json_member(ret, "fd"), *set = json_member(ret, "fdset-id");

	if (!e && (!json_object_is_type(fd, json_type_int) || !json_object_is_type(set, json_type_int)))
		e = err_new(ERR_FORMAT, "QEMU's answer to add-fd names no descriptor");
	if (!e) {
		p->handed = true;
		p->named = false;
		p->set = json_object_get_int64(set);
		*number = json_object_get_int(fd);
	}
	json_object_put(ret);
	return e;
}

struct err *logpipe_create(struct qmp *q, pid_t pid, struct logpipe *out)
{
	int fds[2], number = NOT_SHOWN;
	struct err *e = NULL;

	*out = (struct logpipe){ .fd = -1 };
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(errno, "making the trace pipe");
	out->fd = fds[0];
	if (fchmod(fds[1], MODE) < 0)
		e = err_sys(errno, "letting QEMU's user into the trace pipe");
	/* find out before QEMU has anything whether we can see its numbers */
	if (!e && number_in(pid, fds[1]) != NOT_SHOWN)
		e = hand_named(out, q, pid, fds[1], &number);
	if (!e && number < 0)
		e = hand_in_set(out, q, fds[1], &number);
	close(fds[1]);
	if (e)
		logpipe_deinit(out);
	else
		snprintf(out->path, sizeof(out->path), "/proc/self/fd/%d", number);
	return e;
}

void logpipe_release(struct logpipe *p, struct qmp *q)
{
	struct json_object *args;

	if (!p->handed)
		return;
	p->handed = false;
	/* a QEMU that did not answer is not used again */
	if (!qmp_answered(q))
		return;
	if (p->named) {
		err_free(qmp_execute(q, "closefd", text_args("fdname", NAME), NULL));
		return;
	}
	args = json_object_new_object();
	json_object_object_add(args, "fdset-id", json_object_new_int64(p->set));
	err_free(qmp_execute(q, "remove-fd", args, NULL));
}

void logpipe_deinit(struct logpipe *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}
