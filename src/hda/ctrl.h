/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One controller inside the model: its registers as the guest's accesses show them, its two
 * rings, the immediate command interface, and the unfinished xacts. Private to hda/.
 *
 * How the contents of a slot are proven: guest memory is read a little later than the guest
 * announced the words. A word can only have been overwritten by then if the guest has
 * announced its slot again, at the latest with the first announcement after the horizon
 * (words may be in the ring before they are announced, hence one more). So a word stays
 * PART_OPEN until that announcement has passed without its slot.
 */
#ifndef HDADUMP_HDA_CTRL_H
#define HDADUMP_HDA_CTRL_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"
#include "hda/hda.h"
#include "hda/queue.h"
#include "hda/reg_file.h"

#define RING_MAX 256
#define PAIR_BROADCAST 15	/* verbs to this address are not answered */
#define CODECS 16

enum ring_id { RING_CORB, RING_RIRB, RINGS };

struct ring {
	enum ring_id id;
	uint64_t base;
	uint16_t size;		/* entries: 2, 16 or 256 */
	/*
	 * size that the guest has written or read since, used from the next start on; 0 =
	 * none
	 */
	uint16_t asked;
	/* SZCAP as read by the guest: bit 0 = 2 entries, bit 1 = 16, bit 2 = 256; 0 = unknown */
	uint8_t sizes;
	/* CORB: slot of the last word taken; RIRB: slot of the last response seen */
	uint16_t pos;
	bool base_known;
	bool pos_known;
	bool running;
	bool asked_running;	/* the size was changed while the ring ran */
	bool told_no_base;	/* reported that words come without a base */
	uint64_t owner[RING_MAX];/* id + 1 of the item whose part is in the slot; 0 = none */
	struct idlist open;	/* items with a part in PART_OPEN, oldest first */
	uint64_t past;		/* of those, the ones before this index are before the horizon */
	struct idlist reads;	/* for each EV_MEM without a horizon yet: open.tail after it */
};

/* A read of guest memory that the model needs. */
struct mem_request {
	enum ring_id ring;
	struct mem_range range;
	int64_t time;		/* time of the announcement */
	uint64_t item;		/* CORB: id of the first word's item */
	uint16_t slot;
	uint16_t count;
};

struct wants {
	struct mem_request *list;
	size_t cap, head, asked, tail;
};

struct ctrl {
	uint16_t id;
	bool nomem;
	bool show_registers;	/* give out every access to BAR 0 too */
	bool memory_follows;	/* no memory is requested: the events already contain its record */
	bool in_reset;
	struct reg_file regs;
	struct ring ring[RINGS];
	struct wants wants;
	struct queue queue;
	size_t text_bytes;	/* of all items in the queue */
	bool told_full;		/* reported that too many items waited */
	uint64_t next_index;
	/* pairing, pair.c */
	struct idlist fifo[CODECS];	/* verbs without a response, by codec address */
	/* a response is missing: the following ones may be off by one */
	bool doubt[CODECS];
	uint32_t outstanding;		/* sum of the lists */
	/* verbs announced and not readable, whose responses may still come */
	uint32_t lost_verbs;
	uint16_t codecs;		/* bit n: verbs went to codec n */
	/* immediate commands, immediate.c */
	uint64_t icmd_item;		/* id + 1 of the unfinished command; 0 = none */
	bool icmd_valid;		/* the guest has read IRV = 1 since it was sent */
	bool icmd_have;			/* the guest has read ICII since it was sent */
	uint32_t icmd_read;
	char *last_reason;		/* the last reason reported why memory could not be read */
};

static inline uint8_t *item_part(struct queue_item *it, enum ring_id ring)
{
	return ring == RING_CORB ? &it->word : &it->answer;
}

