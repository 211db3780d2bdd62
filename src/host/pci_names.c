// SPDX-License-Identifier: GPL-2.0-or-later
#include <pci/pci.h>
#include <setjmp.h>

#include "host/pci_module.h"

/*
 * The library's list of names may be missing or damaged. It reports errors through these
 * functions, which it sets only when it scans the bus itself, and its error function must not
 * return.
 */
static jmp_buf pci_failed;

static void __attribute__((noreturn)) pci_error(char *fmt, ...)
{
	longjmp(pci_failed, 1);
}

static void pci_says(char *fmt, ...)
{
}

static const char *look_up(struct pci_access *pci, char *name, int size, unsigned int vendor,
			   unsigned int device)
{
	pci->error = pci_error;
	pci->warning = pci->debug = pci_says;
	if (setjmp(pci_failed))
		return NULL;
	return pci_lookup_name(pci, name, size, PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE |
			       PCI_LOOKUP_NO_NUMBERS, vendor, device);
}

/* The library writes into @name. */
static bool find_name(unsigned int vendor, unsigned int device, char *name, size_t size)
{
	struct pci_access *pci = pci_alloc();
	bool found = pci && look_up(pci, name, (int)size, vendor, device);

	if (pci)
		pci_cleanup(pci);
	return found;
}

MODULE_EXPORT const struct pci_module hdadump_module_pci = {
	.head = MODULE_HEAD(struct pci_module, PCI_FORM),
	.name = find_name,
};
