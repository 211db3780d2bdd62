/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which guest addresses are whose registers, as QEMU last told, and the BPF
 * program told of it.
 */
#ifndef HDADUMP_LIVE_KVM_BAR_MAP_H
#define HDADUMP_LIVE_KVM_BAR_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "qemu/pci_audio.h"

struct err;
struct kvm_probe;
struct qmp;

struct kvm_control;

struct kvm_owner {
	char *name;		/* of the controller: its host's address, or the guest's */
	char *id;		/* QEMU's */
	char place[16];		/* in the guest */
	bool passed_through;
	bool moved;		/* its registers have another place than at first */
	int ctrl;		/* -1: not seen yet */
	struct pci_bar bar[PCI_BARS];
	struct pci_bar old[PCI_BARS];	/* where they were ... */
	int64_t old_until;	/* ... for accesses before this (CLOCK_MONOTONIC) */
};

/* One stretch that the program was told of, now or once. */
struct kvm_stretch {
	uint64_t number;
	uint64_t lost;		/* records of it, as far as was told */
	struct kvm_owner *owner;
	bool told;		/* the program has it as ours now */
};

struct kvm_places {
	struct kvm_owner **owner;
	size_t owners;
	struct kvm_stretch *stretch;
	size_t stretches;
};

/* Where an access lies in its device. */
struct kvm_region {
	uint64_t offset;
	uint8_t bar;
};

void kvm_places_deinit(struct kvm_places *p);
/*
 * Takes what QEMU answered at @now; only what is called @only, if not NULL.
 * @probe may be NULL in tests.
 */
struct err *kvm_places_update(struct kvm_places *p, const struct pci_audios *found,
			      const char *only, int64_t now, struct kvm_probe *probe);
/* Whose register an access to @gpa at @time was; NULL: none. */
struct kvm_owner *kvm_places_find(struct kvm_places *p, uint64_t gpa, int64_t time,
				  struct kvm_region *region);
struct kvm_stretch *kvm_places_stretch(struct kvm_places *p, uint64_t number);
/*
 * Whether QEMU has acted on the write of configuration that made this
 * @generation: its thread has come back since, or all patience is over.  Only
 * then an answer of QEMU's may settle what is left out.
 */
bool kvm_config_carried_out(const struct kvm_control *c, uint32_t generation, int64_t now);
/* Where PCI configuration space lies in memory; size 0: nowhere. */
struct err *kvm_places_ecam(struct qmp *q, uint64_t *start, uint64_t *size);

#endif
