// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/kvm/kvm_ring.h"

#include <linux/bpf.h>

#include "base/err.h"

#define HEADER BPF_RINGBUF_HDR_SZ

/* Checks the lengths in a record once, although our own program wrote them. */
static bool sound(const struct kvm_record *rec, uint32_t len)
{
	uint64_t end = KVM_RECORD_FULL;

	if (len < KVM_RECORD_SHORT || rec->size != len || rec->kind >= KVM_RECORD_KINDS)
		return false;
	if (rec->width < 1 || rec->width > 8)
		return false;
	if (!rec->full)
		return true;
	if (len < KVM_RECORD_FULL)
		return false;
	for (int i = 0; i < 2; i++) {
		if (rec->piece[i].len > KVM_COPY_MAX || rec->piece[i].ring > 1)
			return false;
		if (rec->piece[i].len)
			end = KVM_RECORD_FULL + (uint64_t)i * KVM_COPY_MAX + rec->piece[i].len;
	}
	return len >= end;
}

struct err *kvm_ring_next(struct kvm_ring *r, const struct kvm_record **rec)
{
	*rec = NULL;
	kvm_ring_release(r);	/* a discarded record: gives its room back to the kernel */
	for (;;) {
		uint64_t there = __atomic_load_n(r->producer, __ATOMIC_ACQUIRE) - r->next;
		const uint8_t *at = r->data + (r->next & (r->size - 1));

		if (!there)
			return NULL;
		if (there > r->size || there < HEADER)
			return err_new(ERR_FORMAT, "the BPF ring buffer is damaged: %llu of its "
				       "%llu bytes are in use", (unsigned long long)there,
				       (unsigned long long)r->size);
		uint32_t len = __atomic_load_n((const uint32_t *)at, __ATOMIC_ACQUIRE);

		if (len & BPF_RINGBUF_BUSY_BIT)
			return NULL;
		bool discarded = len & BPF_RINGBUF_DISCARD_BIT;

		len &= ~BPF_RINGBUF_DISCARD_BIT;
		if (len > there - HEADER)
			return err_new(ERR_FORMAT, "the BPF ring buffer is damaged: a record of "
				       "%u bytes where %llu are in use", len,
				       (unsigned long long)there);
		r->next += ((uint64_t)len + HEADER + 7) & ~7ull;
		if (discarded)
			continue;
		const struct kvm_record *found = (const struct kvm_record *)(at + HEADER);

		if (!sound(found, len))
			return err_new(ERR_FORMAT, "the BPF ring buffer is damaged: %u bytes that "
				       "are not a record", len);
		*rec = found;
		return NULL;
	}
}

uint64_t kvm_ring_horizon(const struct kvm_ring *r)
{
	return __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
}
