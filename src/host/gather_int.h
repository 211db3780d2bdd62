/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of facts_gather(); each reads one part of the machine. */
#ifndef HDADUMP_HOST_GATHER_INT_H
#define HDADUMP_HOST_GATHER_INT_H

#include "host/facts.h"

void gather_pci(struct machine *m, struct facts *f);
void gather_codecs(struct machine *m, struct facts *f);
void gather_amps(struct machine *m, struct facts *f);
void gather_boot(struct machine *m, struct facts *f);
void gather_qemu(struct machine *m, struct facts *f);
void gather_libvirt(struct machine *m, struct facts *f);

/* The number in a file, in any base that strtoull() accepts; @otherwise if there is none. */
long long gather_number(struct machine *m, const char *path, long long otherwise);
/* Reads one device's ids, name and driver; false if it does not exist. */
bool gather_device(struct machine *m, const char *address, struct pci *out);

#endif
