// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "event/source.h"
#include "flow/choose_controller.h"
#include "flow/pipeline.h"
#include "input/open.h"

const char *load_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

struct err *load_open_fd(int fd, const struct load_options *o, struct loaded *l)
{
	const struct source_options options = { .controller = o->controller, .bar = o->bar };
	struct err *e;

	*l = (struct loaded){ .name = load_name(o->path), .fd = -1 };
	e = source_open(fd, l->name, &options, &l->opened);
	l->source = l->opened;
	if (!e && o->controller)
		e = choose_controller(l->opened, o->controller, l->name, &l->source);
	return e;
}

struct err *load_open(const struct load_options *o, struct loaded *l)
{
	bool standard = strcmp(o->path, "-") == 0;
	int fd = standard ? dup(STDIN_FILENO) : open(o->path, O_RDONLY | O_CLOEXEC);
	struct err *e;

	if (fd < 0) {
		*l = (struct loaded){ .fd = -1 };
		return err_sys(errno, "%s", load_name(o->path));
	}
	e = load_open_fd(fd, o, l);
	l->fd = fd;
	return e;
}

void load_close(struct loaded *l)
{
	if (!l->name)
		return;
	if (l->source != l->opened)
		source_destroy(l->source);
	source_destroy(l->opened);
	if (l->fd >= 0)
		close(l->fd);
	*l = (struct loaded){ .fd = -1 };
}

void load_facts(const struct loaded *l, struct source_facts *facts)
{
	source_facts(l->opened, facts);
}

struct err *load_run(const struct loaded *l, const struct load_options *o, struct pipeline *p)
{
	p->source = l->source;
	p->name = l->name;
	p->range = o->range;
	return pipeline_run(p);
}
