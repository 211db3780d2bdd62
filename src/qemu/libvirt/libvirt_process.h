/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the process of a libvirt guest. The API does not tell, but the daemon writes the PID
 * to a file in its own folder. (A process with the guest's UUID on its command line proves
 * nothing.)
 */
#ifndef HDADUMP_QEMU_LIBVIRT_LIBVIRT_PROCESS_H
#define HDADUMP_QEMU_LIBVIRT_LIBVIRT_PROCESS_H

#include <sys/types.h>

/*
 * @uri: libvirt's own. *pid is 0 if the guest runs on another machine, or if there is no such
 * file that only root or we could write; otherwise *pin holds the process, see process_pin(),
 * and belongs to the caller.
 */
void libvirt_process(const char *uri, const char *name, pid_t *pid, int *pin);

#endif
