/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by devices.c (devices in the trace) and devices_join.c (devices in QEMU's answers). */
#ifndef HDADUMP_LIVE_DEVICES_INT_H
#define HDADUMP_LIVE_DEVICES_INT_H

#include <json-c/json.h>

#include "live/devices.h"


/* "0000:00:1b.0", from an entry of query-pci's answer. */
struct err *devices_pci_name(struct json_object *pci, char **name);
/*
 * Takes ownership of the contents of *dev. If it has a name and is wanted, by that or by @id
 * (which may be NULL), it becomes a controller, at once or at CTRL_LATER.
 */
struct err *devices_add(struct devices *d, struct device *dev, const char *id, struct device **out);
bool devices_has_key(const struct devices *d, const char *key);
/*
 * Adds devices behind sockets that are not in the list yet; *audio (may be NULL): one of the
 * machine's is an audio device.
 */
struct err *devices_add_sockets(struct devices *d, bool *audio);

#endif
