/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workbench of effects: two queues for each codec, one for what goes through
 * a window (coefficients, a vendor's own), one for the widgets' own verbs.  A
 * rule puts what a verb does at the end of a queue (effect_queue_push), and folds the last
 * few into one when they belong together (effect_queue_fold).  What leaves a queue at its
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
enum effect_queue_group {
	FX_NONE,
	FX_COEF,	/* coefficients of one NID */
	FX_READ,	/* standard gets */
	FX_SET,		/* standard sets */
	FX_VENDOR,	/* a vendor's own */
};

struct effect_lane {
	struct effect q[FX_QUEUE];
	unsigned int n;
	uint8_t group;		/* enum effect_queue_group */
	uint8_t group_nid;
};

struct effect_queue {
	struct effects *all;
	const struct shadow *shadow;
	const struct vendor *vendor;	/* that `state` belongs to */
	void *state;			/* of vendor->state_size bytes, zero at first */
	struct effect_lane windows, widgets;
	struct effect_lane *lane;	/* the one in use */
	unsigned int held;	/* verbs since the windows' lane was left open */
	uint16_t ctrl;
	uint8_t cad;
	uint8_t eld_slot;
	struct eld eld[2];	/* two: one is being read while the other is looked at */
	uint8_t frame_slot;
	struct infoframe frame[2];
};

/* Starts or goes on with a group; what is in the queue from another one leaves it. */
void effect_queue_group(struct effect_queue *fx, enum effect_queue_group group, uint8_t nid);
/* A new effect at the end of the queue, standing for this one verb. */
struct effect *effect_queue_push(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
		       enum effect_kind kind, enum effect_space space);
/* The last @n effects become one: the last, standing for the verbs of all. */
struct effect *effect_queue_fold(struct effect_queue *fx, unsigned int n);
/* The same, but what they become is the first of them. */
struct effect *effect_queue_fold_first(struct effect_queue *fx, unsigned int n);
/* Takes @from out of the queue; its verbs are counted to the one after it. */
void effect_queue_absorb(struct effect_queue *fx, unsigned int from_end);
/* @to stands for the verbs of @e, which came before it, as well. */
void effect_queue_count_before(struct effect *to, const struct effect *e);
/* Everything in the queue in use is final. */
void effect_queue_flush(struct effect_queue *fx);
/* Another xact passes: everything is final but an open run in a window. */
void effect_queue_yield(struct effect_queue *fx);

/* The @i-th effect from the end, 0 the last; NULL when there are fewer. */
static inline struct effect *effect_queue_tail(struct effect_queue *fx, unsigned int i)
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
bool effect_queue_standard(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
/* The rules for coefficients, then those of the vendor. */
bool effect_queue_coef(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
/* The rules for accesses to a BAR that is not the controller's. */
void effect_queue_bar(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
bool effect_queue_hdmi(struct effect_queue *fx, const struct xact *x, const struct decoded *d);

/*
 * The window's last effect may be a select that nothing followed: where a filter left out
 * the reads, it was for one.  The rules take it for that read, whose answer nobody knows.
 */
void effect_queue_settle_select(struct effect_queue *fx);
/* A read folds with the same read before it: a poll. */
bool effect_queue_fold_poll(struct effect_queue *fx);
/* A write folds with the read of the same register before it: an update. */
bool effect_queue_fold_update(struct effect_queue *fx);
/* A write folds with the same write before it: a retry. */
bool effect_queue_fold_retry(struct effect_queue *fx);

#endif
