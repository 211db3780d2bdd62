// SPDX-License-Identifier: GPL-2.0-or-later
/* The doctor's findings for given facts, in cases that the golden machines do not have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "host/judge_int.h"

/* A machine on which a capture is possible. */
static struct facts *good(void)
{
	static struct facts f;
	struct controller *c = &f.controllers[0];

	f = (struct facts){
		.cpu = "GenuineIntel", .vmx = true, .cpu_known = true, .kvm_module = "kvm_intel",
		.kvm_node = YES, .kvm_open = true, .memory = 16ull << 30, .dmar = true,
		.tables = YES, .iommus = 1, .groups = 10, .n_controllers = 1, .n_codecs = 1,
		.log = YES, .root = true, .memlock_known = true, .memlock = UINT64_MAX,
		.vfio_module = true, .btf = YES, .btf_kvm = YES, .yama = -1, .n_qemus = 1,
	};
	*c = (struct controller){
		.pci = { .address = "0000:00:1f.3", .class = 0x040300, .vendor = 0x8086,
			 .driver = "snd_hda_intel" },
		.group = 3, .resets = YES, .reset = "flr", .codecs = 1,
	};
	f.codecs[0] = (struct codec){ .name = "Realtek ALC287", .vendor_id = 0x10ec0287 };
	f.qemus[0] = (struct qemu_fact){
		.path = "/usr/bin/qemu-system-x86_64", .version = "9.0", .log_trace = YES,
		.vfio_event = YES, .no_mmap = YES, .vfio = YES, .kvm = YES,
	};
	return &f;
}

static struct diagnosis d;

static void assert_state(const struct facts *f, enum verdict_state state)
{
	diagnosis_deinit(&d);
	assert_null(judge(f, &d));
	if (d.state == state)
		return;
	for (unsigned int i = 0; i < d.n; i++)
		print_error("%s %s: %s\n", diagnosis_severity_name(d.list[i].severity),
			    d.list[i].topic, buf_str(&d.list[i].text));
	fail_msg("%s, expected %s", verdict_state_name(d.state), verdict_state_name(state));
}

/* True if a finding contains @text. */
static bool says(const char *text)
{
	for (unsigned int i = 0; i < d.n; i++)
		if (strstr(buf_str(&d.list[i].text), text) ||
		    strstr(buf_str(&d.list[i].why), text) ||
		    strstr(buf_str(&d.list[i].commands), text))
			return true;
	return strstr(buf_str(&d.verdict), text) || strstr(buf_str(&d.next), text);
}

static void test_ready(void **state)
{
	struct facts *f = good();

	assert_state(f, VERDICT_READY);
	assert_true(says("doctor --bind --controller 0000:00:1f.3\n"));
	assert_true(says("-device vfio-pci,host=0000:00:1f.3"));
	strcpy(f->controllers[0].pci.driver, "vfio-pci");
	assert_state(f, VERDICT_READY);
	assert_false(says("doctor --bind"));
	f->root = false;
	assert_state(f, VERDICT_READY);
	assert_true(says("sudo hdadump run"));
}

/* Each fact alone must be enough. */
static void test_blocks(void **state)
{
	struct facts *f = good();

	f->vmx = false;
	assert_state(f, VERDICT_BLOCKED);
	assert_true(says("cannot run a guest"));
	f = good();
	f->kvm_module[0] = '\0';
	assert_state(f, VERDICT_BLOCKED);
	assert_true(says("sudo modprobe kvm_intel"));
	f = good();
	f->groups = 0;
	f->controllers[0].group = -1;
	assert_state(f, VERDICT_BLOCKED);
	f = good();
	f->n_qemus = 0;
	assert_state(f, VERDICT_BLOCKED);
	f = good();
	f->qemus[0].no_mmap = NO;
	assert_state(f, VERDICT_BLOCKED);
	f = good();
	f->qemus[0].log_trace = NO;
	f->btf = NO;
	assert_state(f, VERDICT_BLOCKED);
	f = good();
	f->controllers[0].n_mates = 1;
	f->controllers[0].mates[0] = (struct mate){.pci = {.driver = "nvme"}, .kind = MATE_VITAL};
	assert_state(f, VERDICT_BLOCKED);
}

static void test_care(void **state)
{
	struct facts *f = good();

	f->controllers[0].n_mates = 2;
	f->controllers[0].mates[0] =
		(struct mate){.pci = {.driver = "pcieport"}, .kind = MATE_BRIDGE};
	f->controllers[0].mates[1] = (struct mate){ .kind = MATE_FREE };
	assert_state(f, VERDICT_READY);
	f->controllers[0].mates[1].kind = MATE_SMALL;
	assert_state(f, VERDICT_CARE);
	assert_true(says("--bind --controller 0000:00:1f.3 --group"));
	f = good();
	f->controllers[0].hidden_mates = 1;
	assert_state(f, VERDICT_CARE);
	f = good();
	f->qemus[0].log_trace = NO;
	assert_state(f, VERDICT_CARE);
	assert_true(says("BPF"));
	f = good();
	f->codecs[0].fixup = true;
	strcpy(f->codecs[0].fixup_why, "PCI SSID 17aa:386a");
	assert_state(f, VERDICT_CARE);
	strcpy(f->codecs[0].fixup_why, "PCI SSID 17aa:0000");
	assert_state(f, VERDICT_READY);
	f = good();
	f->controllers[0].kind = CONTROLLER_DSP;
	assert_state(f, VERDICT_CARE);
}

