// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The modules of this build, linked: for the programs of the tests and the fuzzers, which have no
 * folder of modules beside them.  MODULES_WITHIN is MODULE(libvirt) MODULE(bpf) and so on.
 */
#include "export/sqlite_module.h"
#include "host/pci_module.h"
#include "input/unpack_module.h"
#include "live/kvm/bpf_module.h"
#include "qemu/libvirt/libvirt_module.h"

#define MODULE(name) { #name, &hdadump_module_##name.head },

const struct module_within modules_within[] = {
	MODULES_WITHIN
	{ NULL, NULL },
};
