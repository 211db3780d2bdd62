// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "event/event.h"
#include "hda/xact.h"

struct err *marks_put(struct marks_seen *m, const struct xact *x, uint64_t after)
{
	if (x->t_verb == EVENT_TIME_NONE || m->all++ >= MARKS_MAX)
		return NULL;
	if (!vec_room(m->v, m->n, m->cap))
		return err_nomem();
	struct mark_seen *s = &m->v[m->n];
	*s = (struct mark_seen){
		.text = malloc(x->text_len + 1u),
		.len = x->text_len,
		.time = x->t_verb,
		.after = after,
	};
	if (!s->text)
		return err_nomem();
	if (s->len)
		memcpy(s->text, x->text, s->len);
	s->text[s->len] = '\0';
	m->n++;
	return NULL;
}

void marks_deinit(struct marks_seen *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->v[i].text);
	free(m->v);
	*m = (struct marks_seen){ 0 };
}
