// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/blocks.h"

#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "store/pack.h"
#include "store/pcapng.h"

#define READ_SIZE (256 * 1024)
/* How many bytes may be checked for each byte skipped in search of a block, beyond a first part. */
#define CHECKED_A_BYTE 32
#define CHECKED_AT_LEAST (64u << 20)

static size_t at_hand(const struct blocks *bs)
{
	return bs->in.len - bs->pos;
}

/* Reads until @n bytes are in the buffer or the file ends. */
static struct err *want(struct blocks *bs, size_t n)
{
	if (at_hand(bs) >= n || bs->eof)
		return NULL;
	buf_consume(&bs->in, bs->pos);
	bs->offset += bs->pos;
	bs->pos = 0;
	while (bs->in.len < n && !bs->eof) {
		uint8_t *room = buf_reserve(&bs->in, READ_SIZE);

		if (!room)
			return err_nomem();
		ssize_t got = read(bs->fd, room, READ_SIZE);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(errno, "%s: read", bs->name);
		bs->eof = got == 0;
		bs->in.len += (size_t)got;
	}
	return NULL;
}

struct err *blocks_peek(struct blocks *bs, size_t n, const uint8_t **p, size_t *got)
{
	struct err *e = want(bs, n);

	*p = bs->in.data;
	*got = bs->in.len;
	return e;
}

const uint8_t *block_option(const struct blocks *bs, const struct block *b, uint32_t at,
			    uint16_t code, uint16_t *len)
{
	const uint8_t *p = b->p + at, *end = b->p + b->len - 4;

	while (end - p >= 4) {
		uint16_t c = block_16(bs, p), n = block_16(bs, p + 2);
		size_t padded = (n + 3u) & ~3u;

		p += 4;
		if (end - p < n || c == PCAPNG_OPT_END)
			return NULL;
		if (c == code) {
			*len = n;
			return p;
		}
		if ((size_t)(end - p) < padded)
			return NULL;
		p += padded;
	}
	return NULL;
}

const uint8_t *block_packet(const struct blocks *bs, const struct block *b, uint32_t *interface,
			    uint32_t *len)
{
	if (b->len < PCAPNG_EPB_SIZE)
		return NULL;
	*interface = block_32(bs, b->p + 8);
	*len = block_32(bs, b->p + 20);
	return *len <= b->len - PCAPNG_EPB_SIZE ? b->p + PCAPNG_EPB_DATA : NULL;
}

/* Parses a block's type and length; false if they are not valid. Learns the byte order. */
static bool get_frame(struct blocks *bs, const uint8_t *p, size_t n, struct block *b)
{
	uint32_t order;

	if (n < 8)
		return false;
	*b = (struct block){ .p = p, .type = block_32(bs, p) };
	if (b->type == PCAPNG_SHB) {
		if (n < 12)
			return false;
		memcpy(&order, p + 8, sizeof(order));
		if (order != PCAPNG_ORDER && order != PCAPNG_ORDER_SWAPPED)
			return false;
		bs->swapped = order == PCAPNG_ORDER_SWAPPED;
	}
	b->len = block_32(bs, p + 4);
	return b->len >= 12 && b->len % 4 == 0;
}

static bool is_whole(const struct blocks *bs, const struct block *b, size_t n)
{
	return b->len <= n && block_32(bs, b->p + b->len - 4) == b->len;
}

/* True if a whole block cannot be random bytes. */
static bool is_certain(const struct blocks *bs, const struct block *b)
{
	const uint8_t *data;
	struct pack pack;
	struct pack_head head;
	struct reader in;
	uint32_t interface, len;
	uint16_t n;

	switch (b->type) {
	case PCAPNG_SHB:
		return true;
	case PCAPNG_IDB:
		return b->len >= PCAPNG_IDB_SIZE && block_16(bs, b->p + 8) == PCAPNG_LINKTYPE;
	case PCAPNG_ISB:
		return b->len >= PCAPNG_ISB_SIZE &&
		       block_option(bs, b, PCAPNG_ISB_SIZE - 4, PCAPNG_ISB_IFRECV, &n) && n == 8;
	case PCAPNG_EPB:
		data = block_packet(bs, b, &interface, &len);
		return data && unpack_begin(&pack, data, len, &head, &in);
	default:
		return false;
	}
}

/*
 * Random bytes hardly ever look like a block, but a file may be full of heads of blocks that
 * reach to its end: so the bytes checked are bounded by the bytes skipped.
 */
static bool may_check(struct blocks *bs, uint32_t len)
{
	if (bs->checked > CHECKED_AT_LEAST && bs->checked / CHECKED_A_BYTE > bs->searched)
		return false;
	bs->checked += len;
	return true;
}

