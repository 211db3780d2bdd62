/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which guest addresses belong to which controller's registers, from QEMU's last answer; the
 * same is stored in the BPF program's maps.
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
	char *name;		/* the controller's name: its host address, or the guest's */
	char *id;		/* QEMU's id */
	char place[16];		/* address in the guest */
	bool passed_through;
	bool moved;		/* its registers have another address than at first */
	int ctrl;		/* -1 = not seen yet */
	struct pci_bar bar[PCI_BARS];
	struct pci_bar old[PCI_BARS];	/* the earlier addresses ... */
	int64_t old_until;	/* ... for accesses before this (CLOCK_MONOTONIC) */
};

/* One window that the program follows, or has followed. */
struct bar_window {
	uint64_t number;
	uint64_t lost;		/* number of its lost records that were reported */
	struct mapped_controller *owner;
	bool told;		/* the program follows it now */
};

struct bar_map {
	struct mapped_controller **owner;
	size_t owners;
	struct bar_window *window;
	size_t windows;
};

/* The place of an access in its device. */
struct kvm_region {
	uint64_t offset;
	uint8_t bar;
};

void bar_map_deinit(struct bar_map *p);
/*
 * Uses QEMU's answer of the time @now; only the device called @only, if that is not NULL.
 * @probe may be NULL in tests.
 */
struct err *bar_map_update(struct bar_map *p, const struct pci_audios *found,
			      const char *only, int64_t now, struct kvm_probe *probe);
/* The controller whose register was accessed at @gpa at @time; NULL = none. */
struct mapped_controller *bar_map_find(struct bar_map *p, uint64_t gpa, int64_t time,
				  struct kvm_region *region);
struct bar_window *bar_map_window(struct bar_map *p, uint64_t number);
/*
 * True if QEMU has executed the write to PCI configuration that made this @generation: its
 * thread has come back since, or the longest wait is over. Only then QEMU's answer may decide
 * which accesses are dropped.
 */
bool kvm_config_carried_out(const struct kvm_control *c, uint32_t generation, int64_t now);
/* The address of PCI configuration space in memory; size 0 = there is none. */
struct err *bar_map_ecam(struct qmp *q, uint64_t *start, uint64_t *size);

#endif
