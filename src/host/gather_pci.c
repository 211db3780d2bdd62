// SPDX-License-Identifier: GPL-2.0-or-later
/* Audio controllers, and the other members of their IOMMU groups. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/gather_int.h"

#define DEVICES "/sys/bus/pci/devices"

/* PCI class codes, PCI Code and ID Assignment Specification 1.11, 1.5 and on. */
enum {
	CLASS_STORAGE = 0x01, CLASS_NETWORK = 0x02, CLASS_DISPLAY = 0x03,
	CLASS_AUDIO_MULTIMEDIA = 0x0401, CLASS_HDA = 0x0403, CLASS_OTHER_MULTIMEDIA = 0x0480,
	CLASS_PCI_BRIDGE = 0x0604, CLASS_USB = 0x0c03,
};

bool gather_device(struct machine *m, const char *address, struct pci *out)
{
	static const char *const files[] = {
		"class", "vendor", "device", "subsystem_vendor", "subsystem_device",
	};
	struct buf name = { 0 };
	char path[MACHINE_PATH];
	long long n[5];

	*out = (struct pci){ 0 };
	text_cut(out->address, sizeof(out->address), "%.15s", address);
	for (int i = 0; i < 5; i++) {
		text_cut(path, sizeof(path), DEVICES "/%s/%s", address, files[i]);
		n[i] = gather_number(m, path, -1);
	}
	if (n[0] < 0 || n[1] < 0)
		return false;
	out->class = (uint32_t)n[0];
	out->vendor = (uint16_t)n[1];
	out->device = (uint16_t)n[2];
	out->sub_vendor = n[3] < 0 ? 0 : (uint16_t)n[3];
	out->sub_device = n[4] < 0 ? 0 : (uint16_t)n[4];
	text_cut(path, sizeof(path), DEVICES "/%s/driver", address);
	machine_link(m, path, out->driver, sizeof(out->driver));
	text_cut(path, sizeof(path), "pci %04x:%04x", out->vendor, out->device);
	if (machine_ask(m, path, NULL, &name) == LOOK_OK)
		text_cut(out->name, sizeof(out->name), "%.*s", (int)strcspn(buf_str(&name), "\n"),
			 buf_str(&name));
	buf_deinit(&name);
	return true;
}

/*
 * VFIO's rule for a group: each member has no driver, or one that leaves DMA to the user
 * (vfio-pci, pci-stub) or does no DMA (the port driver of bridges). Linux, drivers/vfio and
 * Documentation/driver-api/vfio.rst.
 */
static enum mate_kind kind_of(const struct pci *p)
{
	if (p->class >> 8 == CLASS_PCI_BRIDGE || strcmp(p->driver, "pcieport") == 0)
		return MATE_BRIDGE;
	if (!*p->driver || strcmp(p->driver, "vfio-pci") == 0 || strcmp(p->driver, "pci-stub") == 0)
		return MATE_FREE;
	switch (p->class >> 16) {
	case CLASS_STORAGE:
	case CLASS_NETWORK:
	case CLASS_DISPLAY:
		return MATE_VITAL;
	}
	return p->class >> 8 == CLASS_USB ? MATE_VITAL : MATE_SMALL;
}

static bool overridden(struct machine *m, const char *address)
{
	char path[MACHINE_PATH], driver[32];

	text_cut(path, sizeof(path), DEVICES "/%s/driver_override", address);
	return machine_line(m, path, driver, sizeof(driver)) == LOOK_OK &&
	       strcmp(driver, "vfio-pci") == 0;
}

