/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The audio controllers of a guest as QEMU's monitor shows them: who they are,
 * and where in the guest's address space their registers are now.
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
	uint64_t start, size;	/* size 0: not there, or not placed by the guest (yet) */
};

struct pci_audio {
	char place[16];		/* in the guest: "0000:00:1b.0"; with no bridge set up yet bus 0 */
	char *id;		/* QEMU's, "" without one */
	char *host;		/* passed through: its address on the host or vfio-user:PATH; NULL: emulated, unknown */
	uint8_t devfn;
	struct pci_bar bar[PCI_BARS];
};

struct pci_audios {
	struct pci_audio *list;
	size_t count;
};

/* Takes the answer of `query-pci` apart; zero-filled *a is empty. */
struct err *pci_audio_parse(struct json_object *answer, struct pci_audios *a);
/* Asks for it, and for the host's names of what is passed through. */
struct err *pci_audio_ask(struct qmp *q, struct pci_audios *a);
void pci_audio_deinit(struct pci_audios *a);

#endif
