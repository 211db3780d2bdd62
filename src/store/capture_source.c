// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/capture_source.h"

#include <stdlib.h>

#include "base/err.h"
#include "event/source.h"
#include "store/store.h"

struct capture {
	struct source source;
	struct store_reader *reader;
};

static struct err *capture_next(struct source *s, struct event_run *run)
{
	return store_read(((struct capture *)s)->reader, run);
}

static void capture_destroy(struct source *s)
{
	struct capture *c = (struct capture *)s;

	if (!c)
		return;
	store_reader_destroy(c->reader);
	free(c);
}

static const struct source_ops capture_ops = {
	.next = capture_next,
	.destroy = capture_destroy,
};

struct err *capture_open(int fd, const char *name, struct source **out)
{
	struct capture *c = calloc(1, sizeof(*c));
	struct err *e;

	if (!c)
		return err_nomem();
	c->source.ops = &capture_ops;
	e = store_reader_create(fd, name, &c->reader);
	if (e) {
		free(c);
		return e;
	}
	*out = &c->source;
	return NULL;
}
