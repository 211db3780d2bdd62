/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that libvirt runs. libvirt holds the guest's QMP socket; commands go through its
 * API. A thread makes that look like such a socket to the rest of the program.
 *
 * A module does the work (base/module/module.h); without it libvirt_open() fails with a message.
 */
#ifndef HDADUMP_QEMU_LIBVIRT_LIBVIRT_H
#define HDADUMP_QEMU_LIBVIRT_LIBVIRT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct domain_hostdev;
struct err;
struct libvirt_guest;

/* @uri NULL: libvirt's default. @name: the domain's name, id or UUID. */
struct err *libvirt_open(const char *uri, const char *name, struct libvirt_guest **out);
void libvirt_close(struct libvirt_guest *g);

/*
 * A socket with the QMP protocol, which accepts a descriptor beside a command that needs one;
 * the caller closes it before libvirt_close(). Call it once for each guest.
 */
struct err *libvirt_monitor(struct libvirt_guest *g, int *fd);

const char *libvirt_name(const struct libvirt_guest *g);
const char *libvirt_uri(const struct libvirt_guest *g);
bool libvirt_is_running(const struct libvirt_guest *g);
/* True if the domain is persistent. */
bool libvirt_is_persistent(const struct libvirt_guest *g);
/* Version of the libvirt that runs the guest: major * 1,000,000 + minor * 1,000 + release. */
unsigned long libvirt_version(const struct libvirt_guest *g);

/* The domain's XML, for the next start or of the running guest; owned by the caller. */
struct err *libvirt_xml(struct libvirt_guest *g, bool next_start, char **xml);
struct err *libvirt_define(struct libvirt_guest *g, const char *xml);

/* domain_xml.h: lists the devices in a definition; adds x-no-mmap=on for one, or removes it. */
struct err *libvirt_hostdevs(struct libvirt_guest *g, const char *xml, struct domain_hostdev *list,
			     size_t *count);
struct err *libvirt_change_xml(struct libvirt_guest *g, const char *xml, const char *alias, bool add,
			       struct buf *out);

#endif
