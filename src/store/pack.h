/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How events lie in a block: each as one byte and the little that changed.
 *
 * A driver does the same few things over and over: reads this register, writes
 * that one.  The first event of a kind and place defines a *shape*; those that
 * follow name it and give only their difference.  A block begins with no
 * shapes, so each can be read alone.  docs/capture-format.md has every byte.
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

/* Before the events; little-endian. */
#define PACK_MAGIC "HDA1"
#define PACK_AT_CTRL 4		/* 16 bits */
#define PACK_AT_COUNT 6		/* 16 bits */
#define PACK_AT_SEQUENCE 8	/* 64 bits: events of the section before this block */
#define PACK_AT_TIME 16		/* 64 bits: where times start from, or EVENT_TIME_NONE */
#define PACK_HEAD 24
/* After them: CRC-32 of all before it. */
#define PACK_TAIL 4

struct pack_shape {
	struct event ev;	/* the last event of this shape, without time and data */
	uint64_t before;	/* what the field that moves was before that */
	uint32_t step;		/* how far it moves when it goes on */
	uint8_t moves;
	uint8_t field;		/* where in ev the field is that moves, or the first that does */
	bool usual;		/* unpacking: one field moves at most, and the kind is known */
	uint8_t then;		/* packing: the shape that followed it last time */
};

/* One block's state, the same for packing and unpacking. */
struct pack {
	struct pack_shape shapes[PACK_MAX_SHAPES];
	unsigned int n;
	unsigned int last;	/* packing: the shape used last */
	int64_t time;		/* of the last event */
	int64_t known;		/* the last time that was one */
	uint16_t ctrl;		/* unpacking: of the events that come */
};

/* Begins a block with an event of this time; appends its head but for count and sequence. */
void pack_begin(struct pack *p, struct buf *out, uint16_t ctrl, int64_t time);
/* Appends one event; false, and nothing is appended, when the block has no room for its shape. */
bool pack_event(struct pack *p, struct buf *out, const struct event *ev);
/* Completes a block. */
void pack_end(struct buf *out, uint16_t count, uint64_t sequence);

struct pack_head {
	uint64_t sequence;
	uint16_t ctrl;
	uint16_t count;
};

/* Whether these bytes are a whole block of events; *in is then set to them. */
bool unpack_begin(struct pack *p, const uint8_t *data, size_t len, struct pack_head *head,
		  struct reader *in);
/* Whose the events are that follow: what their ctrl is set to, at first 0. */
void unpack_ctrl(struct pack *p, uint16_t ctrl);
/* The next event, its data in place; false when the bytes make no sense. */
bool unpack_event(struct pack *p, struct reader *in, struct event *ev);
/*
 * The next @n events, and how many they are: fewer where
 * the bytes make no sense (*senseless is then set), and after an event that says
 * more than what was seen: EV_CONTROLLER, or of a kind that is not known.
 */
size_t unpack_run(struct pack *p, struct reader *in, struct event *ev, size_t n, bool *senseless);

#endif
