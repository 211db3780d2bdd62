/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor of a guest that libvirt runs.  libvirt holds the QMP socket;
 * what we want to say goes through its API, and looks to us as if it were
 * such a socket: a thread stands between.
 */
#ifndef HDADUMP_SOURCE_LIBVIRT_H
#define HDADUMP_SOURCE_LIBVIRT_H

#include <sys/types.h>

struct err;

/*
 * @uri may be NULL, @name is a domain's name, id or UUID.  *fd is the caller's,
 * whose end of it ends the connection; *pid is QEMU's, or 0.  An error when
 * hdadump was built without libvirt.
 */
struct err *libvirt_open_monitor(const char *uri, const char *name, int *fd, pid_t *pid);

#endif
