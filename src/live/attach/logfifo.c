// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/attach/logfifo.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "live/attach/log_before.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"

#define FOLDERS_MAX 3
#define NAME_PREFIX "hdadump-"
#define NAME_RANDOM 8
#define NAME_TRIES 100

/* A folder that may be used, as QEMU sees it. */
struct candidate {
	const char *path;
	bool direct;	/* the FIFO is made in the folder itself, not in a new folder within */
};

struct order {
	struct candidate list[FOLDERS_MAX];
	int n;
	/* QEMU has another user whose rights we cannot take: that user needs permission */
	bool foreign;
};

enum fifo_step { OPENING, FOREIGN, FOLDER, FIFO, EXCHANGED };

/* The child's message after it has made the FIFO, or failed. */
struct answer {
	int errnum;
	enum fifo_step step;
	int which;	/* index in the order's folders */
	uid_t owner;	/* owner of the folder */
	char name[sizeof(NAME_PREFIX) + NAME_RANDOM];	/* name of the new folder; "" = none */
};

/* --- in the child: as QEMU's user, by descriptors ---------------------------------- */

static int fail(struct answer *a, enum fifo_step step, int errnum)
{
	a->step = step;
	a->errnum = errnum;
	return -1;
}

static bool random_name(char *out)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	unsigned char bytes[NAME_RANDOM];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return false;
	memcpy(out, NAME_PREFIX, sizeof(NAME_PREFIX) - 1);
	out += sizeof(NAME_PREFIX) - 1;
	for (int i = 0; i < NAME_RANDOM; i++)
		out[i] = letters[bytes[i] % 32];
	out[NAME_RANDOM] = '\0';
	return true;
}

/*
 * True if only root and QEMU's user can replace files in it, so that QEMU cannot be led
 * elsewhere.
 */
static bool is_trusted(const struct stat *st)
{
	bool ours = st->st_uid == geteuid(), private_group = ours && st->st_gid == getegid();

	if (st->st_uid && !ours)
		return false;
	return st->st_mode & S_ISVTX ||
	       !(st->st_mode & (private_group ? S_IWOTH : S_IWGRP | S_IWOTH));
}

/* Makes a new folder in @parent, and opens it. */
static int make_folder(const struct order *o, int parent, struct answer *a)
{
	mode_t mode = o->foreign ? 0711 : 0700;	/* its random name protects it */
	struct stat st;
	int dir, tries = 0;

	do {
		if (!random_name(a->name))
			return fail(a, FOLDER, EIO);
		if (mkdirat(parent, a->name, mode) == 0)
			break;
		if (errno != EEXIST || ++tries == NAME_TRIES) {
			int errnum = errno;

			a->name[0] = '\0';
			return fail(a, FOLDER, errnum);
		}
	} while (true);
	dir = openat(parent, a->name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0 || fstat(dir, &st) < 0 || st.st_uid != geteuid() || st.st_mode & 0777 & ~mode)
		return fail(a, EXCHANGED, ESTALE);
	return dir;
}

static int make_fifo(const struct order *o, int dir, bool direct, struct answer *a)
{
	mode_t mode = o->foreign ? 0622 : 0600;
	struct stat st;
	int fd;

	/* a killed hdadump may have left one in the guest's own folder */
	if (direct)
		unlinkat(dir, LOGFIFO_NAME, 0);
	if (mkfifoat(dir, LOGFIFO_NAME, mode) < 0)
		return fail(a, FIFO, errno);
	fd = openat(dir, LOGFIFO_NAME, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode) || st.st_uid != geteuid() ||
	    st.st_mode & 0777 & ~mode)
		return fail(a, EXCHANGED, ESTALE);
	return fd;
}

/*
 * Makes the FIFO and opens its reading end, and stores what is needed to remove it; if it
 * fails, nothing is left.
 */
static int make(const struct order *o, int which, int *parent, int *dir, struct answer *a)
{
	const struct candidate *c = &o->list[which];
	struct stat st;
	int fd;

	*a = (struct answer){ .which = which };
	*dir = -1;
	*parent = open(as_user_path(c->path), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*parent < 0 || fstat(*parent, &st) < 0)
		return fail(a, OPENING, errno);
	a->owner = st.st_uid;
	if (!is_trusted(&st))
		return fail(a, FOREIGN, EPERM);
	*dir = c->direct ? *parent : make_folder(o, *parent, a);
	if (*dir < 0)
		return -1;
	fd = make_fifo(o, *dir, c->direct, a);
	return fd;
}

static void clean(int parent, int dir, const struct answer *a)
{
	if (dir >= 0 && a->step != FIFO)
		unlinkat(dir, LOGFIFO_NAME, 0);
	if (*a->name)
		unlinkat(parent, a->name, AT_REMOVEDIR);
}

