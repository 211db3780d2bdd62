/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about this machine that no file answers.  Each is one line of
 * text, so that a recorded machine can hold question and answer:
 *
 *   run PROGRAM ARGUMENT...   what it prints, both ways (no shell, 10 s)
 *   access PATH               "r", "w", "rw" or "": what we may do with it
 *   pci VVVV:DDDD             its name, from the library of pciutils
 *   programs                  paths of every QEMU in PATH and where else they are kept
 *   emulators                 paths of QEMU in libvirt's domains, as far as they are readable
 *   groups                    of root, kvm, libvirt, audio: those we are in
 *   memlock                   bytes we may lock in memory, or "unlimited"
 *   users                     who holds a sound device or a VFIO group: PID, name and device, a
 * line each log                       the kernel's messages
 */
#ifndef HDADUMP_HOST_ANSWERS_H
#define HDADUMP_HOST_ANSWERS_H

#include "host/machine.h"

enum read_status answers_live(const char *question, struct buf *answer);

#endif
