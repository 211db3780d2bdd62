// SPDX-License-Identifier: GPL-2.0-or-later
/* The model gives the same for events in runs as for single events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "hda/hda.h"
#include "hda/regs.h"

#define EVENTS 3000

static uint64_t seed;

static uint32_t rnd(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

/* --- a guest that does what drivers do, and sometimes what none does --------- */

static const uint8_t places[] = {
	R_GCTL, R_INTSTS, R_CORBLBASE, R_CORBUBASE, R_CORBWP, R_CORBWP, R_CORBWP, R_CORBWP, R_CORBRP,
	R_CORBCTL, R_CORBSIZE, R_RIRBLBASE, R_RIRBWP, R_RIRBWP, R_RIRBWP, R_RIRBWP, R_RIRBCTL,
	R_RIRBSTS, R_RIRBSTS, R_RIRBSIZE, R_ICOI, R_ICII, R_ICIS, 0x3e, 0x5a, 0x7f, 0x84,
};

static struct event access_of(unsigned int corb, unsigned int rirb)
{
	static const uint8_t widths[] = { 1, 2, 2, 4, 4, 8 };
	struct event ev = {
		.kind = rnd(2) ? EV_MMIO_READ : EV_MMIO_WRITE, .origin = ORIGIN_TRACE,
		.addr = places[rnd(sizeof(places))] - (uint64_t)(rnd(20) == 0),
		.width = widths[rnd(sizeof(widths))], .value = rnd(4) ? 2 : rnd(UINT32_MAX),
	};

	if (rnd(60) == 0)
		ev.bar = 2;
	if (ev.addr == R_CORBWP)
		ev.value = corb;
	if (ev.addr == R_RIRBWP) {
		ev.kind = EV_MMIO_READ;
		ev.value = rirb;
	}
	/* a reset ends everything, so make it rare */
	if (ev.addr <= R_GCTL && ev.addr + ev.width > R_GCTL && rnd(30))
		ev.value = ~0ull >> (64 - 8 * ev.width);
	if (ev.addr == R_CORBCTL && rnd(10))
		ev.value = 2;
	return ev;
}

static size_t make(struct event *ev)
{
	static const struct { uint8_t offset, width; uint64_t value; } steps[] = {
		{ R_GCTL, 4, 0 }, { R_GCTL, 4, 1 }, { R_CORBLBASE, 8, 0x1000 }, { R_CORBCTL, 1, 2 },
		{ R_RIRBLBASE, 8, 0x2000 }, { R_RIRBCTL, 1, 3 },
	};
	static const uint8_t others[] = {
		EV_CONTROLLER, EV_HORIZON, EV_CORB_WORD, EV_RIRB_PAIR, EV_MARK, EV_GAP, EV_NOTE, EV_PART,
		EV_NONE, EV_KINDS,
	};
	unsigned int corb = 0, rirb = 0;
	size_t n = 0;

	for (size_t i = 0; rnd(4) && i < ARRAY_SIZE(steps); i++)
		ev[n++] = (struct event){
			.kind = EV_MMIO_WRITE, .addr = steps[i].offset, .width = steps[i].width,
			.value = steps[i].value,
		};
	while (n < EVENTS) {
		if (rnd(3) == 0)
			corb += rnd(8) ? 1 : rnd(5);
		if (rirb < corb && rnd(3) == 0)
			rirb += rnd(8) ? 1 : corb - rirb;
		ev[n] = access_of(corb & 0xff, rirb & 0xff);
		if (rnd(12) == 0)
			ev[n] = (struct event){
				.kind = rnd(5) ? EV_HORIZON : others[rnd(sizeof(others))],
				.addr = rnd(3), .value = rnd(3), .data = "text", .len = 4,
			};
		ev[n].ctrl = rnd(40) == 0;
		ev[n].time = (int64_t)n * 1000000;
		ev[n].line = (uint32_t)n;
		n++;
	}
	return n;
}

/* The contents of the guest's memory: the same for the same address. */
static struct event memory_of(const struct mem_range *r, int64_t time)
{
	static uint8_t data[EVENT_MAX_DATA];
	struct event ev = {
		.kind = r->addr % 64 ? EV_MEM : EV_NOMEM, .time = time, .ctrl = r->ctrl,
		.addr = r->addr, .value = r->len, .data = data, .len = r->len,
		.origin = r->addr % 24 ? ORIGIN_PROCESS : ORIGIN_BPF,
	};

	for (uint32_t i = 0; i < r->len; i++)
		data[i] = (uint8_t)((r->addr + i) * 37 >> 2);
	if (ev.kind == EV_NOMEM)
		ev.len = 3;
	return ev;
}

/* --- the model, fed in two ways ------------------------------------------------ */

static void give(struct hda *h, struct buf *out)
{
	struct xact x;

	while (hda_next_xact(h, &x)) {
		const char *text = x.text_len ? x.text : "";

		x.text = NULL;
		buf_add(out, &x, sizeof(x));
		buf_add(out, text, x.text_len);
	}
}

static void after(struct hda *h, int64_t time, bool answered, struct buf *out)
{
	struct mem_range r;
	size_t n;

	while (hda_wants(h, &r)) {
		struct event ev = memory_of(&r, time);

		buf_add(out, &r.addr, sizeof(r.addr));
		if (!answered)
			continue;
		assert_null(hda_feed_run(h, &ev, 1, &n));
		assert_int_equal(n, 1);
	}
	give(h, out);
}

