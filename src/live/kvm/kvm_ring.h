/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reading end of a BPF ring buffer, in memory that it shares with the kernel.
 *
 * libbpf's own reader pushes records at a callback; a source gives one event
 * when it is asked for one, and has to know how much was under way when it read
 * memory.  Layout: the kernel's Documentation/bpf/ringbuf.rst and
 * kernel/bpf/ringbuf.c; each record has a header of 8 bytes, its length with
 * two flags first, and begins at a multiple of 8.
 */
#ifndef HDADUMP_LIVE_KVM_KVM_RING_H
#define HDADUMP_LIVE_KVM_KVM_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/kvm/kvm_record.h"

struct err;

struct kvm_ring {
	uint64_t *consumer;		/* how far we have read; we write it */
	const uint64_t *producer;	/* how far the kernel has given out room */
	const uint8_t *data;		/* mapped twice, one behind the other: no record is split */
	uint64_t size;			/* of data once, a power of two */
	uint64_t next;			/* behind the record given last, which is held until then */
};

/*
 * The next record, where it lies; *rec is NULL when there is none yet.  It stays
 * valid until the next call.  What cannot be a record is an error.
 */
struct err *kvm_ring_next(struct kvm_ring *r, const struct kvm_record **rec);
/* The record given last is done with: while it is held, the descriptor stays readable. */
static inline void kvm_ring_release(struct kvm_ring *r)
{
	__atomic_store_n(r->consumer, r->next, __ATOMIC_RELEASE);
}

/* Everything that was under way until now lies before this position ... */
uint64_t kvm_ring_horizon(const struct kvm_ring *r);
/* ... and everything that was given out, before this one. */
static inline uint64_t kvm_ring_position(const struct kvm_ring *r)
{
	return r->next;
}

#endif
