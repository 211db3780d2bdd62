/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PCI tree of a guest from QMP's query-pci, with bridges. */
#ifndef HDADUMP_QEMU_QUERY_PCI_H
#define HDADUMP_QEMU_QUERY_PCI_H

#include <json-c/json.h>

struct err;
struct qmp;

/* Called for one HD Audio controller (class 0403); the object is borrowed. */
typedef struct err *query_pci_fn(void *arg, struct json_object *pci);

/* Calls @what for each controller in an answer of query-pci, in its order, until an error. */
struct err *query_pci_each(struct json_object *answer, query_pci_fn *what, void *arg);
/* The same, and asks QEMU first. */
struct err *query_pci_audio(struct qmp *q, query_pci_fn *what, void *arg);

#endif
