// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/join.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "event/event.h"
#include "event/source.h"

struct join {
	struct source source;
	struct source *const *parts;
	const char *const *names;
	size_t n, at;
	bool begun;			/* the part's name was given */
	char *ctrl[EVENT_MAX_CTRL];	/* names of the controllers of all parts */
	uint16_t n_ctrl;
	/* this part's controllers: index in the result; -1 = not named */
	int16_t map[EVENT_MAX_CTRL];
	struct event own;		/* the event with the part's name */
	struct err *failed;		/* error to return after the last run */
};

/* The index in the result of a controller of this part. */
static struct err *map_ctrl(struct join *j, const struct event *ev)
{
	uint16_t i = 0;

	while (i < j->n_ctrl && !(strlen(j->ctrl[i]) == ev->len &&
				  !memcmp(j->ctrl[i], ev->data, ev->len)))
		i++;
	if (i == EVENT_MAX_CTRL)
		return err_new(ERR_FORMAT, "%s: more than %d controllers in all", j->names[j->at],
			       EVENT_MAX_CTRL);
	if (i == j->n_ctrl) {
		j->ctrl[i] = strndup(ev->data ? ev->data : "", ev->len);
		if (!j->ctrl[i])
			return err_nomem();
		j->n_ctrl++;
	}
	j->map[ev->ctrl] = (int16_t)i;
	return NULL;
}

static void begin_part(struct join *j, struct event_run *run)
{
	j->begun = true;
	memset(j->map, 0xff, sizeof(j->map));
	*run = (struct event_run){ &j->own, 1 };
	j->own = (struct event){
		.kind = j->at ? EV_PART : EV_MARK, .origin = ORIGIN_SELF,
		.time = EVENT_TIME_NONE, .data = j->names[j->at],
		.len = (uint32_t)strlen(j->names[j->at]),
	};
}

static struct err *join_next(struct source *s, struct event_run *run)
{
	struct join *j = (struct join *)s;
	struct err *e = j->failed;

	*run = (struct event_run){ 0 };
	j->failed = NULL;
	while (!e && !run->n && j->at < j->n) {
		if (!j->begun) {
			begin_part(j, run);
			return NULL;
		}
		e = j->parts[j->at]->ops->next(j->parts[j->at], run);
		if (!e && !run->n) {
			j->at++;
			j->begun = false;
		}
	}
	if (!j->at && j->parts[0]->has_began) {
		s->began = j->parts[0]->began;
		s->has_began = true;
	}
	for (size_t i = 0; !e && i < run->n; i++) {
		struct event *ev = &run->ev[i];

		if (ev->ctrl >= EVENT_MAX_CTRL)
			continue;	/* the model reports an impossible controller */
		if (ev->kind == EV_CONTROLLER)
			e = map_ctrl(j, ev);
		if (e && i) {	/* after the events before it */
			run->n = i;
			j->failed = e;
			return NULL;
		}
		if (j->map[ev->ctrl] >= 0)
			ev->ctrl = (uint16_t)j->map[ev->ctrl];
	}
	return e;
}

static struct err *join_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				    struct event *ev)
{
	struct join *j = (struct join *)s;
	struct source *part = j->parts[j->at];
	uint16_t theirs = ctrl;
	struct err *e;

	*ev = (struct event){ .kind = EV_NONE, .time = EVENT_TIME_NONE };
	if (!part->ops->read_memory)
		return NULL;
	for (uint16_t i = 0; i < EVENT_MAX_CTRL; i++)
		if (j->map[i] == ctrl)
			theirs = i;
	e = part->ops->read_memory(part, theirs, addr, len, ev);
	ev->ctrl = ctrl;
	return e;
}

static void join_destroy(struct source *s)
{
	struct join *j = (struct join *)s;

	for (uint16_t i = 0; i < j->n_ctrl; i++)
		free(j->ctrl[i]);
	err_free(j->failed);
	free(j);
}

struct err *join_create(struct source *const *parts, const char *const *names, size_t n,
			struct source **out)
{
	static const struct source_ops ops = {
		.next = join_next,
		.read_memory = join_read_memory,
		.destroy = join_destroy,
	};
	struct join *j = calloc(1, sizeof(*j));

	if (!j)
		return err_nomem();
	j->source.ops = &ops;
	j->parts = parts;
	j->names = names;
	j->n = n;
	*out = &j->source;
	return NULL;
}
