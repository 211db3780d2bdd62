/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The feed from KVM's tracepoint kvm:kvm_mmio, with a BPF program (kvm.bpf.c).
 *
 * An access comes with a copy of the ring entries that it announces, made in the vCPU's
 * thread before the access has any effect: EV_MEM of ORIGIN_BPF, exact without a horizon.
 * What was not copied (the ring's base was set before the capture began, the page was swapped
 * out, records were lost) is read afterwards, as in the trace feed, with a horizon.
 *
 * QEMU's monitor gives the addresses of the controllers' registers: it is asked after each
 * write of the guest to PCI configuration, before the next access is given out; until it has
 * answered, the program sends every access to any device, so that none is missed.
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
	pid_t pid;			/* QEMU's process; 0 = unknown */
	struct devices *devices;	/* its monitor, and the wanted controllers; not owned */
	struct guestmem *mem;		/* not owned */
	uint32_t buffer;		/* bytes of the ring buffer; 0 = KVM_BUFFER_DEFAULT */
	/* A trace that may still have lines; they are printed; owned from here on. NULL = none. */
	struct trace_feed *beside;
};

/*
 * The guest is paused, and the registers of its controllers were read into @looks
 * (EV_MMIO_READ, origin monitor): earlier records are dropped, and the program continues with
 * these values.
 */
void kvm_feed_begin(struct feed *f, const struct event_queue *looks);

enum capture_via { VIA_AUTO, VIA_BPF, VIA_TRACE };

/* Parses "64K", "16M"; from one page to a gigabyte. */
struct err *kvm_feed_parse_buffer(const char *text, uint32_t *bytes);

/*
 * Chooses between this feed and QEMU's trace, and reports the choice and the reason: this one
 * for a guest under KVM if the kernel allows it. *out is NULL for the trace; @opt->beside
 * then stays the caller's, as after an error. If VIA_BPF is impossible, the error names the
 * cause and what to do.
 */
struct err *kvm_feed_choose(const struct kvm_feed_options *opt, enum capture_via via, bool strict,
			    enum memory_route memory, struct feed **out);

#endif
