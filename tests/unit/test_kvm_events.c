// SPDX-License-Identifier: GPL-2.0-or-later
/* Events from records: the model is fed with records as the BPF program sends them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "hda/hda.h"
#include "live/kvm/kvm_events.h"

static struct kvm_record access_of(uint64_t gpa, uint64_t value)
{
	return (struct kvm_record){
		.gpa = gpa, .value = value, .size = KVM_RECORD_SHORT, .kind = KVM_WRITE, .width = 2,
	};
}

static void set_reg(struct kvm_record *r, uint32_t reg, uint32_t width, uint64_t value)
{
	for (uint32_t i = 0; i < width; i++) {
		uint32_t at = reg - KVM_RING_REGS + i;

		r->regs[at / 8] &= ~(0xffull << at % 8 * 8);
		r->regs[at / 8] |= (value >> 8 * i & 0xff) << at % 8 * 8;
		r->known[at / 8] |= 0xffull << at % 8 * 8;
	}
}

/* A write of CORBWP of a ring at 1 MiB, up to @wp with @due words, of which @fresh are new. */
static struct kvm_record corbwp(uint32_t wp, uint32_t fresh, uint32_t due)
{
	struct kvm_record r = access_of(0x48, wp);
	uint32_t n = due < 256 ? due : due & 255, first = (wp - n + 1) & 255;

	r.full = 1;
	r.fresh[0] = fresh;
	r.due[0] = due;
	set_reg(&r, 0x40, 8, 1 << 20);
	set_reg(&r, 0x48, 2, wp);
	set_reg(&r, 0x4c, 1, 3);
	set_reg(&r, 0x4e, 1, 0x42);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t slot = (first + i) & 255, word = 0x000f0000 + slot;
		uint32_t at = slot >= first ? (slot - first) * 4 : KVM_COPY_MAX + slot * 4;

		memcpy(r.copy + at, &word, 4);
	}
	r.piece[0] = (struct kvm_piece){ .gpa = (1 << 20) + first * 4,
					 .len = (256 - first < n ? 256 - first : n) * 4 };
	if (256 - first < n)
		r.piece[1] = (struct kvm_piece){ .gpa = 1 << 20, .len = (n - (256 - first)) * 4 };
	return r;
}

/* Feeds @rec to the model as the pipeline does; memory is read from the record. */
static void feed(struct hda *hda, const struct kvm_record *rec, uint64_t *lost)
{
	struct event_queue q = { 0 };
	struct mem_range want;
	struct event ev;

	kvm_events_make(rec, lost, 0, 0, rec->gpa, 0, &q);
	while (event_queue_get(&q, &ev)) {
		assert_null(hda_feed(hda, &ev));
		while (hda_wants(hda, &want)) {
			bool fresh = false;
			const uint8_t *copy = kvm_events_copy(rec, want.addr, want.len, &fresh);
			const struct event mem = {
				.kind = EV_MEM, .addr = want.addr, .len = want.len, .data = copy,
				.origin = fresh ? ORIGIN_BPF : ORIGIN_PROCESS,
			};

			assert_non_null(copy);
			assert_null(hda_feed(hda, &mem));
		}
	}
	event_queue_deinit(&q);
}