static void test_useless(void **state)
{
	struct facts *f = good();

	f->n_amps = 1;
	f->amps[0] =
		(struct amp){.id = "TIAS2781", .chip = "TI TAS2781", .bus = BUS_I2C, .count = 1};
	assert_state(f, VERDICT_USELESS);
	assert_true(d.list[0].first);
	assert_true(says("for the speakers"));
	f->amps[0].codec = true;
	assert_state(f, VERDICT_READY);
	f->controllers[0].codecs = f->n_codecs = 0;
	assert_state(f, VERDICT_USELESS);
	f = good();
	f->controllers[0].kind = CONTROLLER_DSP;
	f->controllers[0].codecs = f->n_codecs = 0;
	assert_state(f, VERDICT_USELESS);
	f = good();
	f->n_controllers = 0;
	f->chosen = -1;
	assert_state(f, VERDICT_USELESS);
	strcpy(f->container, "lxc");
	assert_state(f, VERDICT_BLOCKED);
}

static void test_iommu(void **state)
{
	static const struct {
		const char *cpu, *words;
		bool dmar, ivrs;
		enum known tables;
		const char *says;
	} cases[] = {
		{ "GenuineIntel", "", true, false, YES, "needs an option to use it" },
		{ "GenuineIntel", "intel_iommu=on", true, false, YES, "its log says why" },
		{ "GenuineIntel", "intel_iommu=off", true, false, YES, "remove that" },
		{ "GenuineIntel", "", false, false, YES, "VT-d" },
		{ "AuthenticAMD", "amd_iommu=off", false, true, YES, "remove that" },
		{ "AuthenticAMD", "", false, true, YES, "AMD-Vi" },
		{ "AuthenticAMD", "", false, false, YES, "IOMMU or AMD-Vi" },
		{ "AuthenticAMD", "", false, false, NO, "not visible" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct facts *f = good();

		strcpy(f->cpu, cases[i].cpu);
		strcpy(f->words, cases[i].words);
		f->dmar = cases[i].dmar;
		f->ivrs = cases[i].ivrs;
		f->tables = cases[i].tables;
		f->groups = 0;
		assert_state(f, VERDICT_BLOCKED);
		if (!says(cases[i].says))
			fail_msg("case %zu does not say \"%s\"", i, cases[i].says);
	}
}

static void test_boot_loaders(void **state)
{
	static const struct {
		enum boot_loader boot;
		const char *says;
	} cases[] = {
		{ BOOT_DEBIAN_GRUB, "sudo update-grub" },
		{ BOOT_FEDORA_GRUBBY, "grubby --update-kernel=ALL --args=intel_iommu=on" },
		{ BOOT_GRUB_MKCONFIG, "grub-mkconfig -o /boot/grub/grub.cfg" },
		{ BOOT_SUSE_GRUB, "grub2-mkconfig -o /boot/grub2/grub.cfg" },
		{ BOOT_SYSTEMD, "/loader/entries/*.conf" },
		{ BOOT_KERNELSTUB, "kernelstub -a intel_iommu=on" },
		{ BOOT_OSTREE, "rpm-ostree kargs --append-if-missing=intel_iommu=on" },
		{ BOOT_NIXOS, "boot.kernelParams = [ \"intel_iommu=on\" ];" },
		{ BOOT_REFIND, "/boot/refind_linux.conf" },
		{ BOOT_UNKNOWN, "where your boot loader keeps it: intel_iommu=on" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct facts *f = good();

		f->groups = 0;
		f->boot = cases[i].boot;
		assert_state(f, VERDICT_BLOCKED);
		if (!says(cases[i].says))
			fail_msg("boot loader %d does not say \"%s\"", cases[i].boot,
				 cases[i].says);
	}
}

static void assert_address(const char *text, const char *full)
{
	char out[16];

	assert_int_equal(pci_address(text, out, sizeof(out)), full != NULL);
	if (full)
		assert_string_equal(out, full);
}

static void test_addresses(void **state)
{
	assert_address("0000:00:1f.3", "0000:00:1f.3");
	assert_address("00:1f.3", "0000:00:1f.3");
	assert_address("C1:00.6", "0000:c1:00.6");
	assert_address("0001:c1:00.6", "0001:c1:00.6");
	assert_address("1f.3", NULL);
	assert_address("00:1f.8", NULL);
	assert_address("00:20.0", NULL);
	assert_address("00:1f.3x", NULL);
	assert_address("../00:1f.3", NULL);
	assert_address("", NULL);
}

static void test_shell_words(void **state)
{
	struct buf b = { 0 };

	add_shell_word(&b, "/usr/bin/qemu-system-x86_64");
	assert_string_equal(buf_str(&b), "/usr/bin/qemu-system-x86_64");
	buf_clear(&b);
	add_shell_word(&b, "/a b';$(x)");
	assert_string_equal(buf_str(&b), "'/a b'\\'';$(x)'");
	buf_deinit(&b);
}

static int teardown(void **state)
{
	diagnosis_deinit(&d);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ready), cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_care), cmocka_unit_test(test_useless),
		cmocka_unit_test(test_iommu), cmocka_unit_test(test_boot_loaders),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_shell_words),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
