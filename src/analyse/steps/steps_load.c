// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/steps/steps_load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/err.h"
#include "event/source.h"
#include "flow/load.h"
#include "input/open.h"

/* A list that was made of something else names that, and not itself. */
static void set_origin(const struct steps_input *in, const struct ctrl_names *names, int fd,
		       struct steps *a)
{
	struct list_head *h = &a->head;
	const char *file = strrchr(in->path, '/');
	const char *name = NULL;

	if (!h->from[0] && strcmp(in->path, "-") != 0) {
		snprintf(h->from, sizeof(h->from), "%s", file && file[1] ? file + 1 : in->path);
		digest_file(fd, h->sha256);
	}
	for (size_t i = 0; !name && i < a->n_codecs; i++)
		if (a->codecs[i]->steps && a->codecs[i]->ctrl < names->count)
			name = names->name[a->codecs[i]->ctrl];
	/* what readers of lists and scripts call theirs is no controller's name */
	if (!h->controller[0] && name && strcmp(name, "verbs") != 0 && strncmp(name, "hwC", 3) != 0)
		snprintf(h->controller, sizeof(h->controller), "%s", name);
}

struct err *steps_load(struct steps_input *in, struct steps *a)
{
	struct pipeline p = { .fold = { .noise = true } };
	struct source *src = NULL;
	struct source_facts facts;
	int fd = -1;
	struct err *e = steps_init(a, in->range);

	if (!e)
		e = input_open_bar(in->path, in->device, in->bar, &src, &fd);
	if (e)
		goto out;
	a->stops = in->stop;
	a->watch = in->watch;
	p.fold.registers = in->watch != NULL;
	source_facts(src, &facts);
	if (facts.list)
		e = steps_set_head(a, facts.list);
	p.source = src;
	p.sink = &a->sink;
	if (!e)
		e = pipeline_run(&p);
	if (!e)
		e = steps_finish(a);
	source_facts(src, &facts);
	if (!e && facts.list)
		steps_set_updates(a, facts.list->updates, facts.list->n_updates);
	a->head.updates = NULL;		/* the source's */
	a->head.n_updates = 0;
	if (!e && a->range.from.set && !a->range.begun)
		e = err_new(ERR_FAIL, "%s: the range does not begin: there is no such mark or time",
			    in->path);
	if (!e && a->range.to.set && a->range.to.mark && !a->range.ended)
		e = err_new(ERR_FAIL, "%s: there is no mark '%s'", in->path, a->range.to.mark);
	in->stats = p.stats;
	set_origin(in, &p.names, fd, a);
out:
	source_destroy(src);
	if (fd >= 0)
		close(fd);
	pipeline_deinit(&p);
	return e;
}
