// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/attach/attach_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "qemu/monitor.h"
#include "qemu/process.h"
#include "qemu/qmp.h"

void attach_log_init(struct attach_log *l)
{
	*l = (struct attach_log){ .pipe.fd = -1, .fifo = { .fd = -1, .maker.link = -1 } };
}

void attach_log_deinit(struct attach_log *l)
{
	logpipe_deinit(&l->pipe);
	logfifo_deinit(&l->fifo);
}

/* ERR_REFUSED, with QEMU's words, if QEMU cannot open @path. */
static struct err *send_log_to(const struct monitor *m, const char *path)
{
	char *text = NULL, *cmd = NULL;
	struct err *e;

	if (asprintf(&cmd, "logfile %s", path) < 0)
		return err_nomem();
	e = qmp_hmp(m->q, cmd, &text);
	if (!e && *text)
		e = err_new(ERR_REFUSED, "%.*s", (int)strcspn(text, "\r\n"), text);
	free(text);
	free(cmd);
	return e;
}

static struct err *by_pipe(struct attach_log *l, const struct monitor *m,
			   struct err *(*take)(void *arg, int fd), void *arg)
{
	struct err *e = logpipe_create(m->q, m->pid, &l->pipe);
	int fd = l->pipe.fd;

	if (e)
		return e;
	l->pipe.fd = -1;
	e = take(arg, fd);
	if (!e)
		e = send_log_to(m, l->pipe.path);
	if (e)
		logpipe_release(&l->pipe, m->q);
	return e;
}

static struct err *by_fifo(struct attach_log *l, const struct monitor *m, const char *folder,
			   const struct qemu_cmdline *c,
			   struct err *(*take)(void *arg, int fd), void *arg)
{
	struct err *e = logfifo_create(m->pid, m->pin, folder, c, &l->fifo);
	int fd = l->fifo.fd;
	char *confined;

	if (e)
		return e;
	l->fifo.fd = -1;
	e = take(arg, fd);
	if (!e)
		e = send_log_to(m, l->fifo.path);
	if (e && err_kind(e) == ERR_REFUSED) {
		confined = m->pid ? process_confinement(m->pid) : NULL;
		struct err *why = e;

		e = err_new(ERR_FAIL, "QEMU cannot write to a FIFO in %.*s (%s)%s%s: name a folder that "
			    "QEMU's user may write to with --fifo-dir",
			    (int)(strrchr(l->fifo.path, '/') - l->fifo.path), l->fifo.path, err_text(why),
			    confined ? "; it is confined by " : "", confined ? confined : "");
		err_free(why);
		free(confined);
	}
	logfifo_unlink(&l->fifo);
	return e;
}

struct err *attach_log_open(struct attach_log *l, const struct monitor *m, const char *folder,
			    const struct qemu_cmdline *c,
			    struct err *(*take)(void *arg, int fd), void *arg)
{
	struct err *e = NULL;

	if (!folder)
		e = by_pipe(l, m, take, arg);
	if (!folder && (!e || err_kind(e) != ERR_REFUSED))
		return e;
	if (e)
		log_note("QEMU accepts no descriptor for its log (%s): a FIFO is used",
			 err_text(e));
	err_free(e);
	return by_fifo(l, m, folder, c, take, arg);
}

void attach_log_release(struct attach_log *l, const struct monitor *m)
{
	if (m->q)
		logpipe_release(&l->pipe, m->q);
}
