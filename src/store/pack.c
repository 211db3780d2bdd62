// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/pack.h"

#include <zlib.h>
#include <string.h>

#include "base/bits.h"

/* The bits of an event's first byte. */
#define OP_TIME 0x80		/* its time differs from that of the event before it */
#define OP_HOW_SHIFT 4
#define OP_SHAPE 0x0f		/* number of the shape; 15: more of the number follows */

/* How the moving field is computed from the shape's last value. */
enum how {
	HOW_SAME,
	HOW_NEXT,	/* value + 1; for an address, the end of the last event's data */
	HOW_BACK,	/* the value before its last change */
	HOW_DELTA,	/* a zigzag difference follows */
	HOW_NEW,	/* a new shape: its definition follows */
};

#define MOVES_VALUE 1
#define MOVES_ADDR 2

/* A packed time: 0 = none; odd = a difference in us; 2 mod 4 = one in ns; 4 = a full time. */
#define TIME_NONE 0
#define TIME_FULL 4

/* The fields that differ between events of one kind; the others are part of the shape. */
static uint8_t moves_of(uint8_t kind)
{
	switch (kind) {
	case EV_MMIO_READ:
	case EV_MMIO_WRITE:
	case EV_HORIZON:
		return MOVES_VALUE;
	case EV_MEM:
	case EV_NOMEM:
		return MOVES_ADDR;
	case EV_CORB_WORD:
	case EV_RIRB_PAIR:
		return MOVES_ADDR | MOVES_VALUE;
	default:
		return 0;
	}
}

static uint64_t zigzag(uint64_t delta)
{
	return delta << 1 ^ (delta >> 63 ? ~0ull : 0);
}

static uint64_t unzigzag(uint64_t z)
{
	return z >> 1 ^ (z & 1 ? ~0ull : 0);
}

static uint8_t *put_varint(uint8_t *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	*p++ = (uint8_t)v;
	return p;
}

static void begin(struct pack *p, int64_t time)
{
	p->n = p->last = 0;
	p->ctrl = 0;
	p->time = time;
	p->known = time == EVENT_TIME_NONE ? 0 : time;
}

/* The moving field of a shape: the address if that moves, otherwise the value. */
static inline uint64_t *moving(struct pack_shape *s)
{
	return (uint64_t *)((char *)&s->ev + s->field);
}

/* Sets the fields that depend on a shape's definition. */
static void define(struct pack_shape *s)
{
	s->field = s->moves & MOVES_ADDR ? offsetof(struct event, addr) :
					   offsetof(struct event, value);
	s->before = *moving(s);
	s->step = s->moves & MOVES_ADDR && s->ev.len ? s->ev.len : 1;
	s->usual = s->moves != (MOVES_ADDR | MOVES_VALUE) && s->ev.kind > EV_CONTROLLER &&
		   s->ev.kind < EV_KINDS;
}

static void move(struct pack_shape *s, uint64_t to)
{
	uint64_t *field = moving(s);

	if (*field != to) {
		s->before = *field;
		*field = to;
	}
}

/* --- packing ------------------------------------------------------------ */

void pack_begin(struct pack *p, struct buf *out, uint16_t ctrl, int64_t time)
{
	uint8_t head[PACK_HEAD] = PACK_MAGIC;

	begin(p, time);
	store_le16(head + PACK_AT_CTRL, ctrl);
	store_le64(head + PACK_AT_TIME, (uint64_t)time);
	buf_add(out, head, sizeof(head));
}

void pack_end(struct buf *out, uint16_t count, uint64_t sequence)
{
	uint8_t crc[PACK_TAIL];

	if (out->failed)
		return;
	store_le16(out->data + PACK_AT_COUNT, count);
	store_le64(out->data + PACK_AT_SEQUENCE, sequence);
	store_le32(crc, (uint32_t)crc32(0, out->data, (uInt)out->len));
	buf_add(out, crc, sizeof(crc));
}