static void gather_group(struct machine *m, struct controller *c)
{
	char path[MACHINE_PATH], group[32];
	struct names devices;

	c->group = -1;
	text_cut(path, sizeof(path), DEVICES "/%s/iommu_group", c->pci.address);
	if (machine_link(m, path, group, sizeof(group)) != LOOK_OK ||
	    !isdigit((unsigned char)group[0]) || strlen(group) > 6)
		return;
	c->group = atoi(group);
	text_cut(path, sizeof(path), "/sys/kernel/iommu_groups/%d/devices", c->group);
	machine_list(m, path, NULL, &devices);
	for (size_t i = 0; i < devices.n; i++) {
		if (strcmp(devices.name[i], c->pci.address) == 0)
			continue;
		if (c->n_mates == FACTS_MATES) {
			c->hidden_mates += (unsigned int)(devices.n - i);
			break;
		}
		struct mate *mate = &c->mates[c->n_mates];
		if (!gather_device(m, devices.name[i], &mate->pci)) {
			c->hidden_mates++;
			continue;
		}
		mate->kind = kind_of(&mate->pci);
		mate->overridden = overridden(m, devices.name[i]);
		c->n_mates++;
	}
	c->hidden_mates += devices.more;
	names_deinit(&devices);
	text_cut(path, sizeof(path), "/dev/vfio/%d", c->group);
	c->vfio_node = machine_has(m, path) == LOOK_OK;
}

/* Kernels before 5.15 show only that a reset exists, not its methods. */
static void gather_reset(struct machine *m, struct controller *c)
{
	char path[MACHINE_PATH];

	text_cut(path, sizeof(path), DEVICES "/%s/reset_method", c->pci.address);
	enum read_status look = machine_line(m, path, c->reset, sizeof(c->reset));
	if (look == LOOK_OK) {
		c->resets = *c->reset ? YES : NO;
		return;
	}
	text_cut(path, sizeof(path), DEVICES "/%s/reset", c->pci.address);
	c->resets = machine_has(m, path) == LOOK_OK ? YES : UNKNOWN;
}

/* True if function 0 of the same device is a graphics card. */
static bool on_graphics(struct machine *m, const char *address)
{
	char first[16];
	struct pci p;

	text_cut(first, sizeof(first), "%s", address);
	first[strlen(first) - 1] = '0';
	return strcmp(first, address) != 0 && gather_device(m, first, &p) &&
	       p.class >> 16 == CLASS_DISPLAY;
}

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void gather_controller(struct machine *m, struct facts *f, const struct pci *p)
{
	static const char *const dsp[] = { "sof-audio-pci", "snd_soc_avs", "snd_soc_skl", "avs" };
	struct controller *c = &f->controllers[f->n_controllers++];

	*c = (struct controller){ .pci = *p, .card = -1 };
	for (size_t i = 0; i < sizeof(dsp) / sizeof(dsp[0]); i++)
		if (has_prefix(p->driver, dsp[i]))
			c->kind = CONTROLLER_DSP;
	/*
	 * AMD's coprocessor 1022:15e2 has class 0480; its HD Audio controller is another
	 * function
	 */
	if (p->vendor == 0x1022 && p->class >> 8 == CLASS_OTHER_MULTIMEDIA)
		c->kind = CONTROLLER_ACP;
	c->graphics = p->class >> 8 == CLASS_HDA && on_graphics(m, p->address) &&
		      p->vendor != 0x8086 && !(p->vendor == 0x1022);
	gather_group(m, c);
	gather_reset(m, c);
}

static bool is_address(const char *name)
{
	char full[16];

	return pci_address(name, full, sizeof(full)) && strcmp(name, full) == 0;
}

void gather_pci(struct machine *m, struct facts *f)
{
	struct names devices;
	struct pci p;

	machine_list(m, DEVICES, is_address, &devices);
	for (size_t i = 0; i < devices.n && f->n_controllers < FACTS_CONTROLLERS; i++) {
		char path[MACHINE_PATH];

		text_cut(path, sizeof(path), DEVICES "/%s/class", devices.name[i]);
		uint32_t class = (uint32_t)gather_number(m, path, 0) >> 8;
		/* Intel's DSP has class 0401 or 0480, unless the firmware shows it as 0403 */
		if (class != CLASS_HDA && class != CLASS_AUDIO_MULTIMEDIA &&
		    class != CLASS_OTHER_MULTIMEDIA)
			continue;
		if (gather_device(m, devices.name[i], &p) &&
		    (class != CLASS_OTHER_MULTIMEDIA || p.vendor == 0x8086 || p.vendor == 0x1022))
			gather_controller(m, f, &p);
	}
	names_deinit(&devices);
}
