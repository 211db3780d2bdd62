/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between devices.c (what the trace names) and devices_join.c (what QEMU names). */
#ifndef HDADUMP_LIVE_DEVICES_INT_H
#define HDADUMP_LIVE_DEVICES_INT_H

#include <json-c/json.h>

#include "live/devices.h"


/* "0000:00:1b.0", of an entry of query-pci's answer. */
struct err *devices_pci_name(struct json_object *pci, char **name);
/*
 * Takes over what *dev owns.  One that has a name and is wanted, by that or by
 * @id (which may be NULL), becomes a controller, at once or at CTRL_LATER.
 */
struct err *devices_add(struct devices *d, struct device *dev, const char *id, struct device **out);
bool devices_has_key(const struct devices *d, const char *key);
/* Those behind sockets that are not in the list yet; *audio (may be NULL): one of the machine's is an audio device. */
struct err *devices_add_sockets(struct devices *d, bool *audio);

#endif
