/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The audio controllers of a guest according to QEMU's monitor: their ids, and the present
 * addresses of their registers in the guest.
 */
#ifndef HDADUMP_QEMU_PCI_AUDIO_H
#define HDADUMP_QEMU_PCI_AUDIO_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct qmp;

#define PCI_BARS 6

struct pci_bar {
	/* size 0: the BAR does not exist, or the guest has not placed it (yet) */
	uint64_t start, size;
};

struct pci_audio {
	/* address in the guest: "0000:00:1b.0"; bus 0 while no bridge is set up */
	char place[16];
	char *id;		/* QEMU's id; "" = none */
	/*
	 * passed through: its address on the host, or vfio-user:PATH; NULL: emulated or
	 * unknown
	 */
	char *host;
	uint8_t devfn;
	struct pci_bar bar[PCI_BARS];
};

struct pci_audios {
	struct pci_audio *list;
	size_t count;
};

/* Parses the answer of `query-pci`; zero-filled *a is empty. */
struct err *pci_audio_parse(struct json_object *answer, struct pci_audios *a);
/* Asks QEMU for it, and for the host's names of passed-through devices. */
struct err *pci_audio_ask(struct qmp *q, struct pci_audios *a);
void pci_audio_deinit(struct pci_audios *a);

#endif
