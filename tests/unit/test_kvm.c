// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The user-space half of the BPF route: the ring buffer's reading end with
 * memory that is not as it should be, records made events, QEMU's answers made
 * places.  The records are made by hand here, as the program makes them.
 */
#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "hda/hda.h"
#include "live/kvm/bar_map.h"
#include "live/kvm/kvm_events.h"
#include "live/kvm/kvm_ring.h"
#include "live/kvm/verifier_log.h"

#define SIZE 16384

/* --- the ring ------------------------------------------------------------------ */

struct fake {
	uint64_t consumer, producer;
	uint8_t data[2 * SIZE];		/* the second half as the kernel maps it: the first again */
	struct kvm_ring ring;
};

static struct fake *fake_make(void)
{
	struct fake *f = calloc(1, sizeof(*f));

	f->ring = (struct kvm_ring){
		.consumer = &f->consumer, .producer = &f->producer, .data = f->data, .size = SIZE,
	};
	return f;
}

static void put_byte(struct fake *f, uint64_t at, uint8_t b)
{
	f->data[at % SIZE] = f->data[at % SIZE + SIZE] = b;
}

/* A record as the kernel would put it: its header, its bytes, room up to 8. */
static void put(struct fake *f, const void *bytes, uint32_t len, uint32_t flags)
{
	uint32_t head[2] = { len | flags, 0 };

	for (uint32_t i = 0; i < 8; i++)
		put_byte(f, f->producer + i, ((uint8_t *)head)[i]);
	for (uint32_t i = 0; i < len && bytes; i++)
		put_byte(f, f->producer + 8 + i, ((const uint8_t *)bytes)[i]);
	f->producer += (len + 15) & ~7u;
}

static struct kvm_record access_of(uint64_t gpa, uint64_t value)
{
	return (struct kvm_record){
		.gpa = gpa, .value = value, .size = KVM_RECORD_SHORT, .kind = KVM_WRITE, .width = 2,
	};
}

static void refused(struct fake *f)
{
	const struct kvm_record *rec;
	struct err *e = kvm_ring_next(&f->ring, &rec);

	assert_non_null(e);
	assert_null(rec);
	assert_non_null(strstr(err_text(e), "damaged"));
	err_free(e);
	free(f);
}

static void test_ring(void **state)
{
	struct fake *f = fake_make();
	const struct kvm_record *rec;

	assert_null(kvm_ring_next(&f->ring, &rec));
	assert_null(rec);
	/* many laps; one is discarded between */
	for (uint64_t i = 0; i < 5000; i++) {
		struct kvm_record r = access_of(0x1000 + i, i);

		if (i % 7 == 0)
			put(f, NULL, 40, BPF_RINGBUF_DISCARD_BIT);
		put(f, &r, r.size, 0);
		assert_null(kvm_ring_next(&f->ring, &rec));
		assert_non_null(rec);
		assert_int_equal(rec->gpa, 0x1000 + i);
		/* the room is given back when the next is asked for, not before */
		assert_true(f->consumer < f->producer);
		assert_int_equal(kvm_ring_position(&f->ring), f->producer);
		if (i % 3 == 1) {
			kvm_ring_release(&f->ring);
			assert_int_equal(f->consumer, f->producer);
		}
		if (i % 3)
			continue;
		assert_null(kvm_ring_next(&f->ring, &rec));
		assert_null(rec);
		assert_int_equal(f->consumer, f->producer);
	}
	/* one that is still being written holds up those behind it */
	struct kvm_record r = access_of(1, 1);
	uint64_t at = f->producer;

	put(f, &r, r.size, BPF_RINGBUF_BUSY_BIT);
	put(f, &r, r.size, 0);
	assert_null(kvm_ring_next(&f->ring, &rec));
	assert_null(rec);
	put_byte(f, at + 3, 0);
	assert_null(kvm_ring_next(&f->ring, &rec));
	assert_non_null(rec);
	free(f);
}

