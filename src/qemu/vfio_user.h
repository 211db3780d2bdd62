/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices behind a socket: QEMU's vfio-user-pci, of 10.1 and later.
 *
 * QEMU's trace calls one `vfio-user:PATH`. What its PATH is QEMU does not say
 * (the property cannot be read), but it names the device's memory regions by
 * it, and they are the device's children in QEMU's object tree: as
 * `vfio-user:\x2frun\x2fa.sock BAR 0[0]`, with each of / [ \ ] as \xHH.  A part
 * that the server lets QEMU map into the guest is one too: ` BAR 0 mmaps[0]`.
 * Source: seen with QEMU 11.1.3; memory_region_escape_name() in system/memory.c.
 */
#ifndef HDADUMP_QEMU_VFIO_USER_H
#define HDADUMP_QEMU_VFIO_USER_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct qmp;

/* By the type in qom-list's answer, which may be NULL. */
bool vfio_user_is_type(const char *type);
/* By its name in QEMU's trace. */
bool vfio_user_is_name(const char *name, size_t len);

/*
 * What QEMU's trace calls the device at @path of the object tree; the caller's,
 * NULL when it has no BAR.  *mapped: the guest reaches the first registers of
 * BAR 0 without QEMU, and nothing of them is traced.
 */
struct err *vfio_user_ask(struct qmp *q, const char *path, char **name, bool *mapped);

/* Why nothing can be seen of a device whose registers are mapped, and the way out. */
struct err *vfio_user_hidden(const char *name);

#endif
