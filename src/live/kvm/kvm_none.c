// SPDX-License-Identifier: GPL-2.0-or-later
/* Replaces kvm_probe.c if libbpf, clang or bpftool are missing. */
#include "base/err.h"
#include "live/kvm/kvm_probe.h"

struct err *kvm_probe_possible(void)
{
	return err_new(ERR_FAIL, "hdadump was built without libbpf; install libbpf-dev, clang and "
		       "bpftool and build it again");
}

struct err *kvm_probe_create(pid_t pid, const struct ram_range *ram, size_t ranges,
			     uint32_t buffer, struct kvm_probe **out)
{
	return kvm_probe_possible();
}

void kvm_probe_destroy(struct kvm_probe *p)
{
}

struct err *kvm_probe_verdict(struct kvm_probe *p, uint64_t window, uint32_t verdict)
{
	return kvm_probe_possible();
}

void kvm_probe_no_verdict(struct kvm_probe *p, uint64_t window)
{
}

void kvm_probe_seed(struct kvm_probe *p, uint64_t window, const struct kvm_place *place)
{
}

uint64_t kvm_probe_lost(struct kvm_probe *p, uint64_t window)
{
	return 0;
}

uint64_t kvm_probe_missed(struct kvm_probe *p)
{
	return 0;
}
