// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The BPF program between a driver with its device, and the model. Records are lost at
 * random; whatever is lost, no verb may be at a wrong place or wrongly exact.
 *
 *     test_kvm_bpf                the source, compiled for user space
 *     test_kvm_bpf OBJECT         and what a compiler made of it for the kernel, interpreted:
 *                                 it has to send the same records, byte by byte
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "live/kvm/kvm.bpf.c"
#pragma GCC diagnostic pop
#undef NULL

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "bpf/machine.h"
#include "hda/hda.h"
#include "live/kvm/kvm_events.h"

#define BAR 0xfebf4000ull
#define RAM 0x100000ull
#define RAM_SIZE 0x10000
#define VERBS_MAX 20000

/* --- the kernel's part -------------------------------------------------------- */

static struct {
	uint8_t ram[RAM_SIZE];
	uint32_t verdict;
	struct kvm_place place;
	bool have_place;
	struct kvm_record scratch;
	uint64_t time;
	/* the records in the ring buffer */
	struct kvm_record *queue;
	size_t head, tail;
	int losing;		/* so many more records are lost */
	bool lossy;		/* losses may begin at any access */
	unsigned int seed;
} w;

static unsigned int dice(unsigned int n)
{
	w.seed = w.seed * 1103515245 + 12345;
	return (w.seed >> 16) % n;
}

void *bpf_map_lookup_elem(void *map, const void *key)
{
	if (map == &verdicts)
		return &w.verdict;
	if (map == &places)
		return w.have_place ? &w.place : NULL;
	return &w.scratch;
}

long bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags)
{
	w.place = *(const struct kvm_place *)value;
	w.have_place = true;
	return 0;
}

long bpf_probe_read_user(void *to, __u32 size, const void *from)
{
	assert_true((const uint8_t *)from >= w.ram);
	assert_true((const uint8_t *)from + size <= w.ram + RAM_SIZE);
	memcpy(to, from, size);
	return 0;
}

long bpf_probe_read_kernel(void *to, __u32 size, const void *from)
{
	memcpy(to, from, size);
	return 0;
}

#define QUEUE 4096

/* FNV-1a of all records ever sent: one number for everything that the program did. */
#define DIGEST_BEGINS 0xcbf29ce484222325ull
static uint64_t digest = DIGEST_BEGINS;

long bpf_ringbuf_output(void *map, void *data, __u64 size, __u64 flags)
{
	assert_true(size <= sizeof(struct kvm_record));
	for (__u64 i = 0; i < size; i++)
		digest = (digest ^ ((const uint8_t *)data)[i]) * 0x100000001b3ull;
	if (w.lossy && !w.losing && dice(300) == 0)
		w.losing = 1 + (dice(4) ? dice(30) : dice(3000));
	if (w.losing || w.tail - w.head == QUEUE) {
		w.losing -= w.losing > 0;
		return -1;
	}
	memcpy(&w.queue[w.tail++ % QUEUE], data, size);
	return 0;
}

__u64 bpf_ringbuf_query(void *map, __u64 flags)
{
	return 0;
}

__u64 bpf_get_current_pid_tgid(void)
{
	return 77ull << 32 | 78;
}

long bpf_get_ns_current_pid_tgid(__u64 dev, __u64 ino, struct bpf_pidns_info *ns, __u32 size)
{
	return -1;
}

__u64 bpf_ktime_get_ns(void)
{
	return w.time += 1000;
}

/* --- the program ------------------------------------------------------------------ */

static struct machine *object;	/* NULL = the source */

static void *symbol(const char *name)
{
	const struct {
		const char *name;
		void *at;
	} ours[] = {
		{ "verdicts", &verdicts }, { "places", &places }, { "scratch", &scratch },
		{ "records", &records }, { "control", &control },
	};

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strcmp(name, ours[i].name) == 0)
			return ours[i].at;
	return NULL;
}

#define AT(n) ((void *)(uintptr_t)a[n])

static uint64_t helper(uint32_t number, const uint64_t *a)
{
	switch (number) {
	case BPF_FUNC_map_lookup_elem:
		return (uintptr_t)bpf_map_lookup_elem(AT(0), AT(1));
	case BPF_FUNC_map_update_elem:
		return (uint64_t)bpf_map_update_elem(AT(0), AT(1), AT(2), a[3]);
	case BPF_FUNC_probe_read_user:
		return (uint64_t)bpf_probe_read_user(AT(0), (__u32)a[1], AT(2));
	case BPF_FUNC_probe_read_kernel:
		return (uint64_t)bpf_probe_read_kernel(AT(0), (__u32)a[1], AT(2));
	case BPF_FUNC_ringbuf_output:
		return (uint64_t)bpf_ringbuf_output(AT(0), AT(1), a[2], a[3]);
	case BPF_FUNC_ringbuf_query:
		return bpf_ringbuf_query(AT(0), a[1]);
	case BPF_FUNC_get_current_pid_tgid:
		return bpf_get_current_pid_tgid();
	case BPF_FUNC_get_ns_current_pid_tgid:
		return (uint64_t)bpf_get_ns_current_pid_tgid(a[0], a[1], AT(2), (__u32)a[3]);
	case BPF_FUNC_ktime_get_ns:
		return bpf_ktime_get_ns();
	}
	fail_msg("unknown helper %u", number);
	return 0;
}

