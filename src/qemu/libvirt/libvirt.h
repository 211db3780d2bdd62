/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that libvirt runs.  libvirt holds the guest's QMP socket; what we
 * want to say goes through its API, and looks to us as if it were such a
 * socket: a thread stands between.
 *
 * Without libvirt at build time libvirt_open() fails and says so.
 */
#ifndef HDADUMP_QEMU_LIBVIRT_LIBVIRT_H
#define HDADUMP_QEMU_LIBVIRT_LIBVIRT_H

#include <stdbool.h>

struct err;
struct libvirt_guest;

/* @uri NULL: as libvirt chooses.  @name: the domain's name, id or UUID. */
struct err *libvirt_open(const char *uri, const char *name, struct libvirt_guest **out);
void libvirt_close(struct libvirt_guest *g);

/*
 * A socket that greets and answers as QMP does, and takes a descriptor beside a
 * command that wants one; the caller closes it before libvirt_close().  Once a
 * guest.
 */
struct err *libvirt_monitor(struct libvirt_guest *g, int *fd);

const char *libvirt_name(const struct libvirt_guest *g);
const char *libvirt_uri(const struct libvirt_guest *g);
bool libvirt_is_running(const struct libvirt_guest *g);
/* Whether its definition outlives it. */
bool libvirt_is_persistent(const struct libvirt_guest *g);
/* Of the libvirt that runs the guest: major * 1,000,000 + minor * 1,000 + release. */
unsigned long libvirt_version(const struct libvirt_guest *g);

/* The domain's XML, of the next start or of this life; owned by the caller. */
struct err *libvirt_xml(struct libvirt_guest *g, bool next_start, char **xml);
struct err *libvirt_define(struct libvirt_guest *g, const char *xml);

#endif
