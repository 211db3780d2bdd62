/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of facts_gather(); each looks at one corner of the machine. */
#ifndef HDADUMP_HOST_GATHER_INT_H
#define HDADUMP_HOST_GATHER_INT_H

#include "host/facts.h"

void gather_pci(struct machine *m, struct facts *f);
void gather_codecs(struct machine *m, struct facts *f);
void gather_amps(struct machine *m, struct facts *f);
void gather_boot(struct machine *m, struct facts *f);
void gather_qemu(struct machine *m, struct facts *f);
void gather_libvirt(struct machine *m, struct facts *f);

/* A number in a file, in any base that strtoull() knows; @otherwise if there is none. */
long long gather_number(struct machine *m, const char *path, long long otherwise);
/* One device: numbers, name and driver; false if it is not there. */
bool gather_device(struct machine *m, const char *address, struct pci *out);

#endif
