// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/steps/steps_load.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/err.h"
#include "input/open.h"

/* A list that was made from another input names that input as its origin. */
static void set_origin(const char *path, const struct ctrl_names *names, int fd,
		       struct steps *a)
{
	struct list_head *h = &a->head;
	const char *file = strrchr(path, '/');
	const char *name = NULL;

	if (!h->from[0] && strcmp(path, "-") != 0) {
		snprintf(h->from, sizeof(h->from), "%s", file && file[1] ? file + 1 : path);
		digest_file(fd, h->sha256);
	}
	for (size_t i = 0; !name && i < a->n_codecs; i++)
		if (a->codecs[i]->steps && a->codecs[i]->ctrl < names->count)
			name = names->name[a->codecs[i]->ctrl];
	/* a name that readers give to lists and scripts is not a controller's name */
	if (!h->controller[0] && name && strcmp(name, "verbs") != 0 && strncmp(name, "hwC", 3) != 0)
		snprintf(h->controller, sizeof(h->controller), "%s", name);
}

struct err *steps_load(struct steps_input *in, struct steps *a)
{
	struct pipeline p = { .fold = { .noise = true } };
	struct loaded l = { 0 };
	struct source_facts facts;
	struct err *e = steps_init(a);

	if (!e)
		e = load_open(&in->from, &l);
	if (e)
		goto out;
	a->stops = in->stop;
	a->watch = in->watch;
	p.fold.registers = in->watch != NULL;
	load_facts(&l, &facts);
	if (facts.list)
		e = steps_set_head(a, facts.list);
	p.sink = &a->sink;
	if (!e)
		e = load_run(&l, &in->from, &p);
	if (!e)
		e = steps_finish(a);
	load_facts(&l, &facts);
	if (!e && facts.list)
		steps_set_updates(a, facts.list->updates, facts.list->n_updates);
	a->head.updates = NULL;		/* it belongs to the source */
	a->head.n_updates = 0;
	in->stats = p.stats;
	set_origin(in->from.path, &p.names, l.fd, a);
out:
	load_close(&l);
	pipeline_deinit(&p);
	return e;
}
