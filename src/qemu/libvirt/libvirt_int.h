/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In the module, shared by libvirt_guest.c (the guest) and libvirt_monitor.c (its monitor). */
#ifndef HDADUMP_QEMU_LIBVIRT_LIBVIRT_INT_H
#define HDADUMP_QEMU_LIBVIRT_LIBVIRT_INT_H

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct bridge;
struct err;

struct libvirt_guest {
	virConnectPtr conn;
	virDomainPtr domain;
	char *uri;
	struct bridge *bridge;	/* NULL until libvirt_monitor() is called */
};

/* As those of libvirt.h. */
const char *guest_name(const struct libvirt_guest *g);
bool guest_is_running(const struct libvirt_guest *g);
struct err *guest_monitor(struct libvirt_guest *g, int *fd);

/* libvirt's last error message, owned by libvirt. */
const char *libvirt_says(void);
/*
 * Ends the threads; the other end of their socket is closed already. False if a thread waits
 * for a QEMU that does not answer: then nothing that it uses, the guest's connection and
 * domain, may be freed.
 */
bool bridge_destroy(struct bridge *b);

#endif
