/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the doctor has found out, as plain data. gather*.c fills it in through a `struct
 * machine`; judge*.c judges it and sees nothing else.
 *
 * Texts are copied from the machine and must be made safe before they are shown. Nothing here
 * names a person, a serial number or a network: these are not gathered.
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

/* UNKNOWN: the machine could not be read. */
enum known { UNKNOWN, NO, YES };

struct pci {
	char address[16];	/* 0000:00:1f.3 */
	uint32_t class;		/* 24 bits: 0x040300 */
	uint16_t vendor, device, sub_vendor, sub_device;
	char name[128];		/* "" if libpci is missing */
	char driver[48];	/* "" = no driver */
};

/* How a member of the IOMMU group affects passing the controller through. */
enum mate_kind {
	MATE_BRIDGE, /* keeps its driver: a bridge does no DMA itself */
	MATE_FREE,   /* no driver, or vfio-pci already */
	MATE_SMALL,  /* must be given away too; the machine works without it for a while */
	MATE_VITAL,  /* must be given away too, but the user needs it: screen, disk, network, USB */
};

struct mate {
	struct pci pci;
	enum mate_kind kind;
	bool overridden;	/* driver_override says vfio-pci */
};

enum controller_kind {
	CONTROLLER_HDA,		/* class 0403 with a plain HD Audio driver, or without a driver */
	CONTROLLER_DSP,		/* HD Audio, but the driver in use goes through a DSP */
	CONTROLLER_ACP,		/* AMD's audio coprocessor: not HD Audio */
};

struct controller {
	struct pci pci;
	enum controller_kind kind;
	bool graphics;		/* a function of a graphics card: HDMI and DisplayPort only */
	int group;		/* IOMMU group; -1 = none */
	struct mate mates[FACTS_MATES];
	unsigned int n_mates;
	unsigned int hidden_mates;	/* members of the group that could not be read */
	enum known resets;
	char reset[64];		/* reset methods in the kernel's words: "flr pm bus" */
	int card;		/* ALSA's number; -1 = none */
	/* the driver's name in /proc/asound/cards: HDA-Intel, sof-hda-dsp */
	char card_name[48];
	unsigned int codecs;	/* how many of facts.codecs have speakers or jacks (not HDMI) */
	bool vfio_node;		/* /dev/vfio/GROUP exists */
};

struct codec {
	int card, address;
	unsigned int controller;	/* index in facts.controllers; FACTS_CONTROLLERS = none */
	char name[64];
	uint32_t vendor_id, subsystem_id, revision;
	bool hdmi, modem;
	char model[48];		/* the model option given to the driver */
	unsigned int driver_pins;	/* pins whose configuration the driver replaces */
	bool fixup;		/* the kernel's log names a quirk that it applied */
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
	bool codec;		/* a whole codec on that bus, not only an amplifier */
};

struct qemu_fact {
	char path[256];
	char version[96];
	enum known log_trace;	/* -d trace:... exists: built with the log backend */
	enum known vfio_event;	/* -trace help lists vfio_region_write */
	enum known no_mmap;	/* -device vfio-pci,help lists x-no-mmap */
	enum known vfio;	/* -device help lists vfio-pci */
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
	char container[48];	/* "" = not in a container */
	/* processor and KVM */
	char cpu[16];
	bool vmx, svm, hypervisor, cpu_known;
	char kvm_module[16];
	enum known kvm_node;
	bool kvm_open;
	uint64_t memory;	/* bytes */
	/* IOMMU */
	bool dmar, ivrs;
	enum known tables;	/* the machine shows ACPI's tables */
	unsigned int iommus, groups;
	char words[512];	/* words of the kernel's command line that matter here */
	enum boot_loader boot;
	/* sound */
	struct controller controllers[FACTS_CONTROLLERS];
	unsigned int n_controllers;
	struct codec codecs[FACTS_CODECS];
	unsigned int n_codecs;
	struct amp amps[FACTS_AMPS];
	unsigned int n_amps;
	enum known log;		/* the kernel's log could be read */
	int chosen;		/* index of the controller that the report is about; -1 = none */
	struct user users[FACTS_USERS];
	unsigned int n_users;
	/* programs */
	struct qemu_fact qemus[FACTS_QEMUS];
	unsigned int n_qemus;
	char libvirt[96];	/* version; "" = not installed */
	enum known libvirt_socket;	/* NO: it exists, but this user may not open it */
	bool libvirt_running;
	/* permissions */
	bool root, in_kvm, in_libvirt, in_audio;
	uint64_t memlock;	/* bytes that may be locked; UINT64_MAX: no limit */
	bool memlock_known;
	bool vfio_module, vfio_node, vfio_open;
	char lockdown[24];	/* "" if the kernel has no lockdown */
	enum known btf, btf_kvm;
	int unprivileged_bpf;	/* -1 = unknown */
	int yama;		/* kernel.yama.ptrace_scope; -1 = the kernel has none */
	bool names;		/* the module with the names of devices exists */
	bool bpf;		/* the module for capture by BPF exists */
};

struct err;

/*
 * Gathers all facts. @device NULL: chooses a controller whose codec has speakers or jacks;
 * otherwise the controller with that address (0000: may be left out), and it is an error if
 * there is none. FACTS_DEVICES runs no programs: giving a device away needs no QEMU.
 */
enum facts_what { FACTS_ALL, FACTS_DEVICES };
struct err *facts_gather(struct machine *m, const char *device, enum facts_what what,
			 struct facts *out);

/* Completes a PCI address typed by a user (1f.3 is not enough); false if it is not one. */
bool pci_address(const char *text, char *full, size_t size);

/*
 * True if the kernel's command line has the word @word, or one that begins with @word if
 * @word ends in '='.
 */
bool facts_word(const struct facts *f, const char *word);

#endif
