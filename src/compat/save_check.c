// SPDX-License-Identifier: GPL-2.0-or-later
/* Which entries of a save are correct: see the head of save_schedule.h. */
#include <string.h>

#include "compat/save_schedule.h"

static void say(struct save_schedule *l, const struct lap_verdict *v)
{
	if (l->n_verdicts < SCHEDULE_VERDICTS)
		l->verdicts[l->n_verdicts++] = *v;
	else
		l->unsaid++;
}

void save_schedule_say(struct save_schedule *l, enum lap_verdict_kind kind, const struct save *s,
			enum lane lane, uint64_t first, uint64_t last)
{
	const struct save_part *p = &s->part[lane];
	struct lap_verdict v = {
		.kind = kind, .save = s->kind, .number = s->number, .lane = lane,
		.at = (uint64_t)(p->at + (int64_t)first), .count = last - first + 1,
	};

	if (first > last)
		return;
	memcpy(v.part, s->part, sizeof(v.part));
	say(l, &v);
}

static uint64_t last_of(const struct save_part *p)
{
	return p->first + p->count - 1;
}

/*
 * The verdict on one ring of a save: entries up to @over may be newer ones, the others are
 * correct.
 */
static void settle(struct save_schedule *l, struct save_check *p, enum lane lane, bool stopped)
{
	const struct save_part *part = &p->save.part[lane];
	uint64_t first = part->first;

	if (p->settled[lane])
		return;
	p->settled[lane] = true;
	if (part->size && (stopped || p->over[lane] >= part->lap))
		p->whole = false;
	if (!part->count)
		return;
	if (p->over[lane] >= first) {
		uint64_t to = p->over[lane] < last_of(part) ? p->over[lane] : last_of(part);

		save_schedule_say(l, LAP_NEWER, &p->save, lane, first, to);
		first = to + 1;
	}
	if (stopped)
		save_schedule_say(l, LAP_STOPPED, &p->save, lane, first, last_of(part));
	else if (p->save.kind == SAVE_LAST && first == part->first &&
		 part->epoch == l->ring[lane].epoch)
		l->ring[lane].good = last_of(part);
}

static void drop_settled(struct save_schedule *l)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < l->n_checks; i++) {
		struct save_check *p = &l->checks[i];

		if (!p->settled[LANE_CORB] || !p->settled[LANE_RIRB]) {
			l->checks[n++] = *p;
			continue;
		}
		if (p->whole) {
			struct lap_verdict v = {
				.kind = LAP_WHOLE, .save = p->save.kind, .number = p->save.number,
			};

			for (int k = 0; k < LANES; k++) {
				const struct save_part *part = &p->save.part[k];

				v.part[k] = *part;
				if (!part->size)
					continue;
				v.part[k].first = part->lap;
				v.part[k].count = (uint16_t)(last_of(part) + 1 - part->lap);
			}
			say(l, &v);
		}
	}
	l->n_checks = n;
}

void save_schedule_advance(struct save_schedule *l, enum lane lane, uint64_t pos)
{
	const struct lap_ring *r = &l->ring[lane];

	for (unsigned int i = 0; i < l->n_checks; i++) {
		struct save_check *p = &l->checks[i];

		if (p->settled[lane] || p->save.part[lane].epoch != r->epoch)
			continue;
		if (r->k > r->size && p->over[lane] < r->k - r->size)
			p->over[lane] = r->k - r->size;
		if (pos > p->horizon)
			settle(l, p, lane, false);
	}
	drop_settled(l);
}

/*
 * No read of RIRBWP will come any more. Since the last one the codecs may have answered, but
 * at most as many verbs as were sent.
 */
static void count_owed(const struct save_schedule *l, struct save_check *p)
{
	const struct lap_ring *r = &l->ring[LANE_RIRB];

	if (l->reads && p->save.part[LANE_RIRB].epoch == r->epoch && r->k + l->owed > r->size &&
	    p->over[LANE_RIRB] < r->k + l->owed - r->size)
		p->over[LANE_RIRB] = r->k + l->owed - r->size;
}

void save_schedule_teardown(struct save_schedule *l, enum lane lane, uint64_t pos)
{
	for (unsigned int i = 0; i < l->n_checks; i++) {
		struct save_check *p = &l->checks[i];

		if (p->save.part[lane].epoch != l->ring[lane].epoch)
			continue;
		if (lane == LANE_RIRB)
			count_owed(l, p);
		settle(l, p, lane, pos <= p->horizon);
	}
	drop_settled(l);
}

/* Drops the proof of an exit_dump that is replaced; one that is kept gets its new name. */
static void replace_last(struct save_schedule *l, const struct save *s)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < l->n_checks; i++) {
		struct save_check *p = &l->checks[i];

		if (p->save.kind == SAVE_LAST) {
			if (s->kind != SAVE_KEEP)
				continue;
			p->save.kind = SAVE_FRAME;
			p->save.number = s->number;
		}
		l->checks[n++] = *p;
	}
	l->n_checks = n;
}

/*
 * An exit_dump replaces one that was partly proven. Where both have the same entries, the
 * proof still holds.
 */
static void carry_over(struct save_schedule *l, struct save_part *part, enum lane lane)
{
	if (part->epoch != l->ring[lane].epoch || part->good < part->first)
		return;
	if (!part->same) {
		l->ring[lane].good = part->first - 1;
		return;
	}
	part->count = (uint16_t)(last_of(part) - part->good);
	part->first = part->good + 1;
}

void save_schedule_saved(struct save_schedule *l, const struct save *s, uint64_t horizon)
{
	struct save_check *p;

	if (s->kind == SAVE_LAST || s->kind == SAVE_KEEP)
		replace_last(l, s);
	if (s->kind == SAVE_KEEP)
		return;
	if (l->n_checks == SCHEDULE_CHECKS) {
		/* not proven so far, and it cannot be proven later */
		for (int i = 0; i < LANES; i++) {
			l->checks[0].over[i] = UINT64_MAX;
			settle(l, &l->checks[0], (enum lane)i, false);
		}
		drop_settled(l);
	}
	p = &l->checks[l->n_checks++];
	*p = (struct save_check){ .save = *s, .horizon = horizon };
	p->whole = s->kind == SAVE_FRAME && s->part[LANE_CORB].lap < s->part[LANE_CORB].first;
	for (int i = 0; i < LANES; i++) {
		struct save_part *part = &p->save.part[i];

		if (s->kind == SAVE_LAST)
			carry_over(l, part, (enum lane)i);
		if (!part->size) {
			p->settled[i] = true;
			continue;
		}
		/* entries overwritten before the save are not in it */
		if (last_of(part) > part->size)
			p->over[i] = last_of(part) - part->size;
		if (part->stopped || part->epoch != l->ring[i].epoch)
			settle(l, p, (enum lane)i, true);
		else if (!part->count && part->lap >= part->first)
			p->settled[i] = true;
	}
	drop_settled(l);
}

bool save_schedule_verdict(struct save_schedule *l, struct lap_verdict *v)
{
	if (!l->n_verdicts)
		return false;
	*v = l->verdicts[0];
	memmove(l->verdicts, l->verdicts + 1, --l->n_verdicts * sizeof(*l->verdicts));
	return true;
}

void save_schedule_finish(struct save_schedule *l, uint64_t pos)
{
	for (unsigned int i = 0; i < l->n_checks; i++) {
		struct save_check *p = &l->checks[i];

		count_owed(l, p);
		for (int k = 0; k < LANES; k++)
			settle(l, p, (enum lane)k, pos < p->horizon);
	}
	drop_settled(l);
}
