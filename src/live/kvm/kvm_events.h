/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of the BPF program made events: the access itself, before it what was
 * lost, and the bytes that came with it.  Pure; tests feed it records by hand.
 */
#ifndef HDADUMP_LIVE_KVM_KVM_EVENTS_H
#define HDADUMP_LIVE_KVM_KVM_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event_queue.h"
#include "live/kvm/kvm_record.h"

/*
 * The events of @rec, an access to @offset of @bar of @ctrl.  *lost (may be NULL)
 * is what is known to be lost of its window, and is brought up to date.  @clock
 * is added to the record's time.
 */
void kvm_events_make(const struct kvm_record *rec, uint64_t *lost, uint16_t ctrl, uint8_t bar,
		     uint64_t offset, int64_t clock, struct event_queue *out);

/*
 * The bytes of @len at guest-physical @addr, if they came with @rec; NULL
 * otherwise.  *fresh: all of them were announced by this very access.
 */
const uint8_t *kvm_events_copy(const struct kvm_record *rec, uint64_t addr, uint32_t len,
			       bool *fresh);

#endif