static void maker(int link, void *arg)
{
	const struct order *o = arg;
	int parent = -1, dir = -1, fd = -1;
	struct answer a;

	for (int i = 0; i < o->n && fd < 0; i++) {
		fd = make(o, i, &parent, &dir, &a);
		if (fd < 0)
			clean(parent, dir, &a);
	}
	as_user_say(link, &a, sizeof(a), fd);
	if (fd < 0)
		return;
	/* hdadump is the reader; QEMU must not count another one */
	close(fd);
	as_user_wait(link);
	clean(parent, dir, &a);
}

/* --- in hdadump ------------------------------------------------------------------------- */

static struct err *explain(const struct order *o, const struct answer *a, bool asked)
{
	const char *path = o->list[a->which].path;
	struct err *e;
	char *who;

	switch (a->step) {
	case OPENING:
		return err_sys(a->errnum, "%s%s", asked ? "--fifo-dir " : "", path);
	case FOREIGN:
		who = user_text(a->owner);
		e = err_new(ERR_FAIL, "others could replace files in %s (it belongs to user %s): "
			    "name a folder of QEMU's user or of root, or one like /tmp, with --fifo-dir",
			    path, who ? who : "?");
		free(who);
		return e;
	case FOLDER:
	case FIFO:
		return err_new(ERR_FAIL, "QEMU's user cannot make a FIFO in %s (%s): name a folder that it may "
			       "write to with --fifo-dir", path, strerror(a->errnum));
	default:
		return err_new(ERR_FAIL, "the FIFO made in %s was replaced at once by another process",
			       path);
	}
}

/* Lists the folders that may be used, the best first. */
static struct err *choose(struct order *o, const char *folder, const struct qemu_cmdline *c, bool same_user)
{
	const char *own = c ? c->libvirt_folder : NULL, *runtime = getenv("XDG_RUNTIME_DIR");

	if (folder) {
		o->list[o->n++].path = folder;
		if (!log_path_is_plain(folder))
			return err_new(ERR_USAGE, "%s: QEMU's monitor accepts no such characters in a path; "
				       "name another folder with --fifo-dir", folder);
		return NULL;
	}
	/* the confinement of a libvirt guest allows this folder, but none below it */
	if (own && *own == '/' && log_path_is_plain(own))
		o->list[o->n++] = (struct candidate){ own, true };
	if (same_user && runtime && *runtime == '/' && log_path_is_plain(runtime))
		o->list[o->n++].path = runtime;
	o->list[o->n++].path = "/tmp";
	return NULL;
}

static struct err *hear(struct logfifo *f, const struct order *o, bool asked)
{
	struct answer a;
	struct stat st;
	struct err *e = as_user_hear(&f->maker, &a, sizeof(a), &f->fd);
	/* the child runs as QEMU's user, so its message must be checked */
	bool sound = a.which >= 0 && a.which < o->n && memchr(a.name, '\0', sizeof(a.name)) &&
		     !strchr(a.name, '/');

	if (e)
		return e;
	if (!sound || (!a.errnum && (f->fd < 0 || fstat(f->fd, &st) < 0 || !S_ISFIFO(st.st_mode))))
		return err_new(ERR_FAIL, "the file made for QEMU's log is not a FIFO");
	if (a.errnum)
		return explain(o, &a, asked);
	const char *folder = o->list[a.which].path;

	if (asprintf(&f->path, "%s%s%s/" LOGFIFO_NAME, folder, *a.name ? "/" : "", a.name) < 0)
		f->path = NULL;
	return f->path ? NULL : err_nomem();
}

struct err *logfifo_create(pid_t pid, int pin, const char *folder, const struct qemu_cmdline *c,
			   struct logfifo *out)
{
	struct order o = { .n = 0 };
	uid_t uid = geteuid();
	gid_t gid;
	char *full = NULL;
	bool same_user;
	struct err *e;

	*out = (struct logfifo){ .fd = -1, .maker = { .link = -1 } };
	same_user = !pid || !process_owner(pid, &uid, &gid) || uid == geteuid();
	o.foreign = !same_user && geteuid() != 0;
	if (folder && *folder != '/') {
		full = realpath(folder, NULL);
		if (!full)
			return err_sys(errno, "--fifo-dir %s", folder);
		folder = full;
	}
	e = choose(&o, folder, c, same_user);
	if (!e)
		e = as_user_start(pid, pin, maker, &o, &out->maker);
	if (!e)
		e = hear(out, &o, folder != NULL);
	free(full);
	if (e)
		logfifo_deinit(out);
	return e;
}

void logfifo_unlink(struct logfifo *f)
{
	as_user_end(&f->maker);
	free(f->path);
	f->path = NULL;
}

void logfifo_deinit(struct logfifo *f)
{
	logfifo_unlink(f);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}
