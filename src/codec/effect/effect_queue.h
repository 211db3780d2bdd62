/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queues in which effects are made: two for each codec, one for verbs that go through a
 * window (coefficients, a vendor's own), one for the widgets' own verbs. A rule appends the
 * effect of a verb to a queue (effect_queue_push), and folds the last few into one when they
 * belong together (effect_queue_fold). An effect that leaves the queue at its front is final.
 *
 * There are two because drivers have threads: a driver may poll a jack or set up a converter
 * between the select of a coefficient and its write. Such a sequence stays open while other
 * verbs pass; in all other cases an effect of one queue makes the other queue final.
 *
 * Private to the codec room.
 */
#ifndef HDADUMP_CODEC_EFFECT_EFFECT_QUEUE_H
#define HDADUMP_CODEC_EFFECT_EFFECT_QUEUE_H

#include "codec/effect/effect.h"
#include "codec/effect/eld.h"
#include "codec/effect/infoframe.h"
#include "codec/shadow.h"

/* The most effects that a rule can look back on. */
#define FX_QUEUE 16

/* The kind of effects in the queue; an effect of another kind makes the queue final. */
enum effect_queue_group {
	FX_NONE,
	FX_COEF,	/* coefficients of one NID */
	FX_READ,	/* standard gets */
	FX_SET,		/* standard sets */
	FX_VENDOR,	/* a vendor's own verbs */
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
	const struct vendor *vendor;	/* the vendor whose state this is */
	void *state;			/* vendor->state_size bytes, zero at first */
	struct effect_lane windows, widgets;
	struct effect_lane *lane;	/* the queue in use */
	unsigned int held;	/* verbs since the windows' queue was left open */
	uint16_t ctrl;
	uint8_t cad;
	uint8_t eld_slot;
	/* two: one is being read while an effect still points to the other */
	struct eld eld[2];
	uint8_t frame_slot;
	struct infoframe frame[2];
};

/* Begins or continues a group; effects of another group in the queue become final. */
void effect_queue_group(struct effect_queue *fx, enum effect_queue_group group, uint8_t nid);
/* Appends a new effect for this verb to the queue. */
struct effect *effect_queue_push(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
		       enum effect_kind kind, enum effect_space space);
/* Folds the last @n effects into the last one, which then counts the verbs of all. */
struct effect *effect_queue_fold(struct effect_queue *fx, unsigned int n);
/* The same, into the first of them. */
struct effect *effect_queue_fold_first(struct effect_queue *fx, unsigned int n);
/* Removes @from from the queue; its verbs are counted to the effect after it. */
void effect_queue_absorb(struct effect_queue *fx, unsigned int from_end);
/* Adds the verbs of @e, which came before @to, to those of @to. */
void effect_queue_count_before(struct effect *to, const struct effect *e);
/* Makes everything in the queue in use final. */
void effect_queue_flush(struct effect_queue *fx);
/* Before another xact: makes everything final except an unfinished sequence in a window. */
void effect_queue_yield(struct effect_queue *fx);

/* The @i-th effect from the end, 0 is the last; NULL if there are fewer. */
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

/* The rules for standard verbs; true if one of them has handled the xact. */
bool effect_queue_standard(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
/* The rules for coefficients, then the vendor's rules for them. */
bool effect_queue_coef(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
/* The rules for accesses to a BAR that is not the controller's. */
void effect_queue_bar(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
bool effect_queue_hdmi(struct effect_queue *fx, const struct xact *x, const struct decoded *d);

/*
 * The windows' last effect may be a select without an access: then a filter left out the read
 * that it was for. Turns it into that read, with an unknown answer.
 */
void effect_queue_settle_select(struct effect_queue *fx);
/* Folds a read with the same read before it: a poll. */
bool effect_queue_fold_poll(struct effect_queue *fx);
/* Folds a write with the read of the same register before it: an update. */
bool effect_queue_fold_update(struct effect_queue *fx);
/* Folds a write with the same write before it: a retry. */
bool effect_queue_fold_retry(struct effect_queue *fx);

#endif
