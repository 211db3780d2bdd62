// SPDX-License-Identifier: GPL-2.0-or-later
/* Gathers processor, kernel and permissions, and calls the other parts in order. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/module/module.h"
#include "base/text.h"
#include "event/names.h"
#include "host/gather_int.h"

long long gather_number(struct machine *m, const char *path, long long otherwise)
{
	char line[64], *end;

	if (machine_line(m, path, line, sizeof(line)) != LOOK_OK || !*line)
		return otherwise;
	errno = 0;
	long long n = strtoll(line, &end, 0);
	return errno || end == line ? otherwise : n;
}

bool pci_address(const char *text, char *full, size_t size)
{
	unsigned int domain = 0, bus, slot, function;
	int n = 0, m = 0;

	if (sscanf(text, "%4x:%2x:%2x.%1u%n", &domain, &bus, &slot, &function, &n) != 4 ||
	    text[n]) {
		domain = 0;
		if (sscanf(text, "%2x:%2x.%1u%n", &bus, &slot, &function, &m) != 3 || text[m])
			return false;
	}
	if (strspn(text, "0123456789abcdefABCDEF:.") != strlen(text) || function > 7 || slot > 31)
		return false;
	text_cut(full, size, "%04x:%02x:%02x.%u", domain, bus, slot, function);
	return true;
}

bool facts_word(const struct facts *f, const char *word)
{
	size_t n = strlen(word);
	bool begins = n && word[n - 1] == '=';

	for (const char *p = f->words; *p;) {
		size_t len = strcspn(p, " ");

		if (begins ? len >= n && memcmp(p, word, n) == 0 :
			     len == n && memcmp(p, word, n) == 0)
			return true;
		p += len;
		p += strspn(p, " ");
	}
	return false;
}

/* --- filters for files that contain private data ---------------------------- */

/* Keeps only the options that matter: a command line may hold keys, names and serial numbers. */
static void keep_words(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = {
		"intel_iommu=", "amd_iommu=", "iommu=", "iommu.passthrough=", "iommu.strict=",
		"vfio-pci.ids=", "vfio_pci.ids=", "vfio-pci.disable_idle_d3=", "pcie_acs_override=",
		"snd_intel_dspcfg.dsp_driver=", "snd-intel-dspcfg.dsp_driver=",
		"snd_hda_intel.", "snd-hda-intel.", "lockdown=", "kvm.", "kvm_intel.", "kvm_amd.",
		"vfio_iommu_type1.", "pci=", "rd.driver.pre=vfio",
	};

	for (const char *p = text, *end = text + len; p < end;) {
		size_t n = strcspn(p, " \n");

		for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
			if (strncmp(p, wanted[i], strlen(wanted[i])) != 0)
				continue;
			buf_addf(kept, "%s%.*s", kept->len ? " " : "", (int)n, p);
			break;
		}
		p += n;
		p += strspn(p, " \n");
		if (!n && p < end && !*p)
			p++;
	}
	buf_addc(kept, '\n');
}

/* Keeps the first processor's entry only. */
static void keep_processor(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = { "vendor_id", "model name", "flags" };

	for (const char *p = text, *end = text + len; p < end && *p && *p != '\n';) {
		size_t n = strcspn(p, "\n");

		for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
			if (strncmp(p, wanted[i], strlen(wanted[i])) != 0)
				continue;
			if (strcmp(wanted[i], "flags") != 0) {
				buf_addf(kept, "%.*s\n", (int)n, p);
				break;
			}
			buf_adds(kept, "flags\t\t:");
			for (const char *w = p; w < p + n; w += strcspn(w, " \n"), w += *w == ' ') {
				size_t k = strcspn(w, " \n");

				if ((k == 3 && (!memcmp(w, "vmx", 3) || !memcmp(w, "svm", 3))) ||
				    (k == 10 && !memcmp(w, "hypervisor", 10)))
					buf_addf(kept, " %.*s", (int)k, w);
			}
			buf_addc(kept, '\n');
			break;
		}
		p += n;
		p += *p == '\n';
	}
}

static void keep_release(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = { "ID=", "ID_LIKE=", "PRETTY_NAME=" };

	for (const char *p = text, *end = text + len; p < end && *p;) {
		size_t n = strcspn(p, "\n");

		for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
			if (strncmp(p, wanted[i], strlen(wanted[i])) == 0)
				buf_addf(kept, "%.*s\n", (int)n, p);
		p += n;
		p += *p == '\n';
	}
}

