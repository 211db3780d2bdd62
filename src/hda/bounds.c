// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounds what waits in a controller. A real driver never comes near it; for a guest or a file
 * that tries to use up memory, the oldest items are given out in their present state.
 */
#include "hda/ctrl.h"

static void finish(struct ctrl *c, struct queue_item *it)
{
	if (it->word == PART_DUE)
		c->lost_verbs++;
	it->suspect |= it->word == PART_OPEN || it->answer == PART_OPEN;
	if (it->word != PART_NONE)
		it->word = PART_CLOSED;
	if (it->answer == PART_DUE)
		pair_give_up(c, it);
	else if (it->answer != PART_NONE)
		it->answer = PART_CLOSED;
}

void ctrl_relieve(struct ctrl *c)
{
	uint64_t until = c->queue.head + queue_len(&c->queue) / 2 + 1;

	for (uint64_t id = c->queue.head; id < until; id++) {
		struct queue_item *it = queue_at(&c->queue, id);

		if (it)
			finish(c, it);
	}
	if (!c->told_full)
		ctrl_say(c, XACT_NOTE, 0, "so much waited for an answer or a proof that the oldest of it is "
			 "given as it is; the same is done wherever it happens again");
	c->told_full = true;
}
