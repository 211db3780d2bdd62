// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reading end of the ring buffer, with valid and with damaged memory. The records are
 * made by hand, as the program makes them.
 */
#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "live/kvm/kvm_ring.h"

#define SIZE 16384

struct fake {
	uint64_t consumer, producer;
	/* the second half as the kernel maps it: the first one again */
	uint8_t data[2 * SIZE];
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

/* A record as the kernel writes it: its header, its bytes, padding to 8. */
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
		/* the room is given back when the next record is read, not before */
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
	/* one that is still being written holds back those after it */
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

static struct kvm_record full_record(uint32_t size)
{
	struct kvm_record r = access_of(1, 1);

	r.full = 1;
	r.size = size;
	return r;
}

/* Damage in the ring's own words. */
static void test_ring_hostile(void **state)
{
	static const struct {
		uint32_t len;		/* length of the record that is written, 0 = none */
		bool empty;		/* without its bytes */
		/* the bytes claimed to be in use; negative: fewer than were written */
		int64_t producer;
	} cases[] = {
		/* more in use than the buffer has */
		{ .producer = SIZE + 8 },
		{ .producer = 4 },				/* less than a header */
		{ .len = KVM_RECORD_SHORT, .producer = -8 },	/* longer than what is in use */
		{ .len = 0x3fffffff, .empty = true, .producer = 64 },
		{ .len = KVM_RECORD_SHORT - 1 },		/* too short for a record */
	};
	const struct kvm_record r = access_of(1, 1);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake *f = fake_make();

		if (cases[i].len)
			put(f, cases[i].empty ? NULL : &r, cases[i].len, 0);
		if (cases[i].producer < 0)
			f->producer -= (uint64_t)-cases[i].producer;
		else if (cases[i].producer)
			f->producer = (uint64_t)cases[i].producer;
		refused(f);
	}
}

/* Damage in a record's fields. */
static void test_record_hostile(void **state)
{
	struct kvm_record bad[4 + 2 * 3];
	uint32_t len[ARRAY_SIZE(bad)], n = 0;

	bad[n] = access_of(1, 1);
	bad[n++].size++;			/* another length than the ring says */
	bad[n] = access_of(1, 1);
	bad[n++].width = 9;
	bad[n] = access_of(1, 1);
	bad[n++].kind = KVM_RECORD_KINDS;
	bad[n] = access_of(1, 1);
	bad[n++].full = 1;			/* it claims more data than it has */
	for (uint32_t i = 0; i < n; i++)
		len[i] = KVM_RECORD_SHORT;
	for (int i = 0; i < 2; i++) {
		/* copies that go beyond its end */
		len[n] = KVM_RECORD_FULL + 8;
		bad[n] = full_record(len[n]);
		bad[n++].piece[i] = (struct kvm_piece){ .gpa = 4096, .len = 16 };
		len[n] = sizeof(*bad);
		bad[n] = full_record(len[n]);
		bad[n++].piece[i] = (struct kvm_piece){ .gpa = 4096, .len = KVM_COPY_MAX + 1 };
		/* an impossible ring */
		len[n] = sizeof(*bad);
		bad[n] = full_record(len[n]);
		bad[n++].piece[i] = (struct kvm_piece){ .gpa = 4096, .len = 4, .ring = 2 };
	}
	assert_int_equal(n, ARRAY_SIZE(bad));
	for (uint32_t i = 0; i < n; i++) {
		struct fake *f = fake_make();

		put(f, &bad[i], len[i], 0);
		refused(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_ring_hostile),
		cmocka_unit_test(test_record_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