static void keep_memory(const char *text, size_t len, struct buf *kept)
{
	if (len && strncmp(text, "MemTotal:", 9) == 0)
		buf_addf(kept, "%.*s\n", (int)strcspn(text, "\n"), text);
}

/* --- parts ------------------------------------------------------------------ */

/* Finds a line "NAME VALUE" or NAME="VALUE" and copies VALUE. */
static void value_of(const char *text, const char *name, char *out, size_t size)
{
	size_t n = strlen(name);

	out[0] = '\0';
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		if (strncmp(p, name, n) != 0)
			continue;
		p += n;
		p += strspn(p, " \t:\"");
		text_cut(out, size, "%.*s", (int)strcspn(p, "\"\n"), p);
		return;
	}
}

static void gather_cpu(struct machine *m, struct facts *f)
{
	struct buf text = { 0 };
	char flags[512], padded[520], model[64];

	f->cpu_known = machine_read(m, "/proc/cpuinfo", keep_processor, &text) == LOOK_OK;
	value_of(buf_str(&text), "vendor_id", model, sizeof(model));
	text_cut(f->cpu, sizeof(f->cpu), "%.15s", model);
	value_of(buf_str(&text), "flags", flags, sizeof(flags));
	text_cut(padded, sizeof(padded), " %s ", flags);
	f->vmx = strstr(padded, " vmx ");
	f->svm = strstr(padded, " svm ");
	f->hypervisor = strstr(padded, " hypervisor ");
	if (machine_has(m, "/sys/module/kvm_intel") == LOOK_OK)
		text_cut(f->kvm_module, sizeof(f->kvm_module), "kvm_intel");
	else if (machine_has(m, "/sys/module/kvm_amd") == LOOK_OK)
		text_cut(f->kvm_module, sizeof(f->kvm_module), "kvm_amd");
	enum read_status look = machine_ask(m, "access /dev/kvm", NULL, &text);
	f->kvm_node = look == LOOK_OK ? YES : look == LOOK_ABSENT ? NO : UNKNOWN;
	f->kvm_open = look == LOOK_OK && strncmp(buf_str(&text), "rw", 2) == 0;
	if (machine_read(m, "/proc/meminfo", keep_memory, &text) == LOOK_OK)
		f->memory =
			strtoull(buf_str(&text) + strcspn(buf_str(&text), "0123456789"), NULL, 10) *
			1024;
	buf_deinit(&text);
}

static void gather_system(struct machine *m, struct facts *f)
{
	struct buf text = { 0 };

	machine_line(m, "/sys/class/dmi/id/sys_vendor", f->vendor, sizeof(f->vendor));
	machine_line(m, "/sys/class/dmi/id/product_name", f->product, sizeof(f->product));
	machine_line(m, "/proc/sys/kernel/osrelease", f->kernel, sizeof(f->kernel));
	machine_read(m, "/etc/os-release", keep_release, &text);
	value_of(buf_str(&text), "PRETTY_NAME=", f->system, sizeof(f->system));
	value_of(buf_str(&text), "ID=", f->os_id, sizeof(f->os_id));
	value_of(buf_str(&text), "ID_LIKE=", f->os_like, sizeof(f->os_like));
	buf_deinit(&text);
	if (machine_line(m, "/run/systemd/container", f->container, sizeof(f->container)) ==
	    LOOK_OK)
		;
	else if (machine_has(m, "/.dockerenv") == LOOK_OK)
		text_cut(f->container, sizeof(f->container), "docker");
	else if (machine_has(m, "/run/.containerenv") == LOOK_OK)
		text_cut(f->container, sizeof(f->container), "podman");
}

static bool is_table(const char *name)
{
	return strcmp(name, "DMAR") == 0 || strcmp(name, "IVRS") == 0 || strcmp(name, "DSDT") == 0;
}

static unsigned int count(struct machine *m, const char *path)
{
	struct names l;
	unsigned int n = machine_list(m, path, NULL, &l) == LOOK_OK ? (unsigned int)l.n : 0;

	names_deinit(&l);
	return n;
}

static void gather_iommu(struct machine *m, struct facts *f)
{
	struct buf text = { 0 };
	struct names tables;
	enum read_status look = machine_list(m, "/sys/firmware/acpi/tables", is_table, &tables);

	/* in a container the folder may exist and be empty */
	f->tables = look == LOOK_OK && tables.n ? YES : NO;
	for (size_t i = 0; i < tables.n; i++) {
		f->dmar |= strcmp(tables.name[i], "DMAR") == 0;
		f->ivrs |= strcmp(tables.name[i], "IVRS") == 0;
	}
	names_deinit(&tables);
	f->iommus = count(m, "/sys/class/iommu");
	f->groups = count(m, "/sys/kernel/iommu_groups");
	machine_read(m, "/proc/cmdline", keep_words, &text);
	text_cut(f->words, sizeof(f->words), "%.*s", (int)strcspn(buf_str(&text), "\n"),
		 buf_str(&text));
	buf_deinit(&text);
}

