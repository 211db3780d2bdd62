/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BPF program (kvm.bpf.c), loaded and attached for one QEMU.
 *
 * All its parts in the kernel belong to descriptors of this process: when that ends, by kill
 * -9 too, the kernel detaches and frees everything.
 */
#ifndef HDADUMP_LIVE_KVM_KVM_PROBE_H
#define HDADUMP_LIVE_KVM_KVM_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "live/kvm/kvm_record.h"
#include "live/kvm/kvm_ring.h"
#include "qemu/mtree.h"

struct err;

/* Enough for more than a second of a guest that does nothing but send verbs. */
#define KVM_BUFFER_DEFAULT (4u << 20)

struct kvm_probe {
	struct kvm_skeleton *skel;
	struct kvm_control *control;	/* shared with the program */
	struct kvm_ring ring;
	int fd;			/* readable if much is waiting; read it now and then too */
	int verdicts, places;	/* maps */
	uint64_t missed;	/* runs that the kernel skipped, as last reported */
};

/* NULL if this machine can use BPF; otherwise the cause, and what to do. */
struct err *kvm_probe_possible(void);

/*
 * Loads it for QEMU's process @pid, with its guest RAM @ram. At first it sends the accesses
 * to every window. @buffer is in bytes, rounded up to a power of two.
 */
struct err *kvm_probe_create(pid_t pid, const struct ram_range *ram, size_t ranges,
			     uint32_t buffer, struct kvm_probe **out);
void kvm_probe_destroy(struct kvm_probe *p);

/* @verdict: of enum kvm_verdict. */
struct err *kvm_probe_verdict(struct kvm_probe *p, uint64_t window, uint32_t verdict);
void kvm_probe_no_verdict(struct kvm_probe *p, uint64_t window);
/* Sets the program's state of a window; the guest must be paused. */
void kvm_probe_seed(struct kvm_probe *p, uint64_t window, const struct kvm_place *place);
/* Number of lost records of this window since the beginning. */
uint64_t kvm_probe_lost(struct kvm_probe *p, uint64_t window);
/* Accesses that the program never saw or could not follow, since the last call. */
uint64_t kvm_probe_missed(struct kvm_probe *p);

#endif