/* ctrl.c */
void ctrl_init(struct ctrl *c, uint16_t id);
void ctrl_deinit(struct ctrl *c);
/* False if there is no result: no memory needed, no finished xact. */
bool ctrl_feed(struct ctrl *c, const struct event *ev);
/* The next finished xact; its text (which may be NULL) belongs to the caller. */
bool ctrl_next(struct ctrl *c, struct xact *x, char **text);
void ctrl_finish(struct ctrl *c);
/* Another recording begins: unfinished xacts end, and nothing is known any more. */
void ctrl_part(struct ctrl *c);
struct queue_item *ctrl_push(struct ctrl *c, enum xact_kind kind, uint64_t *id);
void ctrl_say(struct ctrl *c, enum xact_kind kind, uint64_t count, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* quiet.c */
/* True if the model can learn from a read of BAR 0. */
bool ctrl_read_matters(const struct ctrl *c, const struct event *ev);
/*
 * Takes events as ctrl_feed() does, and returns how many: up to one that has a result or
 * names the controller; never an event of another controller, nor an EV_PART, which is for
 * all.
 */
size_t ctrl_feed_run(struct ctrl *c, const struct event *ev, size_t n, bool *came);

/* ring.c */
void ring_init(struct ring *r, enum ring_id id);
/* The part of @it, whose id is @id, was read from @slot and is not proven yet. */
void ring_open(struct ctrl *c, struct ring *r, uint16_t slot, struct queue_item *it, uint64_t id);
/* @slot gets new contents: an unproven part in it becomes suspect. */
void ring_claim(struct ctrl *c, struct ring *r, uint16_t slot);
void ring_close_before(struct ctrl *c, struct ring *r, uint64_t index);
/* What was read before the horizon is proven. */
static inline void ring_close_past(struct ctrl *c, struct ring *r)
{
	if (r->open.head < r->past)
		ring_close_before(c, r, r->past);
}
/* The ring will be used now: the size that was set is valid from here on. */
void ring_take_size(struct ctrl *c, struct ring *r);
/* The reads of memory are complete, except the last @later ones. */
void ring_horizon(struct ctrl *c, uint64_t later);
/* The ring stops or moves: its memory may be used for something else from here on. */
void ring_teardown(struct ctrl *c, struct ring *r);
/* Accesses are missing here: an announcement that the proof waits for may be among them. */
void ring_gap(struct ctrl *c, struct ring *r);
/* After the last event: what is before the horizon is proven. */
void ring_finish(struct ctrl *c, struct ring *r);
/* As before the first access. */
void ring_forget(struct ring *r);
/* Requests @count entries of @width bytes after @slot-1, in one or two ranges. */
void ring_want(struct ctrl *c, struct ring *r, uint16_t slot, uint16_t count, uint64_t item,
	       int64_t time);
void ring_memory(struct ctrl *c, const struct event *ev);
bool ring_next_want(struct ctrl *c, struct mem_range *range);
static inline bool ring_wants(const struct ctrl *c)
{
	return c->wants.asked != c->wants.tail && !c->memory_follows;
}

/* Memory is wanted, or a xact is finished. */
static inline bool ctrl_is_stirred(struct ctrl *c)
{
	return ring_wants(c) || queue_is_done(queue_first(&c->queue));
}

/* corb.c */
void corb_announce(struct ctrl *c, uint16_t wp, const struct event *ev);
void corb_memory(struct ctrl *c, const struct mem_request *w, const struct event *ev);
void corb_word(struct ctrl *c, const struct event *ev);

/* rirb.c */
void rirb_observe(struct ctrl *c, uint16_t wp, const struct event *ev);
void rirb_memory(struct ctrl *c, const struct mem_request *w, const struct event *ev);
/* True if no response that was read waits for an event after its horizon. */
static inline bool rirb_is_settled(const struct ctrl *c)
{
	return c->ring[RING_RIRB].open.head >= c->ring[RING_RIRB].past;
}
void rirb_settle(struct ctrl *c);
void rirb_pair(struct ctrl *c, const struct event *ev);

/* pair.c */
void pair_verb(struct ctrl *c, struct queue_item *it, uint64_t id);
/* Gives the response to its verb; returns that verb's item. */
struct queue_item *pair_response(struct ctrl *c, uint32_t resp, uint32_t ex, int64_t time, uint64_t *id);
/* All unfinished verbs stay without an answer. */
void pair_flush(struct ctrl *c);
void pair_doubt(struct ctrl *c);
/* @n verbs were sent here, and nothing else is known about them. */
void pair_lost_verbs(struct ctrl *c, uint64_t n, const struct event *ev);
/* @n responses came here; returns how many do not belong to lost verbs. */
uint64_t pair_lost_responses(struct ctrl *c, uint64_t n);
/* Stops waiting for the answer to @it, the oldest verb without an answer. */
void pair_give_up(struct ctrl *c, struct queue_item *it);
/* Gives up the verbs that have waited too long, or are too many. */
void pair_expire(struct ctrl *c, int64_t now);

/* bounds.c */
/*
 * The most items that may wait in a controller: the entries of two rings with their answers,
 * and remarks between them. More can wait only if a guest or a file keeps the oldest from
 * being finished.
 */
#define WAITING_MAX 8192
#define WAITING_TEXT_MAX (1u << 20)
/*
 * Finishes the older half of the waiting items in their present state: unproven ones become
 * suspect, unread ones lost.
 */
void ctrl_relieve(struct ctrl *c);
static inline bool ctrl_is_full(const struct ctrl *c)
{
	return queue_len(&c->queue) > WAITING_MAX || c->text_bytes > WAITING_TEXT_MAX;
}

/* immediate.c */
void immediate_write(struct ctrl *c, const struct event *ev);
void immediate_read(struct ctrl *c, const struct event *ev);
void immediate_end(struct ctrl *c);

#endif