/* Of "none [integrity] confidentiality" it copies the word in brackets. */
static void gather_lockdown(struct machine *m, struct facts *f)
{
	char line[96];

	machine_line(m, "/sys/kernel/security/lockdown", line, sizeof(line));
	char *begin = strchr(line, '['), *end = begin ? strchr(begin, ']') : NULL;
	if (end)
		text_cut(f->lockdown, sizeof(f->lockdown), "%.*s", (int)(end - begin - 1),
			 begin + 1);
}

static void gather_permissions(struct machine *m, struct facts *f)
{
	struct buf text = { 0 };

	if (machine_ask(m, "groups", NULL, &text) == LOOK_OK) {
		char all[128];

		text_cut(all, sizeof(all), "\n%.100s\n", buf_str(&text));
		f->root = strstr(all, "\nroot\n");
		f->in_kvm = strstr(all, "\nkvm\n");
		f->in_libvirt = strstr(all, "\nlibvirt\n");
		f->in_audio = strstr(all, "\naudio\n");
	}
	if (machine_ask(m, "memlock", NULL, &text) == LOOK_OK) {
		f->memlock_known = true;
		f->memlock = isdigit((unsigned char)*buf_str(&text)) ?
				     strtoull(buf_str(&text), NULL, 10) : UINT64_MAX;
	}
	f->vfio_module = machine_has(m, "/sys/bus/pci/drivers/vfio-pci") == LOOK_OK;
	enum read_status look = machine_ask(m, "access /dev/vfio/vfio", NULL, &text);
	f->vfio_node = look == LOOK_OK;
	f->vfio_open = look == LOOK_OK && strncmp(buf_str(&text), "rw", 2) == 0;
	gather_lockdown(m, f);
	f->btf = machine_has(m, "/sys/kernel/btf/vmlinux") == LOOK_OK ? YES : NO;
	f->btf_kvm = machine_has(m, "/sys/kernel/btf/kvm") == LOOK_OK ? YES : NO;
	f->unprivileged_bpf =
		(int)gather_number(m, "/proc/sys/kernel/unprivileged_bpf_disabled", -1);
	f->yama = (int)gather_number(m, "/proc/sys/kernel/yama/ptrace_scope", -1);
	buf_deinit(&text);
}

/* --- all facts -------------------------------------------------------------- */

/*
 * Prefers a controller with a codec that has speakers or jacks; without codecs, one that is
 * not on a graphics card.
 */
static int choose(const struct facts *f)
{
	int best = -1, most = -1;

	for (unsigned int i = 0; i < f->n_controllers; i++) {
		const struct controller *c = &f->controllers[i];
		int worth = c->codecs ? 4 : c->kind == CONTROLLER_ACP ? 0 : c->graphics ? 1 : 3;

		if (c->kind == CONTROLLER_DSP && !c->codecs)
			worth = 2;
		if (worth > most) {
			best = (int)i;
			most = worth;
		}
	}
	return best;
}

struct err *facts_gather(struct machine *m, const char *device, enum facts_what what,
			 struct facts *f)
{
	*f = (struct facts){ .live = machine_is_live(m), .chosen = -1 };
	f->names = module_exists("pci");
	f->bpf = module_exists("bpf");
	gather_system(m, f);
	gather_cpu(m, f);
	gather_iommu(m, f);
	gather_boot(m, f);
	gather_pci(m, f);
	gather_codecs(m, f);
	gather_amps(m, f);
	gather_permissions(m, f);
	if (what == FACTS_ALL) {
		gather_qemu(m, f);
		gather_libvirt(m, f);
	}
	f->chosen = choose(f);
	if (!device)
		return NULL;
	f->chosen = -1;
	for (unsigned int i = 0; i < f->n_controllers; i++)
		if (ctrl_is_named(f->controllers[i].pci.address,
				  strlen(f->controllers[i].pci.address), device))
			f->chosen = (int)i;
	if (f->chosen < 0)
		return err_new(ERR_FAIL,
			       "there is no audio controller at %s; 'hdadump doctor' without "
			       "--controller lists all controllers", device);
	return NULL;
}
