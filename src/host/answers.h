/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about this machine that no file answers.  Each is one line of
 * text, so that a recorded machine can hold question and answer:
 *
 *   run PROGRAM ARGUMENT...   its standard output and error (no shell, 10 s)
 *   access PATH               "r", "w", "rw" or "": what this user may do with it
 *   pci VVVV:DDDD             its name, from the library of pciutils
 *   programs                  paths of every QEMU in PATH and in other usual folders
 *   emulators                 paths of QEMU in those of libvirt's domains that are readable
 *   groups                    those of root, kvm, libvirt, audio that this user is in
 *   memlock                   bytes this user may lock in memory, or "unlimited"
 *   users                     users of a sound device or a VFIO group: PID, name and device, a
 * line each log                       the kernel's messages
 */
#ifndef HDADUMP_HOST_ANSWERS_H
#define HDADUMP_HOST_ANSWERS_H

#include "host/machine.h"

enum read_status answers_live(const char *question, struct buf *answer);

#endif
