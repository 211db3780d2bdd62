/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which process a guest of libvirt's is.  Its API does not tell; its daemon
 * writes it into a file, in a folder of its own.  (That a process has the
 * guest's UUID on its command line proves nothing.)
 */
#ifndef HDADUMP_QEMU_LIBVIRT_LIBVIRT_PROCESS_H
#define HDADUMP_QEMU_LIBVIRT_LIBVIRT_PROCESS_H

#include <sys/types.h>

/*
 * @uri: libvirt's, as it gives it.  *pid: 0 when the guest runs on another
 * machine, or when there is no such file that only root or we can have written;
 * otherwise *pin holds it, see process_pin(), and is the caller's.
 */
void libvirt_process(const char *uri, const char *name, pid_t *pid, int *pin);

#endif
