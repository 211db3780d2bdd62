/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workbench of effects: two queues for each codec, one for what goes through
 * a window (coefficients, a vendor's own), one for the widgets' own verbs.  A
 * rule puts what a verb does at the end of a queue (fx_push), and folds the last
 * few into one when they belong together (fx_fold).  What leaves a queue at its
 * other end is final.
 *
 * There are two because drivers have threads: a jack is polled or a converter
 * set up between the select of a coefficient and its write.  Such a run stays
 * open while others pass; anything else is finished when the other queue goes on.
 *
 * Private to the codec room.
 */
#ifndef HDADUMP_CODEC_EFFECT_EFFECT_QUEUE_H
#define HDADUMP_CODEC_EFFECT_EFFECT_QUEUE_H

#include "codec/effect/effect.h"
#include "codec/effect/eld.h"
#include "codec/effect/infoframe.h"
#include "codec/shadow.h"

/* The longest run that a rule looks back on. */
#define FX_QUEUE 16

/* What the queue's contents have in common; another group empties it. */
enum fx_group {
	FX_NONE,
	FX_COEF,	/* coefficients of one NID */
	FX_READ,	/* standard gets */
	FX_SET,		/* standard sets */
	FX_VENDOR,	/* a vendor's own */
};

struct fx_lane {
	struct effect q[FX_QUEUE];
	unsigned int n;
	uint8_t group;		/* enum fx_group */
	uint8_t group_nid;
};

struct fx {
	struct effects *all;
	const struct shadow *shadow;
	const struct vendor *vendor;	/* that `state` belongs to */
	void *state;			/* of vendor->state_size bytes, zero at first */
	struct fx_lane windows, widgets;
	struct fx_lane *lane;	/* the one in use */
	unsigned int held;	/* verbs since the windows' lane was left open */
	uint16_t ctrl;
	uint8_t cad;
	uint8_t eld_slot;
	struct eld eld[2];	/* two: one is being read while the other is looked at */
	uint8_t frame_slot;
	struct infoframe frame[2];
};

/* Starts or goes on with a group; what is in the queue from another one leaves it. */
void fx_group(struct fx *fx, enum fx_group group, uint8_t nid);
/* A new effect at the end of the queue, standing for this one verb. */
struct effect *fx_push(struct fx *fx, const struct xact *x, const struct decoded *d,
		       enum effect_kind kind, enum effect_space space);
/* The last @n effects become one: the last, standing for the verbs of all. */
struct effect *fx_fold(struct fx *fx, unsigned int n);
/* The same, but what they become is the first of them. */
struct effect *fx_fold_first(struct fx *fx, unsigned int n);
/* Takes @from out of the queue; its verbs are counted to the one after it. */
void fx_absorb(struct fx *fx, unsigned int from_end);
/* @to stands for the verbs of @e, which came before it, as well. */
void fx_count_before(struct effect *to, const struct effect *e);
/* Everything in the queue in use is final. */
void fx_flush(struct fx *fx);
/* Another xact passes: everything is final but an open run in a window. */
void fx_yield(struct fx *fx);

/* The @i-th effect from the end, 0 the last; NULL when there are fewer. */
static inline struct effect *fx_tail(struct fx *fx, unsigned int i)
{
	return i < fx->lane->n ? &fx->lane->q[fx->lane->n - 1 - i] : NULL;
}

static inline bool effect_is_write(const struct effect *e)
{
	return e->kind == EFFECT_WRITE || e->kind == EFFECT_UPDATE;
}

static inline bool effect_same_register(const struct effect *a, const struct effect *b)
{
	return a->space == b->space && a->nid == b->nid && a->addr == b->addr &&
	       a->unit == b->unit && a->has_unit == b->has_unit;
}

/* The rules for standard verbs; true when the xact is dealt with. */
bool fx_standard(struct fx *fx, const struct xact *x, const struct decoded *d);
/* The rules for coefficients, then those of the vendor. */
bool fx_coef(struct fx *fx, const struct xact *x, const struct decoded *d);
/* The rules for accesses to a BAR that is not the controller's. */
void fx_bar(struct fx *fx, const struct xact *x, const struct decoded *d);
bool fx_hdmi(struct fx *fx, const struct xact *x, const struct decoded *d);

/* A read folds with the same read before it: a poll. */
bool fx_fold_poll(struct fx *fx);
/* A write folds with the read of the same register before it: an update. */
bool fx_fold_update(struct fx *fx);
/* A write folds with the same write before it: a retry. */
bool fx_fold_retry(struct fx *fx);

#endif
