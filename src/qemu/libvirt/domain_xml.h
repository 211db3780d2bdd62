/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The definition of a libvirt guest: the PCI devices of the host that it gets, and the change
 * that makes their accesses go through QEMU (x-no-mmap=on). Text in, text out; the rest stays
 * as it is.
 *
 * Sources: libvirt's docs/formatdomain and docs/drvqemu (qemu:override since libvirt 8.2.0,
 * qemu:commandline before).
 */
#ifndef HDADUMP_QEMU_LIBVIRT_DOMAIN_XML_H
#define HDADUMP_QEMU_LIBVIRT_DOMAIN_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;

#define DOMAIN_HOSTDEVS_MAX 64

struct domain_hostdev {
	char address[16];	/* address on the host: 0000:00:1b.0 */
	char alias[64];		/* libvirt's name for it, and QEMU's id */
};

/* The passed-through PCI devices; *count is at most DOMAIN_HOSTDEVS_MAX. */
struct err *domain_xml_hostdevs(const char *xml, struct domain_hostdev *list, size_t *count);

/*
 * Adds x-no-mmap=on for the device @alias, in qemu:override or, for a libvirt without it
 * (@override false), as an argument. Never adds it twice.
 */
struct err *domain_xml_add(const char *xml, const char *alias, bool override, struct buf *out);
/* Removes what domain_xml_add() added, and elements that are empty then. */
struct err *domain_xml_remove(const char *xml, const char *alias, struct buf *out);

#endif
