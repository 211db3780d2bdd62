// SPDX-License-Identifier: GPL-2.0-or-later
/* A machine in a folder: "/" itself, or a copy of it elsewhere. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "host/answers.h"
#include "host/machine_int.h"

struct err *machine_dir_open(const char *path, struct machine *m)
{
	m->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return m->root < 0 ? err_sys(errno, "%s", path) : NULL;
}

/* The path relative to the root folder. All links in it are resolved already. */
static const char *below(const char *path)
{
	return *path ? path + 1 : ".";
}

static enum read_status look_of(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case ENOTDIR:
	case ENODEV:
	case ENXIO:
		return LOOK_ABSENT;
	case EACCES:
	case EPERM:
		return LOOK_DENIED;
	default:
		return LOOK_BROKEN;
	}
}

static enum read_status dir_link(struct machine *m, const char *path, char *target, size_t size)
{
	ssize_t n = readlinkat(m->root, below(path), target, size - 1);

	if (n < 0)
		return errno == EINVAL ? LOOK_BROKEN : look_of(errno);
	target[n] = '\0';
	return LOOK_OK;
}

static enum read_status dir_read(struct machine *m, const char *path, struct buf *text)
{
	enum read_status look = LOOK_OK;
	struct stat st;
	/* do not block on a pipe or a device in an untrusted folder */
	int fd = openat(m->root, below(path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
			O_NOCTTY);

	if (fd < 0)
		return look_of(errno);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return LOOK_BROKEN;
	}
	while (text->len < MACHINE_READ) {
		size_t want = MACHINE_READ - text->len < 8192 ? MACHINE_READ - text->len : 8192;
		uint8_t *p = buf_reserve(text, want);
		ssize_t n = p ? read(fd, p, want) : -1;

		if (n < 0 && p && errno == EINTR)
			continue;
		if (n < 0 && !text->len)
			look = p ? look_of(errno) : LOOK_BROKEN;
		if (n <= 0)
			break;
		text->len += (size_t)n;
	}
	close(fd);
	return look;
}

static enum read_status dir_list(struct machine *m, const char *path, struct names *out)
{
	int fd = openat(m->root, below(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d) {
		int errnum = errno;

		if (fd >= 0)
			close(fd);
		return look_of(errnum);
	}
	for (struct dirent *de; (de = readdir(d));) {
		if (strcmp(de->d_name, ".") == 0 || strcmp(de->d_name, "..") == 0)
			continue;
		if (out->n == MACHINE_LIST) {
			out->more = true;
			break;
		}
		err_free(names_add(out, de->d_name));
	}
	closedir(d);
	return LOOK_OK;
}

static enum read_status dir_ask(struct machine *m, const char *question, struct buf *answer)
{
	return m->live ? answers_live(question, answer) :
			 machine_known_answer(m, question, answer);
}

static struct err *dir_write(struct machine *m, const char *path, const char *text)
{
	size_t n = strlen(text);
	int fd = openat(m->root, below(path), O_WRONLY | O_CLOEXEC | O_NOFOLLOW |
			(m->live ? 0 : O_APPEND));

	if (fd < 0)
		return err_sys(errno, "%s", path);
	ssize_t w = write(fd, text, n);
	int errnum = errno;
	/* in a copy, append each value as a line of its own */
	if (w == (ssize_t)n && !m->live && text[n - 1] != '\n' && write(fd, "\n", 1) < 0)
		w = -1;
	close(fd);
	if (w < 0)
		return err_sys(errnum, "%s: the kernel refuses \"%s\"", path, text);
	return w == (ssize_t)n ? NULL : err_new(ERR_FAIL, "%s: only part was taken", path);
}

const struct machine_ops machine_dir_ops = {
	.link = dir_link,
	.read = dir_read,
	.list = dir_list,
	.ask = dir_ask,
	.write = dir_write,
};