static void run_mmio(uint64_t *args)
{
	if (object)
		assert_int_equal(machine_run(object, "raw_tp/kvm_mmio", args), 0);
	else
		on_mmio((struct bpf_raw_tracepoint_args *)args);
}

static void run_pio(uint64_t *args)
{
	if (object)
		assert_int_equal(machine_run(object, "raw_tp/kvm_pio", args), 0);
	else
		on_pio((struct bpf_raw_tracepoint_args *)args);
}

/* --- the guest ------------------------------------------------------------------ */

static struct {
	uint64_t corb, rirb;	/* addresses of its rings */
	uint32_t corb_wp, rirb_wp, seen;
	uint32_t verb[VERBS_MAX], response[VERBS_MAX];
	unsigned int n;
} g;

static void access_at(uint32_t offset, uint32_t width, uint64_t value, bool write)
{
	uint64_t args[4] = { write ? MMIO_WRITE : MMIO_READ, width, BAR + offset,
			     (uint64_t)(uintptr_t)&value };

	run_mmio(args);
}

static void wr(uint32_t offset, uint32_t width, uint64_t value)
{
	access_at(offset, width, value, true);
}

static void rd(uint32_t offset, uint32_t width, uint64_t value)
{
	access_at(offset, width, value, false);
}

/* The accesses of snd_hda_intel: reset, rings, pointers, run. */
static void set_up(bool reset_it, uint64_t where)
{
	if (reset_it) {
		wr(0x08, 4, 0);
		wr(0x08, 4, 1);
	}
	g.corb = RAM + where;
	g.rirb = g.corb + 0x800;
	wr(0x4c, 1, 0);
	wr(0x5c, 1, 0);
	wr(0x40, 4, g.corb);
	wr(0x44, 4, 0);
	wr(0x4e, 1, 2);
	wr(0x48, 2, 0);
	wr(0x4a, 2, 0x8000);
	wr(0x4a, 2, 0);
	wr(0x4c, 1, 2);
	wr(0x50, 4, g.rirb);
	wr(0x54, 4, 0);
	wr(0x5e, 1, 2);
	wr(0x58, 2, 0x8000);
	wr(0x5c, 1, 3);
	g.corb_wp = g.rirb_wp = g.seen = 0;
}

/* @n verbs with one write of CORBWP; the device answers them. */
static void batch(unsigned int n)
{
	uint32_t first = g.n;

	rd(0x48, 2, g.corb_wp);
	for (unsigned int i = 0; i < n; i++, g.n++) {
		assert_true(g.n < VERBS_MAX);
		g.verb[g.n] = 0x00200000 | (g.n & 0xfffff);
		g.response[g.n] = g.n * 2654435761u;
		g.corb_wp = (g.corb_wp + 1) & 255;
		memcpy(w.ram + (g.corb - RAM) + g.corb_wp * 4, &g.verb[g.n], 4);
	}
	wr(0x48, 2, g.corb_wp);
	for (uint32_t i = first; i < g.n; i++) {
		const uint32_t pair[2] = { g.response[i], 0 };

		g.rirb_wp = (g.rirb_wp + 1) & 255;
		memcpy(w.ram + (g.rirb - RAM) + g.rirb_wp * 8, pair, 8);
	}
	rd(0x24, 4, 0x40000000);
	rd(0x5d, 1, 1);
	wr(0x5d, 1, 5);
	rd(0x58, 2, g.rirb_wp);
}

/* --- the reader ------------------------------------------------------------------ */

static struct reading {
	struct hda *hda;
	uint64_t lost;
	size_t horizon[64];	/* of late reads: positions in the queue */
	unsigned int horizons, late, copied;
	/* results */
	unsigned int at, gaps, exact, wrong, missing;
} r;

static void judge(void)
{
	struct xact x;

	while (hda_next_xact(r.hda, &x)) {
		if (x.kind == XACT_GAP) {
			r.gaps++;
			if (x.gap == GAP_VERBS) {
				r.at += x.count;
				r.missing += x.count;
			}
		}
		if (!xact_is_verb(&x) || x.counted)
			continue;
		if (r.at >= g.n) {
			r.wrong++;
		} else if (x.has_verb && x.certainty != CERT_SUSPECT) {
			r.wrong += x.verb != g.verb[r.at];
			r.wrong += x.certainty == CERT_EXACT && x.has_resp &&
				   x.resp != g.response[r.at];
			r.exact += x.certainty == CERT_EXACT;
		}
		r.at++;
	}
}

