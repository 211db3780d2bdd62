/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module `bpf`: kvm_probe.h's functions, for kvm_probe.c to call. */
#ifndef HDADUMP_LIVE_KVM_BPF_MODULE_H
#define HDADUMP_LIVE_KVM_BPF_MODULE_H

#include "base/module/module.h"
#include "live/kvm/kvm_probe.h"

#define BPF_FORM 1

struct bpf_module {
	struct module_head head;
	struct err *(*possible)(void);
	struct err *(*create)(pid_t pid, const struct ram_range *ram, size_t ranges, uint32_t buffer,
			      struct kvm_probe **out);
	void (*destroy)(struct kvm_probe *p);
	struct err *(*verdict)(struct kvm_probe *p, uint64_t window, uint32_t verdict);
	void (*no_verdict)(struct kvm_probe *p, uint64_t window);
	void (*seed)(struct kvm_probe *p, uint64_t window, const struct kvm_place *place);
	uint64_t (*lost)(struct kvm_probe *p, uint64_t window);
	uint64_t (*missed)(struct kvm_probe *p);
};

extern const struct bpf_module hdadump_module_bpf;

#endif
