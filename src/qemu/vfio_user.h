/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices behind a socket: QEMU's vfio-user-pci, since 10.1.
 *
 * QEMU's trace calls such a device `vfio-user:PATH`. QEMU does not show the PATH (the
 * property cannot be read), but it names the device's memory regions by it, and these are the
 * device's children in QEMU's object tree: as `vfio-user:\x2frun\x2fa.sock BAR 0[0]`, with
 * each of / [ \ ] as \xHH. A part that the server allows QEMU to map into the guest is a
 * child too: ` BAR 0 mmaps[0]`. Source: seen with QEMU 11.1.3; memory_region_escape_name() in
 * system/memory.c.
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
 * The name in QEMU's trace of the device at @path of the object tree; the caller frees it;
 * NULL = it has no BAR. *mapped: the guest accesses the first registers of BAR 0 without
 * QEMU, so they are not traced.
 */
struct err *vfio_user_ask(struct qmp *q, const char *path, char **name, bool *mapped);

/* The error for a device whose registers are mapped, with the next step. */
struct err *vfio_user_hidden(const char *name);

#endif
