// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The controller model with random accesses: of every width anywhere, with memory that
 * answers, fails or is silent, in any order. Each xact is given once, in order, with a
 * certainty that agrees with its fields.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/reader.h"
#include "hda/hda.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t next_index[4];

static void check(const struct xact *x)
{
	if (x->ctrl >= 4 || x->kind >= XACT_KINDS || x->certainty >= CERT_KINDS)
		abort();
	if (x->kind > XACT_SPURIOUS)
		return;
	if (x->index != ++next_index[x->ctrl])
		abort();
	if (x->certainty == CERT_UNANSWERED && x->has_resp)
		abort();
	if (x->certainty == CERT_EXACT && xact_is_verb(x) &&
	    (!x->has_verb ||
	     (x->kind != XACT_BROADCAST && !x->has_resp && !x->unrecorded)))
		abort();
	if (x->kind >= XACT_UNSOL && !x->has_resp)
		abort();
}

static void drain(struct hda *h)
{
	struct xact x;

	while (hda_next_xact(h, &x))
		check(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t widths[] = { 1, 2, 4, 8 };
	struct reader r = reader_make(data, size);
	struct mem_range want;
	struct hda *h = NULL;
	uint64_t reads = 0;
	uint8_t memory[EVENT_MAX_DATA];

	for (int i = 0; i < 4; i++)
		next_index[i] = 0;
	if (hda_create(&h))
		return 0;
	for (size_t i = 0; i < sizeof(memory); i++)
		memory[i] = (uint8_t)(i * 7 + (size ? data[i % size] : 0));
	while (!r.failed && reader_left(&r)) {
		uint8_t op = reader_u8(&r);
		struct event ev = {
			.kind = 1 + (op & 0xf) % (EV_KINDS - 1), .ctrl = (op >> 4) & 3,
			.width = widths[op >> 6], .time = (int64_t)reads * 1000,
		};

		/* most accesses to the rings' registers, some anywhere */
		uint8_t where = reader_u8(&r);
		ev.addr = where < 0xf0 ? 0x40 + where % 0x30 : reader_u16(&r);
		ev.value = where & 1 ? reader_u8(&r) : reader_u64(&r);
		if (ev.kind == EV_MEM || ev.kind == EV_GAP || ev.kind == EV_NOTE ||
		    ev.kind == EV_MARK || ev.kind == EV_NOMEM) {
			ev.data = memory;
			ev.len = ev.value % 64;
		}
		if (hda_feed(h, &ev))
			break;
		while (hda_wants(h, &want)) {
			if (want.len > EVENT_MAX_DATA || want.ctrl != ev.ctrl)
				abort();
			if (op & 0x80 && where & 2)
				continue;	/* no answer, as in a damaged file */
			struct event mem = {
				.kind = where & 4 ? EV_NOMEM : EV_MEM, .ctrl = want.ctrl,
				.addr = want.addr, .value = want.len, .data = memory,
				.len = want.len, .origin = where & 8 ? ORIGIN_BPF : ORIGIN_PROCESS,
			};
			if (mem.kind == EV_NOMEM)
				mem.len = 5;
			else
				reads++;
			if (hda_feed(h, &mem))
				goto out;
		}
		drain(h);
	}
out:
	err_free(hda_finish(h));
	drain(h);
	hda_destroy(h);
	return 0;
}
