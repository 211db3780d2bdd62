/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes events from records of the BPF program: first what was lost, then the access itself,
 * and the bytes that came with it. Pure; tests give it records made by hand.
 */
#ifndef HDADUMP_LIVE_KVM_KVM_EVENTS_H
#define HDADUMP_LIVE_KVM_KVM_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event_queue.h"
#include "live/kvm/kvm_record.h"

/*
 * The events of @rec, an access to @offset of @bar of @ctrl. *lost (may be NULL) is the
 * number of losses of its window reported so far, and is updated. @clock is added to the
 * record's time.
 */
void kvm_events_make(const struct kvm_record *rec, uint64_t *lost, uint16_t ctrl, uint8_t bar,
		     uint64_t offset, int64_t clock, struct event_queue *out);

/*
 * The @len bytes at guest-physical @addr if they came with @rec, otherwise NULL. *fresh: all
 * of them were announced by this access.
 */
const uint8_t *kvm_events_copy(const struct kvm_record *rec, uint64_t addr, uint32_t len,
			       bool *fresh);

#endif
