// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/choose_controller.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "event/event.h"
#include "event/names.h"
#include "event/source.h"

#define OTHER -1

struct chooser {
	struct source source;
	struct source *inner;
	const char *name, *input;
	/* by index in the inner source: our index; OTHER = left out */
	int16_t ours[EVENT_MAX_CTRL];
	uint16_t theirs[EVENT_MAX_CTRL];	/* by our index: the index in the inner source */
	uint16_t n;
	struct buf others;		/* names of the controllers that are left out */
};

static void learn(struct chooser *c, const struct event *ev)
{
	if (c->ours[ev->ctrl] != OTHER)
		return;
	if (ctrl_is_named(ev->data, ev->data ? ev->len : 0, c->name)) {
		c->theirs[c->n] = ev->ctrl;
		c->ours[ev->ctrl] = (int16_t)c->n++;
		return;
	}
	buf_adds(&c->others, c->others.len ? ", " : "");
	text_add_safe(&c->others, ev->data, ev->data ? ev->len : 0);
}

/* True for events about the whole input, or that belong to no known controller. */
static bool is_everybodys(const struct event *ev)
{
	return ev->kind == EV_NONE || ev->kind == EV_MARK || ev->kind == EV_GAP ||
	       ev->kind == EV_NOTE || ev->kind == EV_PART;
}

static struct err *none(const struct chooser *c)
{
	struct buf others = { 0 };
	struct err *e;

	buf_add(&others, c->others.data, c->others.len);
	e = others.len ? err_new(ERR_FAIL, "%s: it has no controller '%s'; it has: %s", c->input,
				 c->name, buf_str(&others)) :
			 err_new(ERR_FAIL, "%s: it has no controller '%s', and no other", c->input,
				 c->name);
	buf_deinit(&others);
	return e;
}

/* Keeps the chosen events of the run, moved together. */
static void choose(struct chooser *c, struct event_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->n; i++) {
		struct event *ev = &run->ev[i];

		if (ev->time != EVENT_TIME_NONE && !c->source.has_began) {
			c->source.began = ev->time;
			c->source.has_began = true;
		}
		/* the model reports an impossible controller */
		if (ev->ctrl < EVENT_MAX_CTRL) {
			if (ev->kind == EV_CONTROLLER)
				learn(c, ev);
			if (c->ours[ev->ctrl] == OTHER && !is_everybodys(ev))
				continue;
			ev->ctrl = c->ours[ev->ctrl] == OTHER ? 0 : (uint16_t)c->ours[ev->ctrl];
		}
		run->ev[n++] = *ev;
	}
	run->n = n;
}

static struct err *chooser_next(struct source *s, struct event_run *run)
{
	struct chooser *c = (struct chooser *)s;
	struct err *e;

	do {
		e = c->inner->ops->next(c->inner, run);
		if (e)
			return e;
		if (!run->n)
			return c->n ? NULL : none(c);
		choose(c, run);
	} while (!run->n);
	return NULL;
}

static struct err *chooser_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				       struct event *ev)
{
	struct chooser *c = (struct chooser *)s;
	struct err *e = c->inner->ops->read_memory(c->inner, c->theirs[ctrl % EVENT_MAX_CTRL], addr,
						   len, ev);

	ev->ctrl = ctrl;
	return e;
}

static const struct list_head *chooser_list_head(struct source *s)
{
	struct source *inner = ((struct chooser *)s)->inner;

	return inner->ops->list_head ? inner->ops->list_head(inner) : NULL;
}

static void chooser_destroy(struct source *s)
{
	struct chooser *c = (struct chooser *)s;

	buf_deinit(&c->others);
	free(c);
}

struct err *choose_controller(struct source *inner, const char *name, const char *input,
			      struct source **out)
{
	static const struct source_ops ops = {
		.next = chooser_next, .read_memory = chooser_read_memory,
		.list_head = chooser_list_head, .destroy = chooser_destroy,
	};
	/* for a capture file, which contains the guest's memory already */
	static const struct source_ops capture_ops = {
		.next = chooser_next, .list_head = chooser_list_head, .destroy = chooser_destroy,
	};
	struct chooser *c = calloc(1, sizeof(*c));

	if (!c)
		return err_nomem();
	c->source.ops = inner->ops->read_memory ? &ops : &capture_ops;
	c->inner = inner;
	c->name = name;
	c->input = input;
	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++)
		c->ours[i] = OTHER;
	*out = &c->source;
	return NULL;
}
