// SPDX-License-Identifier: GPL-2.0-or-later
/* Processor, IOMMU, group, reset: whether the controller can be given to a guest. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/judge_int.h"

static bool is_intel(const struct facts *f)
{
	return strcmp(f->cpu, "GenuineIntel") == 0;
}

static bool is_amd(const struct facts *f)
{
	return strcmp(f->cpu, "AuthenticAMD") == 0 || strcmp(f->cpu, "HygonGenuine") == 0;
}

static void judge_kvm(const struct facts *f, struct diagnosis *d)
{
	const char *module = is_amd(f) ? "kvm_amd" : "kvm_intel";
	const char *feature = is_amd(f) ? "SVM" : "VT-x (VMX)";
	struct doctor_finding *s;

	if (!f->cpu_known) {
		say(d, SEV_NOTE, "kvm",
		    "the processor is not known: /proc/cpuinfo is not readable");
		return;
	}
	if (!f->vmx && !f->svm) {
		s = say(d, SEV_BLOCKS, "kvm",
			"the processor shows no hardware virtualisation (no vmx or svm in "
			"/proc/cpuinfo)");
		if (f->hypervisor)
			because(s, "This is a virtual machine: its owner would have to allow "
				   "nesting.");
		else
			because(s,
				"As a rule it is switched off in the firmware's setup: %s there.",
				feature);
		if (f->kvm_node == YES)
			because(s,
				"/dev/kvm exists, but it cannot run a guest.");
		because(s, "Without it a Windows guest is far too slow.");
		if (!f->hypervisor)
			command(s, "# reboot into the firmware's setup, switch on %s", feature);
		return;
	}
	if (!*f->kvm_module) {
		s = say(d, SEV_BLOCKS, "kvm",
			"the processor can virtualise, and the kernel's module for it is not "
			"loaded");
		because(s, "If it refuses, the firmware has locked it: see the kernel's log.");
		command(s, "sudo modprobe %s", module);
	} else if (f->kvm_node == NO) {
		s = say(d, SEV_BLOCKS, "kvm", "%s is loaded, but there is no /dev/kvm",
			f->kvm_module);
		because(s, *f->container ? "The container has no access to it." :
			"udev has not created it.");
	} else if (!f->kvm_open) {
		s = say(d, SEV_CARE, "kvm", "KVM is there (%s), but you may not open /dev/kvm",
			f->kvm_module);
		because(s, "With sudo it works; otherwise join the group and log in again.");
		if (!f->in_kvm)
			command(s, "sudo usermod -aG kvm \"$USER\"");
	} else {
		say(d, SEV_GOOD, "kvm", "KVM can be used (%s, %s)", f->kvm_module,
		    f->svm ? "svm" : "vmx");
	}
	if (f->hypervisor)
		say(d, SEV_NOTE, "kvm",
		    "this is a virtual machine itself: guests here are nested ones");
}

static void firmware(struct doctor_finding *s, const char *what)
{
	because(s,
		"The firmware does not offer one: look for \"%s\" in its setup (among processor, "
		"chipset or security settings).",
		what);
	command(s, "# reboot into the firmware's setup, switch on %s", what);
}

static void judge_iommu(const struct facts *f, struct diagnosis *d)
{
	const char *off = facts_word(f, "intel_iommu=off") ? "intel_iommu=off" :
			  facts_word(f, "amd_iommu=off") ? "amd_iommu=off" :
			  facts_word(f, "iommu=off") ? "iommu=off" : NULL;
	struct doctor_finding *s;

	if (f->groups) {
		say(d, SEV_GOOD, "iommu", "the IOMMU is on (%u groups)", f->groups);
		return;
	}
	s = say(d, SEV_BLOCKS, "iommu", "the IOMMU is off: no device can be given to a guest");
	if (*f->container && f->tables != YES) {
		because(s, "Or it is hidden from this container: run this on the machine itself.");
	} else if (off) {
		because(s, "It is switched off on the kernel's command line (%s): remove that.",
			off);
		command(s, "# take %s out of the kernel's command line, then reboot", off);
	} else if (f->dmar && facts_word(f, "intel_iommu=")) {
		because(s, "The firmware offers one and the kernel has the option to use it, but did "
			   "not: its log says why.");
		command(s, "sudo dmesg | grep -i -e DMAR -e IOMMU");
	} else if (f->dmar) {
		because(s,
			"The firmware offers one (ACPI table DMAR); this kernel needs an "
			"option to use it.");
		boot_commands(f, "intel_iommu=on", s);
	} else if (f->ivrs) {
		because(s,
			"The firmware offers one (ACPI table IVRS), and the kernel, which needs no "
			"option, did not use it: its log says why.");
		command(s, "sudo dmesg | grep -i -e AMD-Vi -e IOMMU");
	} else if (f->hypervisor) {
		because(s,
			"This is a virtual machine without an IOMMU of its own (for QEMU: -device "
			"intel-iommu).");
	} else if (f->tables != YES) {
		because(s, "Whether the firmware offers one is not visible from here.");
	} else if (is_intel(f)) {
		firmware(s, "VT-d");
	} else if (is_amd(f)) {
		firmware(s, "IOMMU or AMD-Vi");
	} else {
		firmware(s, "IOMMU");
	}
}

static void add_mates(struct buf *b, const struct controller *c, enum mate_kind kind)
{
	bool one = false;

	for (unsigned int i = 0; i < c->n_mates; i++) {
		if (c->mates[i].kind != kind)
			continue;
		buf_adds(b, one ? "; " : "");
		add_device(b, &c->mates[i].pci);
		if (*c->mates[i].pci.driver)
			buf_addf(b, ", %s", c->mates[i].pci.driver);
		one = true;
	}
}

static unsigned int mates(const struct controller *c, enum mate_kind kind)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < c->n_mates; i++)
		n += c->mates[i].kind == kind;
	return n;
}

static void judge_group(const struct facts *f, const struct controller *c, struct diagnosis *d)
{
	unsigned int vital = mates(c, MATE_VITAL), small = mates(c, MATE_SMALL);
	unsigned int bridges = mates(c, MATE_BRIDGE), unused = mates(c, MATE_FREE);
	struct doctor_finding *s;

	if (c->group < 0) {
		if (f->groups)
			say(d, SEV_BLOCKS, "group",
			    "%s is in no IOMMU group: it cannot be given away", c->pci.address);
		return;
	}
	if (c->hidden_mates)
		say(d, SEV_CARE, "group",
		    "%u more member%s of IOMMU group %d could not be read", c->hidden_mates,
		    c->hidden_mates == 1 ? "" : "s", c->group);
	if (!vital && !small && !c->hidden_mates) {
		s = say(d, SEV_GOOD, "group", "%s is alone in IOMMU group %d", c->pci.address,
			c->group);
		if (bridges || unused)
			buf_adds(&s->text,
				 bridges && unused
					 ? ", but for bridges and devices without a driver"
				 : bridges ? ", but for bridges"
					   : ", but for devices without a driver");
		if (bridges)
			because(s, "Bridges do not count: they stay with the host.");
		return;
	}
	if (!vital && !small)
		return;
	if (vital) {
		s = say(d, SEV_BLOCKS, "group",
			"%s shares IOMMU group %d with devices that you need: ", c->pci.address,
			c->group);
		add_mates(&s->text, c, MATE_VITAL);
		because(s,
			"A group can only be given away whole: the host loses %s too. Look in the "
			"firmware's setup for ACS or a finer IOMMU; a kernel with the ACS override "
			"patch (pcie_acs_override=downstream,multifunction) parts the group at "
			"your own risk; or work over the network and give up the screen.",
			vital == 1 ? "it" : "them");
		because(s, "Without any of these, a snapshot taken under bare Windows "
			   "(RtHDDump.exe) is what is left: hdadump codec reads it.");
		if (small) {
			because(s, "Also in it: ");
			add_mates(&s->why, c, MATE_SMALL);
			buf_addc(&s->why, '.');
		}
		command(s, "# in the firmware's setup look for ACS, or for a setting of the IOMMU "
			   "beyond on and off");
		return;
	}
	s = say(d, SEV_CARE, "group", "%s shares IOMMU group %d with ", c->pci.address, c->group);
	add_mates(&s->text, c, MATE_SMALL);
	because(s, "A group can only be given away whole: %s taken from the host while the guest "
		"runs. 'doctor --bind --group' does it, and 'doctor --unbind' gives %s back.",
		small == 1 ? "this device is" : "these devices are", small == 1 ? "it" : "them");
	if (bridges)
		because(s, "Bridges in it do not count.");
}

static void judge_reset(const struct controller *c, struct diagnosis *d)
{
	struct doctor_finding *s;

	if (c->resets == YES && *c->reset)
		say(d, SEV_GOOD, "reset", "the controller can be reset (%s)", c->reset);
	else if (c->resets == YES)
		say(d, SEV_GOOD, "reset", "the controller can be reset");
	else if (c->resets == NO) {
		s = say(d, SEV_NOTE, "reset", "the kernel knows no way to reset this controller");
		because(s, "QEMU says \"Cannot reset device\" and goes on. The guest finds the "
			   "codec as Linux left it, and Linux as the guest left it: for a first "
			   "capture switch the machine off and on (not: reboot) and do not play "
			   "anything before.");
	}
}

static void judge_users(const struct facts *f, const struct controller *c, struct diagnosis *d)
{
	char control[32];
	struct doctor_finding *s = NULL;

	for (unsigned int i = 0; i < f->n_users; i++) {
		const struct user *u = &f->users[i];
		const char *name = strrchr(u->device, '/');

		text_cut(control, sizeof(control), "C%d", c->card);
		const char *at = name ? strstr(name, control) : NULL;
		bool here = at && (at[strlen(control)] < '0' || at[strlen(control)] > '9');
		if (c->card < 0 || !here)
			continue;
		if (!s)
			s = say(d, SEV_NOTE, "users", "in use by ");
		else if (strstr(buf_str(&s->text), u->name))
			continue;
		else
			buf_adds(&s->text, ", ");
		buf_addf(&s->text, "%s (%u)", u->name, u->pid);
	}
	if (s)
		because(s, "They lose the card while a guest has it; stop them before --bind, or "
			   "they may delay the driver's removal.");
}

void judge_passthrough(const struct facts *f, struct diagnosis *d)
{
	const struct controller *c = judge_chosen(f);
	struct doctor_finding *s;

	judge_kvm(f, d);
	judge_iommu(f, d);
	if (f->live && !f->names)
		say(d, SEV_NOTE, "device",
		    "devices are shown by number only: this hdadump was built without libpci");
	if (!c)
		return;
	s = say(d, SEV_NOTE, "device", "this is about ");
	add_device(&s->text, &c->pci);
	buf_addf(&s->text, ", driver %s", *c->pci.driver ? c->pci.driver : "none");
	judge_group(f, c, d);
	judge_reset(c, d);
	judge_users(f, c, d);
	if (facts_word(f, "vfio-pci.ids=") || facts_word(f, "vfio_pci.ids="))
		say(d, SEV_NOTE, "device",
		    "the kernel gives devices to vfio-pci at boot (vfio-pci.ids=)");
}
