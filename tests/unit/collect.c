// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "codec/decode.h"
#include "event/source.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "input/open.h"
#include "collect.h"

static struct err *collect_put(struct sink *s, const struct xact *x, const struct decoded *d)
{
	struct collected *c = (struct collected *)s;

	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 256;
		c->x = reallocarray(c->x, c->cap, sizeof(*c->x));
		assert_non_null(c->x);
	}
	c->x[c->n] = *x;
	c->x[c->n++].text = NULL;
	return NULL;
}

static struct err *collect_flush(struct sink *s)
{
	return NULL;
}

const struct sink_ops collect_ops = { .put = collect_put, .flush = collect_flush };

struct err *collect_try(const char *path, struct collected *c)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct err *e;

	*c = (struct collected){ .sink = { &collect_ops } };
	if (fd < 0)
		fail_msg("%s: cannot be opened", path);
	e = source_open(fd, path, NULL, &c->pipeline.source);
	if (!e) {
		c->pipeline.sink = &c->sink;
		c->pipeline.fold.noise = true;
		e = pipeline_run(&c->pipeline);
		source_facts(c->pipeline.source, &c->facts);
		source_destroy(c->pipeline.source);
	}
	close(fd);
	return e;
}

void collect(const char *path, struct collected *c)
{
	struct err *e = collect_try(path, c);

	if (e)
		fail_msg("%s", err_text(e));
}

void collect_free(struct collected *c)
{
	pipeline_deinit(&c->pipeline);
	free(c->x);
	c->x = NULL;
}

const char *sample(const char *name)
{
	static char path[2][4096];
	static unsigned int turn;
	const char *source = getenv("HDADUMP_SOURCE");

	turn = !turn;
	snprintf(path[turn], sizeof(path[0]), "%s/tests/samples/%s", source ? source : ".", name);
	return path[turn];
}
