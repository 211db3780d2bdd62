/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between devices.c (what the trace names) and devices_join.c (what QEMU names). */
#ifndef HDADUMP_LIVE_DEVICES_INT_H
#define HDADUMP_LIVE_DEVICES_INT_H

#include <json-c/json.h>

#include "live/devices.h"

#define PCI_CLASS_HDA 0x0403

/* "0000:00:1b.0", of an entry of query-pci's answer. */
struct err *devices_pci_name(struct json_object *pci, char **name);
/*
 * Takes over what *dev owns.  One that has a name and is wanted, by that or by
 * @id (which may be NULL), becomes a controller.
 */
struct err *devices_add(struct devices *d, struct device *dev, const char *id, struct device **out);

#endif