static bool is_shape(const struct pack_shape *s, const struct event *ev)
{
	const struct event *last = &s->ev;

	return last->kind == ev->kind && last->bar == ev->bar && last->width == ev->width &&
	       last->origin == ev->origin && last->len == ev->len &&
	       (s->moves & MOVES_ADDR || last->addr == ev->addr) &&
	       (s->moves & MOVES_VALUE || last->value == ev->value);
}

/* The number of the event's shape; p->n if it has none yet. */
static unsigned int find_shape(struct pack *p, const struct event *ev)
{
	unsigned int i;

	if (!p->n)
		return 0;
	i = p->shapes[p->last].then;
	if (i < p->n && is_shape(&p->shapes[i], ev))
		return i;
	for (i = 0; i < p->n && !is_shape(&p->shapes[i], ev); i++)
		;
	return i;
}

static uint8_t *put_time(struct pack *p, uint8_t *at, int64_t time)
{
	p->time = time;
	if (time == EVENT_TIME_NONE)
		return put_varint(at, TIME_NONE);

	uint64_t delta = (uint64_t)time - (uint64_t)p->known;
	int64_t ns = (int64_t)delta;

	p->known = time;
	if (ns % 1000 == 0)
		return put_varint(at, zigzag((uint64_t)(ns / 1000)) << 1 | 1);
	if (ns > -(1ll << 60) && ns < 1ll << 60)
		return put_varint(at, zigzag(delta) << 2 | 2);
	at = put_varint(at, TIME_FULL);
	store_le64(at, (uint64_t)time);
	return at + 8;
}

static uint8_t *put_shape(struct pack *p, uint8_t *at, const struct event *ev)
{
	struct pack_shape *s = &p->shapes[p->n++];

	*s = (struct pack_shape){
		.ev = {
			.addr = ev->addr, .value = ev->value, .len = ev->len, .kind = ev->kind,
			.bar = ev->bar, .width = ev->width, .origin = ev->origin,
		},
		.moves = moves_of(ev->kind),
	};
	define(s);
	*at++ = ev->kind;
	*at++ = ev->bar;
	*at++ = ev->width;
	*at++ = ev->origin;
	*at++ = s->moves;
	at = put_varint(at, ev->addr);
	at = put_varint(at, ev->value);
	return put_varint(at, ev->len);
}

bool pack_event(struct pack *p, struct buf *out, const struct event *ev)
{
	unsigned int i = find_shape(p, ev);

	if (i == PACK_MAX_SHAPES)
		return false;
	/* op, number, full time, definition: each varint has at most 10 bytes */
	uint8_t *start = buf_reserve(out, 96 + ev->len), *at = start;
	if (!start)
		return true;	/* the buffer remembers the failure */

	struct pack_shape *s = &p->shapes[i];
	bool is_new = i == p->n, timed = ev->time != p->time;
	enum how how = HOW_NEW;
	uint64_t to = 0, delta = 0;

	if (!is_new) {
		to = s->moves & MOVES_ADDR ? ev->addr : ev->value;
		delta = to - *moving(s);
		how = !delta ? HOW_SAME : delta == s->step ? HOW_NEXT :
		      to == s->before ? HOW_BACK : HOW_DELTA;
	}
	unsigned int number = is_new ? 0 : i;

	*at++ = (uint8_t)((timed ? OP_TIME : 0) | how << OP_HOW_SHIFT |
			  (number < OP_SHAPE ? number : OP_SHAPE));
	if (number >= OP_SHAPE)
		at = put_varint(at, number - OP_SHAPE);
	if (timed)
		at = put_time(p, at, ev->time);
	if (is_new) {
		at = put_shape(p, at, ev);
	} else {
		if (how == HOW_DELTA)
			at = put_varint(at, zigzag(delta));
		move(s, to);
		if (s->moves == (MOVES_ADDR | MOVES_VALUE)) {
			at = put_varint(at, zigzag(ev->value - s->ev.value));
			s->ev.value = ev->value;
		}
	}
	if (ev->len)
		memcpy(at, ev->data, ev->len);
	at += ev->len;
	out->len += (size_t)(at - start);
	p->shapes[p->last].then = (uint8_t)i;
	p->last = i;
	return true;
}

