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

struct mapped_controller {
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

/* One window that the program was told of, now or once. */
struct bar_window {
	uint64_t number;
	uint64_t lost;		/* records of it, as far as was told */
	struct mapped_controller *owner;
	bool told;		/* the program has it as ours now */
};

struct bar_map {
	struct mapped_controller **owner;
	size_t owners;
	struct bar_window *window;
	size_t windows;
};

/* Where an access lies in its device. */
struct kvm_region {
	uint64_t offset;
	uint8_t bar;
};

void bar_map_deinit(struct bar_map *p);
/*
 * Takes what QEMU answered at @now; only what is called @only, if not NULL.
 * @probe may be NULL in tests.
 */
struct err *bar_map_update(struct bar_map *p, const struct pci_audios *found,
			      const char *only, int64_t now, struct kvm_probe *probe);
/* Whose register an access to @gpa at @time was; NULL: none. */
struct mapped_controller *bar_map_find(struct bar_map *p, uint64_t gpa, int64_t time,
				  struct kvm_region *region);
struct bar_window *bar_map_window(struct bar_map *p, uint64_t number);
/*
 * Whether QEMU has acted on the write of configuration that made this
 * @generation: its thread has come back since, or all patience is over.  Only
 * then an answer of QEMU's may settle what is left out.
 */
bool kvm_config_carried_out(const struct kvm_control *c, uint32_t generation, int64_t now);
/* Where PCI configuration space lies in memory; size 0: nowhere. */
struct err *bar_map_ecam(struct qmp *q, uint64_t *start, uint64_t *size);

#endif