static void tell_horizons(void)
{
	while (r.horizons && r.horizon[0] <= w.head) {
		memmove(r.horizon, r.horizon + 1, --r.horizons * sizeof(*r.horizon));
		assert_null(hda_feed(r.hda, &(struct event){ .kind = EV_HORIZON,
							     .value = r.horizons }));
	}
}

static void serve(const struct kvm_record *rec)
{
	struct mem_range want;

	while (hda_wants(r.hda, &want)) {
		bool fresh = false;
		const uint8_t *copy = kvm_events_copy(rec, want.addr, want.len, &fresh);
		struct event mem = {
			.kind = EV_MEM, .addr = want.addr, .len = want.len,
			.origin = fresh ? ORIGIN_BPF : ORIGIN_PROCESS,
			.data = copy ? copy : w.ram + (want.addr - RAM), .time = rec->time,
		};

		assert_true(want.addr >= RAM && want.addr + want.len <= RAM + RAM_SIZE);
		assert_null(hda_feed(r.hda, &mem));
		r.copied += copy != NULL;
		r.late += !copy;
		if (fresh)
			continue;
		assert_true(r.horizons < 64);
		r.horizon[r.horizons++] = copy ? w.head : w.tail;
	}
}

/* Reads up to @n records. */
static void read_some(size_t n)
{
	struct event_queue q = { 0 };
	struct event ev;

	for (; n && w.head < w.tail; n--) {
		const struct kvm_record rec = w.queue[w.head++ % QUEUE];

		kvm_events_make(&rec, &r.lost, 0, 0, rec.gpa - BAR, 0, &q);
		while (event_queue_get(&q, &ev)) {
			assert_null(hda_feed(r.hda, &ev));
			serve(&rec);
		}
		tell_horizons();
		judge();
	}
	event_queue_deinit(&q);
}

static void begin(unsigned int seed)
{
	struct kvm_record *queue = w.queue ? w.queue : calloc(QUEUE, sizeof(*queue));

	memset(&w, 0, sizeof(w));
	memset(&g, 0, sizeof(g));
	memset(&r, 0, sizeof(r));
	memset(&control, 0, sizeof(control));
	w.queue = queue;
	w.seed = seed;
	w.verdict = KVM_OURS | KVM_RINGS;
	control.tgid = 77;
	control.ram_count = 1;
	control.ram[0] = (struct kvm_ram){ RAM, RAM + RAM_SIZE - 1, (uintptr_t)w.ram };
	assert_null(hda_create(&r.hda));
	set_up(true, 0x1000);
}

static void finish(void)
{
	read_some(SIZE_MAX);
	assert_null(hda_finish(r.hda));
	judge();
	hda_destroy(r.hda);
}

static void nothing_lost(void **state)
{
	begin(1);
	for (unsigned int i = 0; i < 3000; i++) {
		if (i % 700 == 699) {
			read_some(SIZE_MAX);
			set_up(i % 1400 == 699, 0x1000 + dice(8) * 0x1000);
		}
		batch(1 + (dice(10) ? 0 : dice(250)));
		if (dice(3) == 0)
			read_some(dice(40));
		/* however late the reader is */
		if (w.tail - w.head > QUEUE / 2)
			read_some(SIZE_MAX);
		if (g.n > VERBS_MAX - 300)
			break;
	}
	finish();
	assert_int_equal(r.wrong, 0);
	assert_int_equal(r.gaps, 0);
	assert_int_equal(r.late, 0);
	assert_int_equal(r.at, g.n);
	assert_int_equal(r.exact, g.n);
}

/* Losses of 1 to 3000 accesses: in verbs, while rings are set up, in resets. */
static void much_lost(void **state)
{
	unsigned int lost = 0, exact = 0, sum = 0, missing = 0;

	for (unsigned int seed = 1; seed <= 200; seed++) {
		begin(seed);
		w.lossy = true;
		for (unsigned int i = 0; i < 2000 && g.n < VERBS_MAX - 600; i++) {
			if (dice(300) == 0)
				set_up(dice(2), 0x1000 + dice(8) * 0x1000);
			batch(1 + (dice(10) ? 0 : dice(250)));
			read_some(dice(3) ? SIZE_MAX : dice(40));
		}
		w.lossy = false;
		w.losing = 0;
		read_some(SIZE_MAX);
		batch(1);
		finish();
		if (r.wrong || r.at != g.n)
			printf("seed %u: %u wrong, %u of %u verbs\n", seed, r.wrong, r.at, g.n);
		assert_int_equal(r.wrong, 0);
		assert_int_equal(r.at, g.n);
		assert_true(r.gaps);
		lost += r.lost;
		exact += r.exact;
		missing += r.missing;
		sum += g.n;
	}
	printf("%u accesses lost; of %u verbs %u are exact, %u missing\n", lost, sum, exact, missing);
	assert_true(missing && exact > sum / 4);
}

