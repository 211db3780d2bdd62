/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How events are stored in a block: one byte each, and the few fields that changed.
 *
 * A driver repeats the same few accesses. The first event of a kind and place defines a
 * *shape*; the following ones name the shape and store only the difference. A block begins
 * without shapes, so each block can be read alone. docs/capture-format.md describes every
 * byte.
 */
#ifndef HDADUMP_STORE_PACK_H
#define HDADUMP_STORE_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/reader.h"
#include "event/event.h"

#define PACK_MAX_SHAPES 64
#define PACK_MAX_EVENTS UINT16_MAX

/* The head before the events; little-endian. */
#define PACK_MAGIC "HDA1"
#define PACK_AT_CTRL 4		/* 16 bits */
#define PACK_AT_COUNT 6		/* 16 bits */
#define PACK_AT_SEQUENCE 8	/* 64 bits: number of events in the section before this block */
/* 64 bits: time from which the first time is counted, or EVENT_TIME_NONE */
#define PACK_AT_TIME 16
#define PACK_HEAD 24
/* After them: CRC-32 of everything before it. */
#define PACK_TAIL 4

struct pack_shape {
	struct event ev;	/* the last event of this shape, without time and data */
	uint64_t before;	/* value of the moving field before that */
	uint32_t step;		/* how far it moves in the next event */
	uint8_t moves;
	uint8_t field;		/* offset in ev of the moving field, or of the first one */
	bool usual;		/* unpacking: at most one field moves, and the kind is known */
	uint8_t then;		/* packing: the shape that followed it last time */
};

/* The state for one block, the same for packing and unpacking. */
struct pack {
	struct pack_shape shapes[PACK_MAX_SHAPES];
	unsigned int n;
	unsigned int last;	/* packing: the last shape used */
	int64_t time;		/* time of the last event */
	int64_t known;		/* the last time other than EVENT_TIME_NONE */
	uint16_t ctrl;		/* unpacking: controller of the next events */
};

/* Begins a block with an event at this time; appends its head without count and sequence. */
void pack_begin(struct pack *p, struct buf *out, uint16_t ctrl, int64_t time);
/* Appends one event; false, and nothing is appended, if the block has no room for its shape. */
bool pack_event(struct pack *p, struct buf *out, const struct event *ev);
/* Completes a block. */
void pack_end(struct buf *out, uint16_t count, uint64_t sequence);

struct pack_head {
	uint64_t sequence;
	uint16_t ctrl;
	uint16_t count;
};

/* True if these bytes are a whole block of events; *in is then set to the events. */
bool unpack_begin(struct pack *p, const uint8_t *data, size_t len, struct pack_head *head,
		  struct reader *in);
/* Sets the controller of the following events, at first 0. */
void unpack_ctrl(struct pack *p, uint16_t ctrl);
/* The next event, its data in place; false if the bytes are not valid. */
bool unpack_event(struct pack *p, struct reader *in, struct event *ev);
/*
 * The next @n events; returns how many. Fewer if the bytes are not valid (*senseless is then
 * set), and it stops after an event that is more than an observation: EV_CONTROLLER, or an
 * unknown kind.
 */
size_t unpack_run(struct pack *p, struct reader *in, struct event *ev, size_t n, bool *senseless);

#endif
