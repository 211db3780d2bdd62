/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the doctor looks at, as plain data.  Gathered by gather*.c through a
 * machine and judged by judge*.c, which sees nothing else.
 *
 * Text is the machine's own words and unsafe to show as it is.  Nothing here
 * names a person, a serial number or a network: it is not gathered.
 */
#ifndef HDADUMP_HOST_FACTS_H
#define HDADUMP_HOST_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/machine.h"

#define FACTS_CONTROLLERS 16
#define FACTS_MATES 32
#define FACTS_CODECS 32
#define FACTS_AMPS 32
#define FACTS_QEMUS 16
#define FACTS_USERS 32

/* Known only where the machine let itself be looked at. */
enum known { UNKNOWN, NO, YES };

struct pci {
	char address[16];	/* 0000:00:1f.3 */
	uint32_t class;		/* 24 bits: 0x040300 */
	uint16_t vendor, device, sub_vendor, sub_device;
	char name[128];		/* "" without the library that knows it */
	char driver[48];	/* "" if none */
};

/* What a member of the IOMMU group means for passing the controller through. */
enum mate_kind {
	MATE_BRIDGE, /* its driver stays: a bridge does no DMA of its own */
	MATE_FREE,   /* no driver, or vfio-pci already */
	MATE_SMALL,  /* has to go along; the machine does without it for a while */
	MATE_VITAL,  /* has to go along, and the user sits before it: screen, disk, network, USB */
};

struct mate {
	struct pci pci;
	enum mate_kind kind;
	bool overridden;	/* driver_override says vfio-pci */
};

enum controller_kind {
	CONTROLLER_HDA,		/* 0403 with a plain HD Audio driver, or none */
	CONTROLLER_DSP,		/* HD Audio behind a DSP that the driver in use goes through */
	CONTROLLER_ACP,		/* AMD's audio coprocessor: no HD Audio at all */
};

struct controller {
	struct pci pci;
	enum controller_kind kind;
	bool graphics;		/* a function of a graphics card: HDMI and DisplayPort only */
	int group;		/* -1: none */
	struct mate mates[FACTS_MATES];
	unsigned int n_mates;
	unsigned int hidden_mates;	/* that could not be looked at */
	enum known resets;
	char reset[64];		/* the kernel's words: "flr pm bus" */
	int card;		/* ALSA's number, or -1 */
	char card_name[48];	/* the driver as in /proc/asound/cards: HDA-Intel, sof-hda-dsp */
	unsigned int codecs;	/* of facts.codecs: with sound of their own, not HDMI */
	bool vfio_node;		/* /dev/vfio/GROUP is there */
};

struct codec {
	int card, address;
	unsigned int controller;	/* index, or FACTS_CONTROLLERS */
	char name[64];
	uint32_t vendor_id, subsystem_id, revision;
	bool hdmi, modem;
	char model[48];		/* a model given to the driver */
	unsigned int driver_pins;	/* pins whose configuration the driver replaces */
	bool fixup;		/* the kernel's log says that one was picked */
	char fixup_name[64];
	char fixup_why[48];	/* "PCI SSID 17aa:2318", "pin match", ... */
};

enum amp_bus { BUS_I2C, BUS_SPI, BUS_SOUNDWIRE, BUS_UNKNOWN };

struct amp {
	char id[32];		/* ACPI's HID, or the SoundWire id */
	char chip[48];
	enum amp_bus bus;
	unsigned int count;	/* devices on the bus */
	char driver[48];
	bool codec;		/* a whole codec on that bus, not an amplifier alone */
};

struct qemu_fact {
	char path[256];
	char version[96];
	enum known log_trace;	/* -d trace:... exists: built with the log backend */
	enum known vfio_event;	/* -trace help lists vfio_region_write */
	enum known no_mmap;	/* -device vfio-pci,help lists x-no-mmap */
	enum known vfio;	/* it has vfio-pci */
	enum known kvm;		/* -accel help lists kvm */
	bool libvirt;		/* a libvirt domain uses it */
};

enum boot_loader {
	BOOT_UNKNOWN, BOOT_DEBIAN_GRUB, BOOT_FEDORA_GRUBBY, BOOT_GRUB_MKCONFIG, BOOT_SUSE_GRUB,
	BOOT_SYSTEMD, BOOT_KERNELSTUB, BOOT_OSTREE, BOOT_NIXOS, BOOT_REFIND,
};

struct user {
	unsigned int pid;
	char name[64], device[64];
};

struct facts {
	bool live;
	/* the machine */
	char vendor[64], product[64], system[96], os_id[32], os_like[64], kernel[96];
	char container[48];	/* "" if none is seen */
	/* processor and KVM */
	char cpu[16];
	bool vmx, svm, hypervisor, cpu_known;
	char kvm_module[16];
	enum known kvm_node;
	bool kvm_open;
	uint64_t memory;	/* bytes */
	/* IOMMU */
	bool dmar, ivrs;
	enum known tables;	/* ACPI's tables are shown */
	unsigned int iommus, groups;
	char words[512];	/* of the kernel's command line, those that matter here */
	enum boot_loader boot;
	/* sound */
	struct controller controllers[FACTS_CONTROLLERS];
	unsigned int n_controllers;
	struct codec codecs[FACTS_CODECS];
	unsigned int n_codecs;
	struct amp amps[FACTS_AMPS];
	unsigned int n_amps;
	enum known log;		/* the kernel's log could be read */
	int chosen;		/* the controller this is about, or -1 */
	struct user users[FACTS_USERS];
	unsigned int n_users;
	/* programs */
	struct qemu_fact qemus[FACTS_QEMUS];
	unsigned int n_qemus;
	char libvirt[96];	/* version, "" if there is none */
	enum known libvirt_socket;	/* NO: there, and not for us */
	bool libvirt_running;
	/* permissions */
	bool root, in_kvm, in_libvirt, in_audio;
	uint64_t memlock;	/* UINT64_MAX: no limit */
	bool memlock_known;
	bool vfio_module, vfio_node, vfio_open;
	char lockdown[24];	/* "" where the kernel has none */
	enum known btf, btf_kvm;
	int unprivileged_bpf;	/* -1 unknown */
	int yama;		/* -1: no such restriction */
	bool names;		/* built with the library that knows names */
	bool bpf;		/* built with the BPF route */
};

struct err;

/*
 * Looks at everything.  @device NULL: the controller with a codec of its own
 * is chosen; otherwise the one of that address (0000: may be left out), and
 * it is an error if there is none.  Who is only to be given away needs no QEMU
 * asked: FACTS_DEVICES leaves programs out.
 */
enum facts_what { FACTS_ALL, FACTS_DEVICES };
struct err *facts_gather(struct machine *m, const char *device, enum facts_what what,
			 struct facts *out);

/* A PCI address in full, from what a user writes (1f.3 is not enough); false if it is none. */
bool pci_address(const char *text, char *full, size_t size);

/* Whether the kernel's command line has @word, or begins a word so when it ends in '='. */
bool facts_word(const struct facts *f, const char *word);

#endif