/* True if such a block begins @i bytes from here. */
static bool is_certain_at(struct blocks *bs, size_t i)
{
	bool swapped = bs->swapped;
	struct block b;

	if (get_frame(bs, bs->in.data + bs->pos + i, at_hand(bs) - i, &b) &&
	    is_whole(bs, &b, at_hand(bs) - i) && may_check(bs, b.len) && is_certain(bs, &b))
		return true;
	bs->swapped = swapped;
	return false;
}

static void begin_bad(struct blocks *bs)
{
	if (!bs->bad) {
		bs->bad = true;
		bs->bad_from = blocks_at(bs);
	}
}

/* Moves to the next block that is certain, or to the end. */
static struct err *pass_damage(struct blocks *bs)
{
	begin_bad(bs);
	bs->pos += at_hand(bs) > 0;
	for (;;) {
		struct err *e = want(bs, READ_SIZE + STORE_MAX_BLOCK);
		size_t n;

		if (e)
			return e;
		/* a block closer to the end of the buffer may not be complete */
		n = bs->eof ? at_hand(bs) : at_hand(bs) - STORE_MAX_BLOCK;
		for (size_t i = 0; i < n; i++) {
			if (is_certain_at(bs, i)) {
				bs->pos += i;
				bs->searched += i;
				bs->bad_to = blocks_at(bs);
				return NULL;
			}
		}
		bs->pos += n;
		bs->searched += n;
		if (bs->eof) {
			bs->bad_to = blocks_at(bs);
			return NULL;
		}
	}
}

/* True if the end of a block contradicts its length; for a pipe this is unknown. */
static bool is_big_lie(const struct blocks *bs, uint32_t len)
{
	uint8_t end[4];
	ssize_t n = pread(bs->fd, end, sizeof(end), (off_t)(blocks_at(bs) + len - 4));

	return n >= 0 && (n != sizeof(end) || block_32(bs, end) != len);
}

/* Skips another program's block that is too big for memory, if its end agrees with its length. */
static struct err *pass_big(struct blocks *bs, uint32_t len)
{
	uint64_t from = blocks_at(bs), left = len - 4;

	if (is_big_lie(bs, len))
		return pass_damage(bs);
	while (left) {
		struct err *e = want(bs, 1);
		size_t n = at_hand(bs) < left ? at_hand(bs) : (size_t)left;

		if (e)
			return e;
		if (!n)
			break;
		bs->pos += n;
		left -= n;
	}
	struct err *e = want(bs, 4);
	if (e)
		return e;
	if (!left && at_hand(bs) >= 4 && block_32(bs, bs->in.data + bs->pos) == len) {
		bs->pos += 4;
		return NULL;
	}
	begin_bad(bs);
	bs->bad_from = from < bs->bad_from ? from : bs->bad_from;
	return pass_damage(bs);
}

static bool is_known(uint32_t type)
{
	return type == PCAPNG_SHB || type == PCAPNG_IDB || type == PCAPNG_EPB ||
	       type == PCAPNG_ISB;
}

struct err *blocks_next(struct blocks *bs, struct block *b)
{
	for (;;) {
		struct err *e = want(bs, 12);
		bool framed, was_bad = bs->bad;
		uint64_t from;

		if (e)
			return e;
		if (!at_hand(bs)) {
			b->p = NULL;
			return NULL;
		}
		framed = get_frame(bs, bs->in.data + bs->pos, at_hand(bs), b);
		if (framed && b->len <= STORE_MAX_BLOCK) {
			e = want(bs, b->len);
			if (e)
				return e;
			b->p = bs->in.data + bs->pos;
			if (is_whole(bs, b, at_hand(bs)))
				return NULL;
		} else if (framed && !is_known(b->type)) {
			e = pass_big(bs, b->len);
			if (e)
				return e;
			continue;
		}
		/* cut, unless more blocks follow: then its length is wrong */
		bool short_of = at_hand(bs) < 12 || (framed && b->len > at_hand(bs));

		from = blocks_at(bs);
		e = pass_damage(bs);
		if (e)
			return e;
		if (short_of && !at_hand(bs) && !was_bad) {
			bs->bad = false;
			bs->cut = true;
			bs->cut_at = from;
		}
	}
}

void blocks_take(struct blocks *bs, const struct block *b)
{
	bs->pos += b->len;
}

void blocks_take_bad(struct blocks *bs, const struct block *b)
{
	begin_bad(bs);
	bs->pos += b->len;
	bs->bad_to = blocks_at(bs);
}

void blocks_deinit(struct blocks *bs)
{
	buf_deinit(&bs->in);
}
