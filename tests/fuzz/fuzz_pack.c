// SPDX-License-Identifier: GPL-2.0-or-later
/* Random events are packed into a block and unpacked the same; random bytes are unpacked safely. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/reader.h"
#include "events.h"
#include "store/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An event made from some bytes: often with the same values, so that shapes repeat. */
static void make_event(struct reader *r, struct event *ev)
{
	uint8_t a = reader_u8(r), b = reader_u8(r);

	*ev = (struct event){
		.kind = a & 15, .origin = a >> 4 & 3, .width = (uint8_t)(1u << (a >> 6)),
		.bar = b & 1, .time = ev->time,
	};
	ev->addr = b & 2 ? reader_varint(r) : b >> 4;
	ev->value = b & 4 ? reader_u64(r) : reader_u8(r);
	if (b & 8)
		ev->time = b & 16 ? (int64_t)reader_u64(r) :
				    (int64_t)((uint64_t)ev->time + reader_u16(r) * 500u);
	if ((b & 0x60) == 0x60) {
		ev->len = reader_u8(r) & 15;
		ev->data = reader_bytes(r, ev->len);
		ev->len = ev->data ? ev->len : 0;
	}
}

static void round_trip(const uint8_t *data, size_t size)
{
	struct reader r = reader_make(data, size), in;
	struct event_list put = { 0 };
	struct event ev = { .time = 1000 }, got;
	struct pack_head head;
	struct pack p;
	struct buf out = { 0 };

	pack_begin(&p, &out, 3, ev.time);
	while (!r.failed && reader_left(&r) && put.n < PACK_MAX_EVENTS) {
		make_event(&r, &ev);
		if (!pack_event(&p, &out, &ev))
			break;
		list_add(&put, &ev);
	}
	pack_end(&out, (uint16_t)put.n, 77);
	if (out.failed || !unpack_begin(&p, out.data, out.len, &head, &in) || head.ctrl != 3 ||
	    head.count != put.n || head.sequence != 77)
		abort();
	for (size_t i = 0; i < put.n; i++) {
		if (!unpack_event(&p, &in, &got))
			abort();
		got.ctrl = 0;
		if (!same_events(&put.ev[i], &got))
			abort();
	}
	if (reader_left(&in))
		abort();
	buf_deinit(&out);
	list_clear(&put);
}

/* Unpacks the bytes as a block of events. */
static void take_apart(const uint8_t *data, size_t size)
{
	struct reader in, run_in;
	struct pack_head head;
	struct event ev, run[7];
	struct pack p, run_p;
	struct buf b = { 0 };
	bool ok = true, senseless = false;

	pack_begin(&p, &b, 0, 0);
	buf_add(&b, data, size);
	pack_end(&b, UINT16_MAX, 0);
	if (b.failed || !unpack_begin(&p, b.data, b.len, &head, &in))
		abort();
	/* one by one, and in runs with the fast path: the same result */
	unpack_begin(&run_p, b.data, b.len, &head, &run_in);
	while (ok && reader_left(&in)) {
		size_t n = unpack_run(&run_p, &run_in, run, ARRAY_SIZE(run), &senseless);

		if (!n && !senseless)
			abort();
		for (size_t i = 0; i < n; i++) {
			if (!unpack_event(&p, &in, &ev) || ev.len > EVENT_MAX_DATA ||
			    (ev.len && !ev.data))
				abort();
			ev.ctrl = run[i].ctrl = 0;
			if (!same_events(&ev, &run[i]) || ev.data != run[i].data)
				abort();
		}
		if (!senseless && in.p != run_in.p)
			abort();
		ok = !senseless && reader_left(&in);
		if (senseless && unpack_event(&p, &in, &ev))
			abort();
	}
	buf_deinit(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	round_trip(data, size);
	take_apart(data, size);
	return 0;
}