static void test_ring_hostile(void **state)
{
	struct kvm_record r = access_of(1, 1);
	struct fake *f;

	f = fake_make();	/* more in use than there is */
	f->producer = SIZE + 8;
	refused(f);
	f = fake_make();	/* less than a header */
	f->producer = 4;
	refused(f);
	f = fake_make();	/* longer than what is in use */
	put(f, &r, r.size, 0);
	f->producer -= 8;
	refused(f);
	f = fake_make();
	put(f, NULL, 0x3fffffff, 0);
	f->producer = 64;
	refused(f);
	f = fake_make();	/* too short for a record */
	put(f, &r, KVM_RECORD_SHORT - 1, 0);
	refused(f);
	f = fake_make();	/* it says another length itself */
	r.size++;
	put(f, &r, KVM_RECORD_SHORT, 0);
	refused(f);
	f = fake_make();
	r = access_of(1, 1);
	r.width = 9;
	put(f, &r, KVM_RECORD_SHORT, 0);
	refused(f);
	f = fake_make();
	r = access_of(1, 1);
	r.kind = KVM_RECORD_KINDS;
	put(f, &r, KVM_RECORD_SHORT, 0);
	refused(f);
	f = fake_make();	/* more is said to be behind it than is */
	r = access_of(1, 1);
	r.full = 1;
	put(f, &r, KVM_RECORD_SHORT, 0);
	refused(f);
	for (int i = 0; i < 2; i++) {
		f = fake_make();	/* copies that reach beyond its end */
		r = access_of(1, 1);
		r.full = 1;
		r.size = KVM_RECORD_FULL + 8;
		r.piece[i] = (struct kvm_piece){ .gpa = 4096, .len = 16 };
		put(f, &r, r.size, 0);
		refused(f);
		f = fake_make();
		r.size = sizeof(r);
		r.piece[i].len = KVM_COPY_MAX + 1;
		put(f, &r, r.size, 0);
		refused(f);
		f = fake_make();
		r.piece[i].len = 4;
		r.piece[i].ring = 2;
		put(f, &r, r.size, 0);
		refused(f);
	}
}

/* --- records made events ----------------------------------------------------------- */

static void set_reg(struct kvm_record *r, uint32_t reg, uint32_t width, uint64_t value)
{
	for (uint32_t i = 0; i < width; i++) {
		uint32_t at = reg - KVM_RING_REGS + i;

		r->regs[at / 8] &= ~(0xffull << at % 8 * 8);
		r->regs[at / 8] |= (value >> 8 * i & 0xff) << at % 8 * 8;
		r->known[at / 8] |= 0xffull << at % 8 * 8;
	}
}

/* A write of CORBWP of a ring at 1 MiB that came up to @wp with @due words, @fresh of them its own. */
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

/* Feeds @rec to the model as the pipeline does; what it wants is served from the record. */
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
	r = access_of(0x40, 1 << 20);
	r.width = 8;
	feed(hda, &r, &lost);
	r = access_of(0x4a, 0x8000);
	feed(hda, &r, &lost);
	r = access_of(0x4c, 2);
	r.width = 1;
	feed(hda, &r, &lost);
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
	r = access_of(0x40, 1 << 20);
	r.width = 8;
	feed(hda, &r, &lost);
	r = access_of(0x4a, 0x8000);
	feed(hda, &r, &lost);
	r = access_of(0x4c, 2);
	r.width = 1;
	feed(hda, &r, &lost);
	r = corbwp(1, 1, 1);
	feed(hda, &r, &lost);
	/* nine announcements were lost, their words are still there: but copied late */
	r = corbwp(11, 1, 10);
	r.lost = 9;
	feed(hda, &r, &lost);
	assert_int_equal(lost, 9);
	/* a whole ring and more: 256 of the 300 are gone */
	r = corbwp((11 + 300) & 255, 1, 300);
	r.lost = 9 + 299;
	feed(hda, &r, &lost);
	/* a record that comes late does not count backwards */
	r = corbwp((11 + 301) & 255, 1, 1);
	r.lost = 9;
	feed(hda, &r, &lost);
	assert_int_equal(lost, 308);
	t = take(hda, true);
	assert_int_equal(t.missing, 256);
	assert_int_equal(t.verbs, 1 + 10 + 44 + 1);
	assert_int_equal(t.gaps, 3);
	/* nothing that was read late is called exact without a horizon */
	assert_true(t.suspect >= 10);
	assert_int_equal(t.last, 0x000f0000 + ((11 + 301) & 255));
	hda_destroy(hda);
}

/* The ring was set up in records that were lost: what they did is repeated. */
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

/* Only what was copied is served, to the byte. */
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

/* --- places ---------------------------------------------------------------------------- */

