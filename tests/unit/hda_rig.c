// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "hda/hda.h"
#include "hda/regs.h"
#include "hda_rig.h"

void rig_drain(struct rig *g)
{
	while (hda_next_xact(g->h, &g->got[g->n])) {
		struct xact *x = &g->got[g->n];

		if (x->text)
			snprintf(g->text[g->n], sizeof(g->text[0]), "%.*s", (int)x->text_len,
				 x->text);
		g->n++;
		assert_true(g->n < ARRAY_SIZE(g->got));
	}
}

void rig_feed(struct rig *g, const struct event *ev)
{
	struct mem_range r;

	assert_null(hda_feed(g->h, ev));
	while (hda_wants(g->h, &r)) {
		struct event mem = {
			.kind = EV_MEM, .time = ev->time, .ctrl = r.ctrl, .addr = r.addr,
			.len = r.len, .origin = ORIGIN_PROCESS,
		};

		if (g->no_memory || r.addr < RAM_BASE ||
		    r.addr + r.len > RAM_BASE + sizeof(g->ram)) {
			mem.kind = EV_NOMEM;
			mem.value = r.len;
			mem.data = "not in RAM";
			mem.len = 10;
		} else {
			mem.data = g->ram + (r.addr - RAM_BASE);
		}
		assert_null(hda_feed(g->h, &mem));
		if (mem.kind == EV_MEM && !g->late) {
			struct event horizon = {
				.kind = EV_HORIZON, .time = ev->time, .ctrl = r.ctrl,
			};
			assert_null(hda_feed(g->h, &horizon));
		}
	}
	rig_drain(g);
}

void rig_horizon(struct rig *g)
{
	rig_feed(g, &(struct event){
		.kind = EV_HORIZON, .time = g->time, .ctrl = g->ctrl });
}

void rig_wr(struct rig *g, uint64_t off, unsigned int width, uint64_t value)
{
	g->time += 1000;
	rig_feed(g, &(struct event){
		.kind = EV_MMIO_WRITE, .time = g->time, .ctrl = g->ctrl, .addr = off,
		.width = (uint8_t)width, .value = value });
}

void rig_rd(struct rig *g, uint64_t off, unsigned int width, uint64_t value)
{
	g->time += 1000;
	rig_feed(g, &(struct event){
		.kind = EV_MMIO_READ, .time = g->time, .ctrl = g->ctrl, .addr = off,
		.width = (uint8_t)width, .value = value });
}

void rig_init(struct rig *g)
{
	memset(g, 0, sizeof(*g));
	assert_null(hda_create(&g->h));
}

void rig_setup(struct rig *g, unsigned int size)
{
	rig_wr(g, R_GCTL, 4, 0);
	rig_wr(g, R_GCTL, 4, 1);
	rig_wr(g, R_CORBLBASE, 4, (uint32_t)CORB);
	rig_wr(g, R_CORBUBASE, 4, CORB >> 32);
	rig_wr(g, R_CORBSIZE, 1, size);
	rig_wr(g, R_CORBWP, 2, 0);
	rig_wr(g, R_CORBRP, 2, 0x8000);
	rig_wr(g, R_CORBRP, 2, 0);
	rig_wr(g, R_CORBCTL, 1, 2);
	rig_wr(g, R_RIRBLBASE, 4, (uint32_t)RIRB);
	rig_wr(g, R_RIRBUBASE, 4, RIRB >> 32);
	rig_wr(g, R_RIRBSIZE, 1, size);
	rig_wr(g, R_RIRBWP, 2, 0x8000);
	rig_wr(g, R_RIRBCTL, 1, 3);
	g->n = 0;
}

void rig_done(struct rig *g)
{
	assert_null(hda_finish(g->h));
	rig_drain(g);
	hda_destroy(g->h);
	g->h = NULL;
}

void rig_put_verb(struct rig *g, unsigned int slot, uint32_t verb)
{
	store_le32(g->ram + (CORB - RAM_BASE) + slot * 4, verb);
}

void rig_put_response(struct rig *g, unsigned int slot, uint32_t resp, uint32_t ex)
{
	store_le32(g->ram + (RIRB - RAM_BASE) + slot * 8, resp);
	store_le32(g->ram + (RIRB - RAM_BASE) + slot * 8 + 4, ex);
}

void rig_check_verb(const struct rig *g, unsigned int i, uint32_t verb, bool answered,
		    uint32_t resp, enum certainty certainty)
{
	assert_true(i < g->n);
	const struct xact *x = &g->got[i];

	assert_int_equal(x->kind, XACT_CORB);
	assert_true(x->has_verb);
	assert_int_equal(x->verb, verb);
	assert_int_equal(x->has_resp, answered);
	if (answered)
		assert_int_equal(x->resp, resp);
	assert_string_equal(certainty_name(x->certainty), certainty_name(certainty));
}
