// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls the module `bpf`. Only the module creates a probe, so a function with a probe finds it loaded. */
#include "live/kvm/kvm_probe.h"

#include "base/err.h"
#include "live/kvm/bpf_module.h"

static struct module module = {
	.name = "bpf",
	.without = "hdadump was built without libbpf; install libbpf-dev, clang and bpftool and build it "
		   "again",
	.head = MODULE_HEAD(struct bpf_module, BPF_FORM),
};

static const struct bpf_module *loaded(void)
{
	return (const struct bpf_module *)module.table;
}

struct err *kvm_probe_possible(void)
{
	struct err *e = module_load(&module);

	return e ? e : loaded()->possible();
}

struct err *kvm_probe_create(pid_t pid, const struct ram_range *ram, size_t ranges,
			     uint32_t buffer, struct kvm_probe **out)
{
	struct err *e = module_load(&module);

	return e ? e : loaded()->create(pid, ram, ranges, buffer, out);
}

void kvm_probe_destroy(struct kvm_probe *p)
{
	if (p)
		loaded()->destroy(p);
}

struct err *kvm_probe_verdict(struct kvm_probe *p, uint64_t window, uint32_t verdict)
{
	return loaded()->verdict(p, window, verdict);
}

void kvm_probe_no_verdict(struct kvm_probe *p, uint64_t window)
{
	loaded()->no_verdict(p, window);
}

void kvm_probe_seed(struct kvm_probe *p, uint64_t window, const struct kvm_place *place)
{
	loaded()->seed(p, window, place);
}

uint64_t kvm_probe_lost(struct kvm_probe *p, uint64_t window)
{
	return loaded()->lost(p, window);
}

uint64_t kvm_probe_missed(struct kvm_probe *p)
{
	return loaded()->missed(p);
}