static struct pci_audios parsed(const char *text)
{
	struct json_object *o = json_tokener_parse(text);
	struct pci_audios a = { 0 };

	assert_null(pci_audio_parse(o, &a));
	json_object_put(o);
	return a;
}

#define DEVICE(bus, slot, id, address) \
	"{\"bus\":" bus ",\"slot\":" slot ",\"function\":0,\"qdev_id\":\"" id "\"," \
	"\"class_info\":{\"class\":1027},\"regions\":[{\"bar\":0,\"type\":\"memory\"," \
	"\"size\":16384,\"address\":" address "},{\"bar\":9,\"type\":\"memory\",\"size\":1," \
	"\"address\":5},{\"bar\":1,\"type\":\"io\",\"size\":32,\"address\":49152}]}"
#define BUS(devices) "[{\"bus\":0,\"devices\":[" devices "]}]"

static void test_places(void **state)
{
	struct pci_audios a = parsed(BUS(DEVICE("0", "27", "hda0", "4273799168")));
	struct bar_map p = { 0 };
	struct kvm_region where;
	struct mapped_controller *o;

	assert_int_equal(a.count, 1);
	assert_string_equal(a.list[0].place, "0000:00:1b.0");
	assert_int_equal(a.list[0].bar[0].start, 4273799168);
	assert_int_equal(a.list[0].bar[1].size, 0);
	assert_null(bar_map_update(&p, &a, NULL, 100, NULL));
	pci_audio_deinit(&a);
	o = bar_map_find(&p, 4273799168 + 0x48, 50, &where);
	assert_non_null(o);
	assert_int_equal(where.offset, 0x48);
	assert_int_equal(where.bar, 0);
	assert_string_equal(o->name, "0000:00:1b.0");
	assert_null(bar_map_find(&p, 4273799168 + 16384, 50, &where));
	assert_null(bar_map_find(&p, 4273799168 - 1, 50, &where));
	/* it moves: what was done before QEMU was asked again was still done at the old place */
	o->ctrl = 0;
	a = parsed(BUS(DEVICE("0", "27", "hda0", "4274000000000")));
	assert_null(bar_map_update(&p, &a, NULL, 200, NULL));
	pci_audio_deinit(&a);
	assert_ptr_equal(bar_map_find(&p, 4274000000000, 300, &where), o);
	assert_true(o->moved);
	assert_ptr_equal(bar_map_find(&p, 4273799168 + 8, 150, &where), o);
	assert_null(bar_map_find(&p, 4273799168 + 8, 250, &where));
	/* it is switched off, and is back */
	a = parsed(BUS(DEVICE("0", "27", "hda0", "-1")));
	assert_null(bar_map_update(&p, &a, NULL, 400, NULL));
	pci_audio_deinit(&a);
	assert_null(bar_map_find(&p, 4274000000000, 450, &where));
	a = parsed(BUS(DEVICE("0", "27", "hda0", "4273799168")));
	assert_null(bar_map_update(&p, &a, NULL, 500, NULL));
	pci_audio_deinit(&a);
	assert_ptr_equal(bar_map_find(&p, 4273799168, 550, &where), o);
	assert_int_equal(p.owners, 1);
	bar_map_deinit(&p);
}

static void test_places_wanted(void **state)
{
	const char *two = BUS(DEVICE("0", "16", "a", "1048576") ",{\"bus\":0,\"pci_bridge\":"
			      "{\"devices\":[" DEVICE("3", "2", "b", "2097152") "]}}");
	const char *names[] = { "b", "0000:03:02.0" };

	for (int i = 0; i < 2; i++) {
		struct pci_audios a = parsed(two);
		struct bar_map p = { 0 };
		struct kvm_region where;

		assert_int_equal(a.count, 2);
		assert_null(bar_map_update(&p, &a, names[i], 1, NULL));
		assert_null(bar_map_find(&p, 1048576, 1, &where));
		assert_string_equal(bar_map_find(&p, 2097152, 1, &where)->name, "0000:03:02.0");
		bar_map_deinit(&p);
		pci_audio_deinit(&a);
	}
}

