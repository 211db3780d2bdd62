/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices passed through with vfio-pci, and whether their registers can be seen.
 *
 * QEMU maps a device's BARs into the guest; with the property x-no-mmap every
 * access comes by QEMU instead.  That is needed of the audio controllers and
 * ruinous for a graphics card beside them.  What a device is, sysfs tells by
 * its PCI class; where sysfs is silent nothing is assumed.
 */
#ifndef HDADUMP_QEMU_VFIO_H
#define HDADUMP_QEMU_VFIO_H

struct err;
struct qmp;

#define VFIO_SYSFS "/sys/bus/pci/devices"

/*
 * The argument of a -device option as QEMU is to have it, whether written as
 * key=value or as JSON: a vfio-pci device that is known to be no audio
 * controller is left out of x-no-mmap, unless the user has said what he wants.
 * Anything else stays as it is.  *out is the caller's.
 */
struct err *vfio_argument(const char *sysfs, const char *arg, char **out);

/*
 * Asks a QEMU about every device that it passes through.  An audio controller
 * whose accesses do not trap is an error that says what to write (with @only,
 * a PCI address or QEMU's id: that one alone); another device whose accesses
 * do is noted.
 */
struct err *vfio_check(struct qmp *q, const char *only);

#endif