/* --- unpacking ---------------------------------------------------------- */

bool unpack_begin(struct pack *p, const uint8_t *data, size_t len, struct pack_head *head,
		  struct reader *in)
{
	if (len < PACK_HEAD + PACK_TAIL || memcmp(data, PACK_MAGIC, strlen(PACK_MAGIC)) != 0)
		return false;
	size_t end = len - PACK_TAIL;

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
	if (load_le32(data + end) != (uint32_t)crc32(0, data, (uInt)end))
		return false;
#endif
	head->ctrl = load_le16(data + PACK_AT_CTRL);
	head->count = load_le16(data + PACK_AT_COUNT);
	head->sequence = load_le64(data + PACK_AT_SEQUENCE);
	begin(p, (int64_t)load_le64(data + PACK_AT_TIME));
	*in = reader_make(data + PACK_HEAD, end - PACK_HEAD);
	return true;
}

void unpack_ctrl(struct pack *p, uint16_t ctrl)
{
	p->ctrl = ctrl;
	for (unsigned int i = 0; i < p->n; i++)
		p->shapes[i].ev.ctrl = ctrl;
}

static bool get_time(struct pack *p, struct reader *in)
{
	uint64_t t = reader_varint(in);

	if (t == TIME_NONE) {
		p->time = EVENT_TIME_NONE;
		return true;
	}
	if (t == TIME_FULL)
		p->known = (int64_t)reader_u64(in);
	else if (t & 1)
		p->known = (int64_t)((uint64_t)p->known + unzigzag(t >> 1) * 1000);
	else if (t & 2)
		p->known = (int64_t)((uint64_t)p->known + unzigzag(t >> 2));
	else
		return false;
	p->time = p->known;
	return true;
}

static bool get_shape(struct pack *p, struct reader *in)
{
	struct pack_shape *s = &p->shapes[p->n];

	if (p->n == PACK_MAX_SHAPES)
		return false;
	*s = (struct pack_shape){ .ev = { .kind = reader_u8(in) } };
	s->ev.bar = reader_u8(in);
	s->ev.width = reader_u8(in);
	s->ev.origin = reader_u8(in);
	s->moves = reader_u8(in);
	s->ev.addr = reader_varint(in);
	s->ev.value = reader_varint(in);
	uint64_t len = reader_varint(in);

	if (in->failed || len > EVENT_MAX_DATA || s->moves > (MOVES_ADDR | MOVES_VALUE))
		return false;
	s->ev.len = (uint32_t)len;
	s->ev.ctrl = p->ctrl;
	define(s);
	p->n++;
	return true;
}

static bool get_move(struct pack_shape *s, enum how how, struct reader *in)
{
	uint64_t to = *moving(s);

	if (how == HOW_NEXT)
		to += s->step;
	else if (how == HOW_BACK)
		to = s->before;
	else if (how == HOW_DELTA)
		to += unzigzag(reader_varint(in));
	if (!s->moves && how != HOW_SAME)
		return false;
	move(s, to);
	if (s->moves == (MOVES_ADDR | MOVES_VALUE))
		s->ev.value += unzigzag(reader_varint(in));
	return true;
}

bool unpack_event(struct pack *p, struct reader *in, struct event *ev)
{
	uint8_t op = reader_u8(in);
	enum how how = (enum how)(op >> OP_HOW_SHIFT & 7);
	uint64_t i = op & OP_SHAPE;

	if (how > HOW_NEW)
		return false;
	if (i == OP_SHAPE)
		i += reader_varint(in);
	if (op & OP_TIME && !get_time(p, in))
		return false;
	if (how == HOW_NEW) {
		i = p->n;
		if (!get_shape(p, in))
			return false;
	} else if (i >= p->n || !get_move(&p->shapes[i], how, in)) {
		return false;
	}
	const struct pack_shape *s = &p->shapes[i];

	*ev = s->ev;
	ev->time = p->time;
	ev->data = ev->len ? reader_bytes(in, ev->len) : NULL;
	return !in->failed;
}