/* Only rings of a known controller are read, and only inside RAM. */
static void reads_nothing_else(void **state)
{
	begin(1);
	w.verdict = KVM_OURS;
	batch(5);
	read_some(SIZE_MAX);
	assert_int_equal(r.copied, 0);
	hda_destroy(r.hda);
	begin(1);
	/* bpf_probe_read_user() above checks the addresses */
	wr(0x40, 8, RAM - 4);
	wr(0x48, 2, 200);
	wr(0x40, 8, RAM + RAM_SIZE - 128);
	wr(0x48, 2, 100);
	wr(0x40, 8, UINT64_MAX);
	wr(0x48, 2, 7);
	wr(0x40, 8, 0);
	wr(0x48, 2, 250);
	hda_destroy(r.hda);
	/* another process's guest is ignored */
	begin(1);
	w.head = w.tail = 0;
	control.tgid = 76;
	batch(5);
	assert_int_equal(w.tail, 0);
	hda_destroy(r.hda);
}

/* The one record that an access made; NULL = none. */
static const struct kvm_record *only(void)
{
	if (w.head == w.tail)
		return NULL;
	assert_int_equal(w.tail - w.head, 1);
	return &w.queue[w.head++ % QUEUE];
}

/* Every possible width, and impossible ones. */
static void widths(void **state)
{
	const uint64_t all = 0x1122334455667788ull;
	const struct kvm_record *rec;

	begin(1);
	read_some(SIZE_MAX);
	for (uint32_t width = 0; width < 20; width++) {
		access_at(0x68, width, all, true);
		rec = only();
		assert_true(!rec == (width == 0 || width > 8));
		if (!rec)
			continue;
		assert_int_equal(rec->width, width);
		assert_int_equal(rec->gpa, BAR + 0x68);
		assert_int_equal(rec->value, all & ~0ull >> (64 - 8 * width));
		assert_int_equal(rec->size, KVM_RECORD_SHORT);
	}
	hda_destroy(r.hda);
}

/*
 * PCI configuration through ports: writes to the command register and base addresses are
 * reported.
 */
static void configuration(void **state)
{
	const struct { uint32_t width; uint64_t told; } widths[] = {
		{ 0, 0 }, { 1, 0x88 }, { 2, 0x7788 }, { 4, 0x55667788 }, { 5, 0 }, { 8, 0 }, { 200, 0 },
	};
	uint64_t where = 0x8000d804, value = 0x1122334455667788ull;
	const struct kvm_record *rec;

	begin(1);
	read_some(SIZE_MAX);
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		uint64_t select[5] = { PIO_OUT, 0xcf8, 4, 1, (uintptr_t)&where };
		uint64_t write[5] = { PIO_OUT, 0xcfc, widths[i].width, 1, (uintptr_t)&value };
		uint32_t before = control.generation;

		run_pio(select);
		assert_null(only());
		assert_int_equal(control.config_address, where);
		run_pio(write);
		rec = only();
		assert_int_equal(rec != NULL, widths[i].told != 0);
		assert_int_equal(control.generation - before, widths[i].told != 0);
		if (!rec)
			continue;
		assert_int_equal(rec->kind, KVM_CONFIG);
		assert_int_equal(rec->gpa, where);
		assert_int_equal(rec->value, widths[i].told);
		assert_int_equal(rec->width, widths[i].width);
	}
	where = 0x8000d83c;	/* the interrupt line */
	uint64_t select[5] = { PIO_OUT, 0xcf8, 4, 1, (uintptr_t)&where };
	uint64_t write[5] = { PIO_OUT, 0xcfc, 1, 1, (uintptr_t)&value };

	run_pio(select);
	run_pio(write);
	assert_null(only());
	hda_destroy(r.hda);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths),
		cmocka_unit_test(configuration),
		cmocka_unit_test(nothing_lost),
		cmocka_unit_test(much_lost),
		cmocka_unit_test(reads_nothing_else),
	};

	int failed = cmocka_run_group_tests_name("live/kvm", tests, NULL, NULL);
	uint64_t of_source = digest;

	printf("digest of all records: %016" PRIx64 "\n", digest);
	if (argc == 1 || failed)
		return failed;
	object = machine_create(argv[1], symbol, helper);
	digest = DIGEST_BEGINS;
	failed = cmocka_run_group_tests_name("object", tests, NULL, NULL);
	machine_destroy(object);
	printf("digest of all records: %016" PRIx64 "\n", digest);
	if (digest != of_source)
		printf("%s does something else than its source\n", argv[1]);
	return failed || digest != of_source;
}
