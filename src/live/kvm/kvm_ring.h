/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reading end of a BPF ring buffer, in memory shared with the kernel.
 *
 * libbpf's own reader calls a callback for each record; but a source gives one event at each
 * call, and must know what was in progress when it read memory. Layout: the kernel's
 * Documentation/bpf/ringbuf.rst and kernel/bpf/ringbuf.c; each record has a header of 8
 * bytes, first its length with two flags, and begins at a multiple of 8.
 */
#ifndef HDADUMP_LIVE_KVM_KVM_RING_H
#define HDADUMP_LIVE_KVM_KVM_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/kvm/kvm_record.h"

struct err;

struct kvm_ring {
	uint64_t *consumer;		/* position up to which we have read; we write it */
	const uint64_t *producer;	/* position up to which the kernel has reserved room */
	/* mapped twice, one after the other, so that no record is split */
	const uint8_t *data;
	uint64_t size;			/* bytes of data once, a power of two */
	/* position after the last record given, which is held until then */
	uint64_t next;
};

/*
 * The next record, in place; *rec is NULL if there is none yet. It stays valid until the next
 * call. Data that cannot be a record are an error.
 */
struct err *kvm_ring_next(struct kvm_ring *r, const struct kvm_record **rec);
/* Releases the last record given: while it is held, the descriptor stays readable. */
static inline void kvm_ring_release(struct kvm_ring *r)
{
	__atomic_store_n(r->consumer, r->next, __ATOMIC_RELEASE);
}

/* The position after everything that is in progress now ... */
uint64_t kvm_ring_horizon(const struct kvm_ring *r);
/* ... and the position after everything that was given out. */
static inline uint64_t kvm_ring_position(const struct kvm_ring *r)
{
	return r->next;
}

#endif