/* --- unpacking, fast path ------------------------------------------------ */

/* Op, number, time and difference, each a varint of at most 10 bytes. */
#define USUAL_BYTES 31

/* Reads a varint of at most nine bytes; NULL for a longer one. */
static inline const uint8_t *usual_varint(const uint8_t *at, uint64_t *v)
{
	uint64_t b = *at++;

	*v = b & 0x7f;
	for (unsigned int shift = 7; b & 0x80; shift += 7) {
		if (shift == 63)
			return NULL;
		b = *at++;
		*v |= (b & 0x7f) << shift;
	}
	return at;
}

/* Reads a time that is a difference. */
static inline const uint8_t *usual_time(const uint8_t *at, int64_t *time)
{
	uint64_t t;

	at = usual_varint(at, &t);
	if (at && t & 1)
		*time = (int64_t)((uint64_t)*time + unzigzag(t >> 1) * 1000);
	else if (at && t & 2)
		*time = (int64_t)((uint64_t)*time + unzigzag(t >> 2));
	else
		return NULL;
	return at;
}

/* Moves a shape's field; its difference, if it has one, is at @at. NULL: not changed. */
static inline const uint8_t *usual_move(struct pack_shape *s, unsigned int how, const uint8_t *at)
{
	uint64_t *field = moving(s), from = *field, to = from, v;

	if (!s->moves)
		return NULL;
	if (how == HOW_NEXT) {
		to += s->step;
	} else if (how == HOW_BACK) {
		to = s->before;
	} else if (how == HOW_DELTA && (at = usual_varint(at, &v))) {
		to += unzigzag(v);
	} else {
		return NULL;
	}
	if (to != from) {
		s->before = from;
		*field = to;
	}
	return at;
}

/*
 * Unpacks events of known shapes with at most one moving field, while USUAL_BYTES can be
 * read. Leaves all others to unpack_event().
 */
static size_t unpack_usual(struct pack *p, struct reader *in, struct event *ev, size_t n)
{
	struct event *out = ev, *end = ev + n;
	int64_t time = p->time, known = p->known;
	unsigned int shapes = p->n;
	const uint8_t *at = in->p, *last;

	if (reader_left(in) < USUAL_BYTES)
		return 0;
	last = in->end - USUAL_BYTES;
	for (; out < end && at <= last; out++) {
		const uint8_t *q = at;
		unsigned int op = *q++, k = op & OP_SHAPE, how = op >> OP_HOW_SHIFT & 7;
		int64_t when = known;

		if (k == OP_SHAPE)
			k += *q++;
		if (k >= shapes)
			break;
		struct pack_shape *s = &p->shapes[k];
		uint32_t len = s->ev.len;

		if (!s->usual)
			break;
		if (op & OP_TIME && !(q = usual_time(q, &when)))
			break;
		/* the difference takes at most the rest of USUAL_BYTES */
		if (len && last - q < (ptrdiff_t)len)
			break;
		if (how != HOW_SAME && !(q = usual_move(s, how, q)))
			break;
		if (op & OP_TIME)
			time = known = when;
		*out = s->ev;
		out->time = time;
		if (len) {
			out->data = q;
			q += len;
		}
		at = q;
	}
	in->p = at;
	p->time = time;
	p->known = known;
	return (size_t)(out - ev);
}

size_t unpack_run(struct pack *p, struct reader *in, struct event *ev, size_t n, bool *senseless)
{
	size_t i = 0;

	while (i < n) {
		i += unpack_usual(p, in, ev + i, n - i);
		if (i == n)
			break;
		if (!unpack_event(p, in, &ev[i])) {
			*senseless = true;
			break;
		}
		i++;
		if (ev[i - 1].kind <= EV_CONTROLLER || ev[i - 1].kind >= EV_KINDS)
			break;
	}
	return i;
}
