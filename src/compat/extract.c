// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/out.h"
#include "event/event.h"
#include "event/source.h"
#include "input/open.h"
#include "store/store.h"

struct err *extract_write(int dir, const char *name, const void *data, unsigned long len,
			  bool overwrite)
{
	struct err *e = NULL;
	int errnum, fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC |
				(overwrite ? O_TRUNC : O_EXCL), 0666);

	if (fd < 0 && errno == EEXIST)
		return err_new(ERR_FAIL, "%s exists and is not overwritten; use "
			       "--force", name);
	if (fd < 0)
		return err_sys(errno, "%s", name);
	errnum = out_write(fd, data, len);
	if (errnum)
		e = err_sys(errnum, "%s", name);
	if (close(fd) < 0 && !e)
		e = err_sys(errno, "%s", name);
	return e;
}

struct err *extract_pair(int dir, const char *folder, const char *path, bool overwrite)
{
	struct source *source = NULL;
	struct store *store = NULL;
	struct err *e, *e2;
	struct event_steps steps = { 0 };
	struct event *ev = NULL;

	e = source_open(dir, folder, NULL, &source);
	if (!e)
		e = store_create(path, overwrite, "ExtractHDADump: verbs and responses of saved frames",
				 &store);
	while (!e) {
		e = source_step(source, &steps, &ev);
		if (e || !ev)
			break;
		if (ev->kind != EV_NONE)
			e = store_put(store, ev);
	}
	if (store) {
		e2 = store_close(store);
		if (e)
			err_free(e2);
		else
			e = e2;
	}
	source_destroy(source);
	return e;
}
