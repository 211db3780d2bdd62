/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module `pci`: what a PCI device is called, by libpci's list of names. */
#ifndef HDADUMP_HOST_PCI_MODULE_H
#define HDADUMP_HOST_PCI_MODULE_H

#include "base/module/module.h"

#define PCI_FORM 1

struct pci_module {
	struct module_head head;
	/* False where the list has no such device, or is missing or damaged. */
	bool (*name)(unsigned int vendor, unsigned int device, char *name, size_t size);
};

extern const struct pci_module hdadump_module_pci;

#endif