/* A monitor that answers nonsense names no controller, and breaks nothing. */
static void test_places_hostile(void **state)
{
	static const char *const texts[] = {
		"null", "{}", "[]", "[1]", "[{\"devices\":3}]", "[{\"devices\":[null,[],{}]}]",
		BUS("{\"class_info\":{\"class\":1027},\"regions\":{\"a\":1}}"),
		BUS("{\"class_info\":{\"class\":1027},\"regions\":[null,{},{\"bar\":0,"
		    "\"type\":\"memory\",\"size\":16,\"address\":-5}]}"),
		BUS("{\"class_info\":{\"class\":1027},\"slot\":-1,\"bus\":99999999999,"
		    "\"regions\":[{\"bar\":-1,\"type\":\"memory\",\"size\":-1,\"address\":1}]}"),
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct pci_audios a = parsed(texts[i]);
		struct bar_map p = { 0 };
		struct kvm_region where;

		assert_null(bar_map_update(&p, &a, NULL, 1, NULL));
		assert_null(bar_map_find(&p, 4096, 1, &where));
		bar_map_deinit(&p);
		pci_audio_deinit(&a);
	}
}

/* An answer settles only what is known to be done, however far behind the reader is. */
static void test_carried_out(void **state)
{
	const int64_t s = 1000000000, written = 500 * s;
	struct kvm_control c = { .generation = 7, .applied = 6, .config_time = (uint64_t)written };

	(void)state;
	assert_false(kvm_config_carried_out(&c, 7, written));
	/* QEMU may wait that long for its lock on a busy machine */
	assert_false(kvm_config_carried_out(&c, 7, written + 5 * s));
	assert_true(kvm_config_carried_out(&c, 7, written + 11 * s));
	c.applied = 7;
	assert_true(kvm_config_carried_out(&c, 7, written));
	/* one that came back from an earlier write says nothing of this one */
	c.generation = 8;
	assert_false(kvm_config_carried_out(&c, 8, written));
}

/* The ends of logs as libbpf hands them on. */
static void test_verifier_reasons(void **state)
{
	static const struct { const char *log, *reason; } cases[] = {
		/* 6.1, 6.12 */
		{ "libbpf: prog 'on_mmio': -- BEGIN PROG LOAD LOG --\n"
		  "0: R1=ctx() R10=fp0\n"
		  "49: (85) call bpf_probe_read_kernel#113\n"
		  "R2 min value is negative, either use unsigned or 'var &= const'\n"
		  "processed 43 insns (limit 1000000) max_states_per_insn 0 total_states 3\n"
		  "-- END PROG LOAD LOG --\n",
		  "R2 min value is negative, either use unsigned or 'var &= const'" },
		/* 7.3 explains */
		{ "libbpf: prog 'on_mmio': -- BEGIN PROG LOAD LOG --\n"
		  "0: (79) r0 = *(u64 *)(r9 +0)\n"
		  "R9 !read_ok\n"
		  "\n"
		  "Verification failed: Register Type Safety: Unreadable register\n"
		  "\n"
		  "Reason:\n"
		  "  R9 has never been initialized on this path.\n"
		  "\n"
		  "Suggestion:\n"
		  "  Initialize R9 on every path before this instruction.\n"
		  "\n"
		  "processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0\n",
		  "R9 !read_ok" },
		{ "R9 !read_ok\nprocessed 1 insns\n", "R9 !read_ok" },
		{ "\nprocessed 1 insns\n", NULL },
		{ "processed 1 insns\n", NULL },
		{ "libbpf: prog 'on_mmio': failed to load: -13\n", NULL },
		{ "it has processed 1 insns\n", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char out[64] = "as it was";

		assert_int_equal(verifier_log_reason(cases[i].log, out, sizeof(out)),
				 cases[i].reason != NULL);
		assert_string_equal(out, cases[i].reason ? cases[i].reason : "as it was");
	}
	char small[8] = "";

	assert_true(verifier_log_reason("R9 !read_ok\nprocessed 1 insns\n", small, sizeof(small)));
	assert_string_equal(small, "R9 !rea");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_ring_hostile),
		cmocka_unit_test(test_events_exact),
		cmocka_unit_test(test_events_lost),
		cmocka_unit_test(test_events_setup),
		cmocka_unit_test(test_odd_widths),
		cmocka_unit_test(test_copy_bounds),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_carried_out),
		cmocka_unit_test(test_places_wanted),
		cmocka_unit_test(test_places_hostile),
		cmocka_unit_test(test_verifier_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
