/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The definition of a libvirt guest: which PCI devices of the host it is
 * given, and the change that makes QEMU see what their drivers do
 * (x-no-mmap=on).  Text in, text out; the rest of it stays as it is.
 *
 * Sources: libvirt's docs/formatdomain and docs/drvqemu (qemu:override since
 * libvirt 8.2.0, qemu:commandline before).
 */
#ifndef HDADUMP_QEMU_LIBVIRT_DOMAIN_XML_H
#define HDADUMP_QEMU_LIBVIRT_DOMAIN_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;

#define DOMAIN_HOSTDEVS_MAX 64

struct domain_hostdev {
	char address[16];	/* 0000:00:1b.0, on the host */
	char alias[64];		/* libvirt's name for it, as QEMU's id */
};

/* The PCI devices that are passed through; *count of at most DOMAIN_HOSTDEVS_MAX. */
struct err *domain_xml_hostdevs(const char *xml, struct domain_hostdev *list, size_t *count);

/*
 * Adds x-no-mmap=on for the device @alias, by qemu:override or, for a libvirt
 * that has none (@override false), by an argument.  Nothing is added twice.
 */
struct err *domain_xml_add(const char *xml, const char *alias, bool override, struct buf *out);
/* Takes out what domain_xml_add() has added for it, and what is empty then. */
struct err *domain_xml_remove(const char *xml, const char *alias, struct buf *out);

#endif
