/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The feed from KVM's tracepoint kvm:kvm_mmio, by a BPF program (kvm.bpf.c).
 *
 * An access comes with a copy of the ring entries that it announces, made in
 * the vCPU's thread before the access has any effect: EV_MEM of ORIGIN_BPF,
 * exact without a horizon.  What was not copied (the ring's base was set before
 * the capture began, the page was swapped out, records were lost) is read
 * afterwards, as the trace feed does, with its horizon.
 *
 * Where the controllers' registers are QEMU is asked over its monitor, whenever
 * the guest has written to PCI configuration and before the next access is given
 * out; until it has answered, the program tells of every access to anything, so
 * that none of theirs is missed.
 */
#ifndef HDADUMP_LIVE_KVM_FEED_KVM_H
#define HDADUMP_LIVE_KVM_FEED_KVM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "live/feed.h"
#include "qemu/guest_memory.h"

struct devices;
struct err;
struct event_queue;
struct trace_feed;

struct kvm_feed_options {
	pid_t pid;			/* QEMU's, 0: unknown */
	struct devices *devices;	/* its monitor, and who is wanted; not owned */
	struct guestmem *mem;		/* not owned */
	uint32_t buffer;		/* bytes of the ring buffer, 0: KVM_BUFFER_DEFAULT */
	/* A trace that may still say something; passed on, owned from here on.  NULL: none. */
	struct trace_feed *beside;
};

/*
 * The guest stands still and its controllers' registers were looked at, with
 * what @looks holds (EV_MMIO_READ, origin monitor): what came until now is
 * older, and is dropped; the program goes on from there.
 */
void kvm_feed_begin(struct feed *f, const struct event_queue *looks);

enum capture_via { VIA_AUTO, VIA_BPF, VIA_TRACE };

/* "64K", "16M"; from one page to a gigabyte. */
struct err *kvm_feed_parse_buffer(const char *text, uint32_t *bytes);

/*
 * Chooses between this feed and QEMU's trace and says which and why: this one
 * for a guest under KVM where the kernel lets us.  *out is NULL when it is to be
 * the trace; @opt->beside then stays the caller's, as on an error.  VIA_BPF
 * where it cannot be done is an error that names the cause and what to do.
 */
struct err *kvm_feed_choose(const struct kvm_feed_options *opt, enum capture_via via, bool strict,
			    enum memory_route memory, struct feed **out);

#endif