/* Sets the ring's base, resets its pointer, and starts it. */
static void set_up(struct hda *hda, uint64_t *lost)
{
	static const struct { uint64_t offset, value; uint8_t width; } writes[] = {
		{ 0x40, 1 << 20, 8 }, { 0x4a, 0x8000, 2 }, { 0x4c, 2, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		struct kvm_record r = access_of(writes[i].offset, writes[i].value);

		r.width = writes[i].width;
		feed(hda, &r, lost);
	}
}

struct tally {
	unsigned int verbs, gaps, exact, suspect, missing;
	uint32_t last;
};

static struct tally take(struct hda *hda, bool finish)
{
	struct tally t = { 0 };
	struct xact x;

	if (finish)
		assert_null(hda_finish(hda));
	while (hda_next_xact(hda, &x)) {
		t.gaps += x.kind == XACT_GAP;
		t.missing += x.kind == XACT_GAP && x.gap == GAP_VERBS ? x.count : 0;
		if (x.kind != XACT_CORB || !x.has_verb)
			continue;
		t.verbs++;
		t.suspect += x.certainty == CERT_SUSPECT;
		t.exact += x.certainty == CERT_UNANSWERED;
		t.last = x.verb;
	}
	return t;
}

static void test_events_exact(void **state)
{
	struct kvm_record r;
	struct tally t;
	uint64_t lost = 0;
	struct hda *hda;

	assert_null(hda_create(&hda));
	set_up(hda, &lost);
	/* four laps of one word each, then one write for 200, which wraps */
	for (uint32_t i = 1; i <= 1024; i++) {
		r = corbwp(i & 255, 1, 1);
		feed(hda, &r, &lost);
	}
	r = corbwp(200, 200, 200);
	feed(hda, &r, &lost);
	r = corbwp(100, 156, 156);
	feed(hda, &r, &lost);
	t = take(hda, true);
	assert_int_equal(t.verbs, 1024 + 200 + 156);
	assert_int_equal(t.exact, t.verbs);
	assert_int_equal(t.suspect + t.gaps, 0);
	assert_int_equal(t.last, 0x000f0000 + 100);
	hda_destroy(hda);
}

static void test_events_lost(void **state)
{
	struct kvm_record r;
	struct tally t;
	uint64_t lost = 0;
	struct hda *hda;

	assert_null(hda_create(&hda));
	set_up(hda, &lost);
	r = corbwp(1, 1, 1);
	feed(hda, &r, &lost);
	/* nine announcements were lost, their words are still there, but copied late */
	r = corbwp(11, 1, 10);
	r.lost = 9;
	feed(hda, &r, &lost);
	assert_int_equal(lost, 9);
	/* more than a whole ring: 256 of the 300 are gone */
	r = corbwp((11 + 300) & 255, 1, 300);
	r.lost = 9 + 299;
	feed(hda, &r, &lost);
	/* a late record does not count backwards */
	r = corbwp((11 + 301) & 255, 1, 1);
	r.lost = 9;
	feed(hda, &r, &lost);
	assert_int_equal(lost, 308);
	t = take(hda, true);
	assert_int_equal(t.missing, 256);
	assert_int_equal(t.verbs, 1 + 10 + 44 + 1);
	assert_int_equal(t.gaps, 3);
	/* nothing that was read late is exact without a horizon */
	assert_true(t.suspect >= 10);
	assert_int_equal(t.last, 0x000f0000 + ((11 + 301) & 255));
	hda_destroy(hda);
}

/* The ring was set up in records that were lost: the effect of these is repeated. */
static void test_events_setup(void **state)
{
	struct kvm_record r = corbwp(3, 1, 3);
	uint64_t lost = 0;
	struct hda *hda;
	struct tally t;

	assert_null(hda_create(&hda));
	r.lost = 20;
	r.lost_what = KVM_LOST_RESET | KVM_LOST_CORB | KVM_LOST_CORB_RESET;
	feed(hda, &r, &lost);
	r = corbwp(4, 1, 1);
	r.lost = 20;
	feed(hda, &r, &lost);
	t = take(hda, true);
	assert_int_equal(t.verbs, 4);
	assert_int_equal(t.gaps, 1);
	assert_int_equal(t.last, 0x000f0004);
	hda_destroy(hda);
}

/* Accesses that cross a page come in parts of any width. */
static void test_odd_widths(void **state)
{
	struct kvm_record r = access_of(0x7fd, 0x8877665544332211);
	struct event_queue q = { 0 };
	struct event ev;

	r.width = 3;
	kvm_events_make(&r, NULL, 2, 0, 0x7fd, 0, &q);
	for (unsigned int i = 0; i < 3; i++) {
		assert_true(event_queue_get(&q, &ev));
		assert_int_equal(ev.width, 1);
		assert_int_equal(ev.ctrl, 2);
		assert_int_equal(ev.addr, 0x7fd + i);
		assert_int_equal(ev.value, 0x11 * (i + 1));
	}
	assert_false(event_queue_get(&q, &ev));
	r.width = 2;
	kvm_events_make(&r, NULL, 0, 0, 0, 0, &q);
	assert_true(event_queue_get(&q, &ev));
	assert_int_equal(ev.value, 0x2211);
	assert_false(event_queue_get(&q, &ev));
	event_queue_deinit(&q);
}

/* Only copied bytes are returned, exactly. */
static void test_copy_bounds(void **state)
{
	struct kvm_record r = corbwp(10, 4, 4);
	uint64_t at = (1 << 20) + 7 * 4;
	bool fresh = false;

	assert_ptr_equal(kvm_events_copy(&r, at, 16, &fresh), r.copy);
	assert_true(fresh);
	assert_ptr_equal(kvm_events_copy(&r, at + 4, 12, &fresh), r.copy + 4);
	assert_null(kvm_events_copy(&r, at, 17, &fresh));
	assert_null(kvm_events_copy(&r, at - 4, 4, &fresh));
	assert_null(kvm_events_copy(&r, at + 16, 4, &fresh));
	assert_null(kvm_events_copy(&r, at, UINT32_MAX, &fresh));
	assert_null(kvm_events_copy(&r, UINT64_MAX, 4, &fresh));
	r.full = 0;
	assert_null(kvm_events_copy(&r, at, 16, &fresh));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_exact),
		cmocka_unit_test(test_events_lost),
		cmocka_unit_test(test_events_setup),
		cmocka_unit_test(test_odd_widths),
		cmocka_unit_test(test_copy_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
