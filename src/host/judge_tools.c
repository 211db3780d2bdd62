// SPDX-License-Identifier: GPL-2.0-or-later
/* QEMU, libvirt, and the methods of capturing that the kernel allows. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/judge_int.h"

static bool can_trace(const struct qemu_fact *q)
{
	return q->log_trace == YES && q->vfio_event != NO && q->no_mmap == YES;
}

static void judge_qemu(const struct facts *f, struct diagnosis *d)
{
	bool any = false, traces = false;
	struct doctor_finding *s;

	if (!f->n_qemus) {
		s = say(d, SEV_BLOCKS, "qemu", "no QEMU for x86_64 is found");
		command(s, "%s", strcmp(f->os_id, "arch") == 0 ? "sudo pacman -S qemu-base" :
			strstr(f->os_id, "fedora") || strstr(f->os_like, "fedora") ?
			"sudo dnf install qemu-kvm" :
			strstr(f->os_id, "suse") ? "sudo zypper install qemu-x86" :
			strcmp(f->os_id, "nixos") == 0 ? "# nix-shell -p qemu" :
			"sudo apt install qemu-system-x86");
		return;
	}
	for (unsigned int i = 0; i < f->n_qemus; i++) {
		const struct qemu_fact *q = &f->qemus[i];
		bool usable = q->vfio == YES && q->no_mmap == YES;

		s = say(d, can_trace(q) ? SEV_GOOD : SEV_CARE, "qemu", "%s: %s", q->path,
			*q->version ? q->version : "shows no version");
		any |= usable;
		traces |= can_trace(q);
		if (q->libvirt)
			buf_adds(&s->text, ", used by libvirt");
		if (q->vfio == NO)
			because(s, "It has no vfio-pci: it cannot take a device.");
		else if (q->no_mmap == NO)
			because(s, "Its vfio-pci has no x-no-mmap (QEMU 2.5 and later do): "
				   "accesses are not traced.");
		if (q->log_trace == NO)
			because(s, "It was built without the log trace backend (as RHEL's is, with "
				   "dtrace only): QEMU's trace shows nothing; what is left is BPF "
				   "on the host.");
		if (q->kvm == NO)
			because(s, "It was built without KVM.");
		if (can_trace(q))
			because(s, "It has the log trace backend and x-no-mmap.");
	}
	if (!any)
		say(d, SEV_BLOCKS, "qemu",
		    "none of these can take a device and trace its accesses");
	else if (!traces && f->btf != YES)
		say(d, SEV_BLOCKS, "qemu",
		    "no QEMU here can trace to a log, and the kernel has no BTF for BPF: install "
		    "your distribution's full QEMU");
}

static void judge_libvirt(const struct facts *f, struct diagnosis *d)
{
	struct doctor_finding *s;

	if (!*f->libvirt && !f->libvirt_running)
		return;
	if (!f->libvirt_running) {
		say(d, SEV_NOTE, "libvirt", "libvirt %s is installed, and no daemon runs",
		    f->libvirt);
		return;
	}
	s = say(d, f->libvirt_socket == YES ? SEV_GOOD : SEV_NOTE, "libvirt", "libvirt %s runs%s",
		*f->libvirt ? f->libvirt : "(version not known)",
		f->libvirt_socket == YES ? " and is open to you" : "");
	if (f->libvirt_socket != YES) {
		because(s, "It is not open to you: use sudo, or join its group and log in again.");
		if (!f->in_libvirt)
			command(s, "sudo usermod -aG libvirt \"$USER\"");
	}
}

static void judge_memory(const struct facts *f, struct diagnosis *d)
{
	struct doctor_finding *s;

	if (f->memory && f->memory < 4ull << 30)
		say(d, SEV_CARE, "memory",
		    "the machine has %" PRIu64 " MiB: little for Windows beside it",
		    f->memory >> 20);
	if (f->root || !f->memlock_known || f->memlock >= 4ull << 30)
		return;
	s = say(d, SEV_NOTE, "memory", "you may lock %" PRIu64 " KiB of memory", f->memlock >> 10);
	because(s, "A guest with a passed-through device has all its memory locked: run QEMU with "
		   "sudo, or raise the limit (memlock) in /etc/security/limits.conf.");
}

static void judge_vfio(const struct facts *f, struct diagnosis *d)
{
	if (!f->groups)
		return;
	if (f->vfio_module)
		say(d, SEV_GOOD, "vfio", "vfio-pci is loaded");
	else
		say(d, SEV_NOTE, "vfio", "vfio-pci is not loaded; 'doctor --bind' loads it");
	if (!f->root)
		say(d, SEV_NOTE, "vfio",
		    "binding needs root; so does a guest that uses the device, unless "
		    "/dev/vfio/GROUP is made yours");
}

/* Judges the two methods to get the verbs: QEMU's trace with reads of its memory, and BPF. */
static void judge_routes(const struct facts *f, struct diagnosis *d)
{
	bool confidential = strcmp(f->lockdown, "confidentiality") == 0;
	struct doctor_finding *s;

	if (f->yama <= 0)
		say(d, SEV_GOOD, "route", "guest memory can be read from QEMU's process (no ptrace "
		    "restriction)");
	else if (f->yama == 1) {
		s = say(d, SEV_GOOD, "route",
			"guest memory can be read from a QEMU that hdadump starts (ptrace_scope "
			"1)");
		because(s, "For 'hdadump attach' to a QEMU that runs already: root.");
	} else {
		s = say(d, SEV_NOTE, "route", "ptrace_scope is %d: only %s", f->yama, f->yama == 2 ?
			"root reads a QEMU's memory" : "QEMU's monitor can read guest memory");
		because(s,
			f->yama == 2
				? "Run hdadump as root; otherwise it uses QEMU's monitor, which is "
				  "slower."
				: "hdadump does so by itself; the guest becomes slower.");
	}
	if (f->cpu_known && !f->vmx && !f->svm)
		;	/* BPF works for KVM guests only */
	else if (f->live && !f->bpf)
		say(d, SEV_NOTE, "route", "no BPF route: this hdadump was built without libbpf");
	else if (f->btf != YES) {
		s = say(d, SEV_NOTE, "route",
			"no BPF route: the kernel shows no BTF (/sys/kernel/btf)");
		because(s, "QEMU's trace is enough.");
	} else if (confidential) {
		s = say(d, SEV_NOTE, "route",
			"no BPF route: kernel lockdown is at confidentiality");
		because(s, "QEMU's trace is enough. Secure Boot and lockdown=integrity do not "
			   "hinder it.");
	} else {
		s = say(d, SEV_GOOD, "route", "the BPF route for KVM guests is open%s%s",
			f->root ? "" : " to root", f->btf_kvm == YES || !*f->kvm_module ? "" :
			" (kvm is built in or without BTF of its own)");
	}
	if (strcmp(f->lockdown, "integrity") == 0)
		say(d, SEV_NOTE, "route",
		    "kernel lockdown is at integrity, which hdadump works with");
}

void judge_tools(const struct facts *f, struct diagnosis *d)
{
	judge_qemu(f, d);
	judge_libvirt(f, d);
	judge_vfio(f, d);
	judge_memory(f, d);
	judge_routes(f, d);
}