static void one_by_one(const struct event *ev, size_t n, bool registers, bool answered, struct buf *out)
{
	struct hda *h;

	assert_null(hda_create(&h));
	if (registers)
		hda_show_registers(h);
	for (size_t i = 0; i < n; i++) {
		assert_null(hda_feed(h, &ev[i]));
		after(h, ev[i].time, answered, out);
	}
	assert_null(hda_finish(h));
	give(h, out);
	hda_destroy(h);
}

static void in_runs(const struct event *ev, size_t n, bool registers, bool answered, struct buf *out)
{
	struct hda *h;

	assert_null(hda_create(&h));
	if (registers)
		hda_show_registers(h);
	for (size_t i = 0, taken; i < n; i += taken) {
		size_t left = n - i, len = 1 + rnd(rnd(4) ? 300 : 3);

		assert_null(hda_feed_run(h, ev + i, len < left ? len : left, &taken));
		assert_in_range(taken, 1, len < left ? len : left);
		after(h, ev[i + taken - 1].time, answered, out);
	}
	assert_null(hda_finish(h));
	give(h, out);
	hda_destroy(h);
}

static void runs_are_their_events(void **state)
{
	(void)state;
	static struct event ev[EVENTS + 8];
	struct buf single = { 0 }, run = { 0 };
	size_t xacts = 0;

	for (unsigned int s = 0; s < 120; s++) {
		seed = s;
		size_t n = make(ev);
		bool registers = s % 7 == 6, answered = s % 5 != 4;

		buf_clear(&single);
		buf_clear(&run);
		one_by_one(ev, n, registers, answered, &single);
		in_runs(ev, n, registers, answered, &run);
		assert_null(buf_err(&single));
		assert_int_equal(single.len, run.len);
		assert_memory_equal(single.data, run.data, run.len);
		xacts += run.len / sizeof(struct xact);
	}
	/* enough xacts were compared */
	assert_true(xacts > 10000);
	buf_deinit(&single);
	buf_deinit(&run);
}

/* The events with the answers to what is wanted among them, as a capture file has them. */
static size_t record(const struct event *ev, size_t n, struct event *out, size_t max)
{
	static uint8_t pool[1 << 20];
	size_t used = 0, k = 0;
	struct mem_range r;
	struct hda *h;

	assert_null(hda_create(&h));
	for (size_t i = 0; i < n && k < max; i++) {
		out[k++] = ev[i];
		assert_null(hda_feed(h, &ev[i]));
		while (k < max && hda_wants(h, &r) && used + r.len <= sizeof(pool)) {
			struct event answer = memory_of(&r, ev[i].time);

			answer.data = memcpy(pool + used, answer.data, answer.len);
			used += answer.len;
			out[k++] = answer;
			assert_null(hda_feed(h, &answer));
		}
	}
	hda_destroy(h);
	return k;
}

static void play(const struct event *ev, size_t n, bool follows, struct buf *out)
{
	struct mem_range r;
	struct hda *h;

	assert_null(hda_create(&h));
	if (follows)
		hda_memory_follows(h);
	for (size_t i = 0, taken; i < n; i += taken) {
		assert_null(hda_feed_run(h, ev + i, n - i, &taken));
		while (hda_wants(h, &r))
			assert_false(follows);
		give(h, out);
	}
	assert_null(hda_finish(h));
	give(h, out);
	hda_destroy(h);
}

static void recorded_memory_need_not_be_wanted(void **state)
{
	(void)state;
	static struct event ev[EVENTS + 8], recorded[4 * EVENTS];
	struct buf asked = { 0 }, follows = { 0 };
	size_t memories = 0;

	for (unsigned int s = 0; s < 60; s++) {
		seed = s;
		size_t n = record(ev, make(ev), recorded, ARRAY_SIZE(recorded));

		buf_clear(&asked);
		buf_clear(&follows);
		play(recorded, n, false, &asked);
		play(recorded, n, true, &follows);
		assert_null(buf_err(&asked));
		assert_int_equal(asked.len, follows.len);
		assert_memory_equal(asked.data, follows.data, asked.len);
		for (size_t i = 0; i < n; i++)
			memories += recorded[i].kind == EV_MEM;
	}
	assert_true(memories > 1000);
	buf_deinit(&asked);
	buf_deinit(&follows);
}

static void a_run_ends_where_something_comes_of_it(void **state)
{
	(void)state;
	const struct event ev[] = {
		{ .kind = EV_MMIO_READ, .addr = R_INTSTS, .width = 4 },
		{ .kind = EV_CONTROLLER, .data = "x", .len = 1 },
		{ .kind = EV_MMIO_READ, .addr = R_INTSTS, .width = 4 },
		{ .kind = EV_MMIO_READ, .addr = R_INTSTS, .width = 4 },
		{ .kind = EV_MARK, .data = "here", .len = 4 },
		{ .kind = EV_MMIO_READ, .addr = R_INTSTS, .width = 4 },
	};
	struct hda *h;
	struct xact x;
	size_t n;

	assert_null(hda_create(&h));
	assert_null(hda_feed_run(h, ev, 6, &n));
	assert_int_equal(n, 2);
	assert_null(hda_feed_run(h, ev + 2, 4, &n));
	assert_int_equal(n, 3);
	assert_true(hda_stirred(h));
	/* at least one event is taken, although none was given out */
	assert_null(hda_feed_run(h, ev + 5, 1, &n));
	assert_int_equal(n, 1);
	assert_true(hda_next_xact(h, &x));
	assert_int_equal(x.kind, XACT_MARK);
	assert_false(hda_next_xact(h, &x));
	assert_false(hda_stirred(h));
	hda_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_are_their_events),
		cmocka_unit_test(recorded_memory_need_not_be_wanted),
		cmocka_unit_test(a_run_ends_where_something_comes_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
