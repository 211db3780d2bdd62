// SPDX-License-Identifier: GPL-2.0-or-later
/* All controllers of a capture. */
#include "hda/hda.h"

#include <stdlib.h>

#include "base/err.h"
#include "hda/ctrl.h"

struct hda {
	struct ctrl *ctrl[EVENT_MAX_CTRL];
	unsigned int count;	/* the highest index in use, plus one */
	char *text;		/* text of the last xact given */
	uint16_t last;		/* controller of the last event */
	bool show_registers;
	bool memory_follows;
	bool stirred;		/* there may be a finished xact since none was found */
};

struct err *hda_create(struct hda **out)
{
	struct hda *h = calloc(1, sizeof(*h));

	if (!h)
		return err_nomem();
	*out = h;
	return NULL;
}

void hda_destroy(struct hda *h)
{
	if (!h)
		return;
	for (unsigned int i = 0; i < h->count; i++) {
		if (!h->ctrl[i])
			continue;
		ctrl_deinit(h->ctrl[i]);
		free(h->ctrl[i]);
	}
	free(h->text);
	free(h);
}

void hda_show_registers(struct hda *h)
{
	h->show_registers = true;
}

void hda_memory_follows(struct hda *h)
{
	h->memory_follows = true;
}

static struct ctrl *get_ctrl(struct hda *h, uint16_t id)
{
	struct ctrl *c = h->ctrl[id];

	if (c)
		return c;
	c = malloc(sizeof(*c));
	if (!c)
		return NULL;
	ctrl_init(c, id);
	c->show_registers = h->show_registers;
	c->memory_follows = h->memory_follows;
	h->ctrl[id] = c;
	if (id >= h->count)
		h->count = id + 1u;
	return c;
}

static struct err *took(struct hda *h, const struct ctrl *c, bool came)
{
	if (came) {
		h->stirred = true;
		h->last = c->id;
	}
	return c->nomem ? err_nomem() : NULL;
}

struct err *hda_feed(struct hda *h, const struct event *ev)
{
	if (ev->ctrl >= EVENT_MAX_CTRL)
		return err_new(ERR_FORMAT, "an event names controller %u; there can be %u",
			       ev->ctrl, EVENT_MAX_CTRL);
	struct ctrl *c = get_ctrl(h, ev->ctrl);
	if (!c)
		return err_nomem();
	for (unsigned int i = 0; ev->kind == EV_PART && i < h->count; i++)
		if (h->ctrl[i])
			ctrl_part(h->ctrl[i]);
	return took(h, c, ctrl_feed(c, ev));
}

struct err *hda_feed_run(struct hda *h, const struct event *ev, size_t n, size_t *taken)
{
	struct err *e;
	size_t i = 0;

	do {
		struct ctrl *c = ev[i].ctrl < EVENT_MAX_CTRL ? h->ctrl[ev[i].ctrl] : NULL;
		bool came = false;
		size_t run = c ? ctrl_feed_run(c, ev + i, n - i, &came) : 0;

		/* not one: a controller's first event, or one for all controllers */
		e = run ? took(h, c, came) : hda_feed(h, &ev[i]);
		i += run ? run : 1;
	} while (!e && i < n && !h->stirred && ev[i - 1].kind != EV_CONTROLLER);
	*taken = i;
	return e;
}

bool hda_stirred(const struct hda *h)
{
	return h->stirred;
}

bool hda_wants(struct hda *h, struct mem_range *range)
{
	/* only the controller of the last event can need memory */
	return h->stirred && h->ctrl[h->last] && ring_next_want(h->ctrl[h->last], range);
}

bool hda_next_xact(struct hda *h, struct xact *x)
{
	char *text;

	if (!h->stirred)
		return false;
	for (unsigned int i = 0; i < h->count; i++) {
		if (!h->ctrl[i] || !ctrl_next(h->ctrl[i], x, &text))
			continue;
		if (h->text || text) {
			free(h->text);
			h->text = text;
		}
		return true;
	}
	h->stirred = false;
	return false;
}

uint64_t hda_waiting(const struct hda *h)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < h->count; i++) {
		struct queue *q = h->ctrl[i] ? &h->ctrl[i]->queue : NULL;

		for (uint64_t id = q ? q->head : 0; q && id < q->tail; id++) {
			const struct queue_item *it = queue_at(q, id);

			n += it && xact_is_verb(&it->x) && !it->x.counted && !it->counted_by_gap;
		}
	}
	return n;
}

struct err *hda_finish(struct hda *h)
{
	bool nomem = false;

	h->stirred = true;
	for (unsigned int i = 0; i < h->count; i++) {
		if (!h->ctrl[i])
			continue;
		ctrl_finish(h->ctrl[i]);
		nomem |= h->ctrl[i]->nomem;
	}
	return nomem ? err_nomem() : NULL;
}
