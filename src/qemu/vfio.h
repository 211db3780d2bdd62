/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices passed through with vfio-pci, and whether their register accesses can be traced.
 *
 * QEMU maps a device's BARs into the guest; with the property x-no-mmap every access goes
 * through QEMU instead. The audio controllers need that, but it makes a graphics card beside
 * them too slow. sysfs shows what a device is by its PCI class; if it does not, nothing is
 * assumed.
 */
#ifndef HDADUMP_QEMU_VFIO_H
#define HDADUMP_QEMU_VFIO_H

struct err;
struct qmp;

#define VFIO_SYSFS "/sys/bus/pci/devices"

/*
 * Changes the argument of a -device option, in the key=value or JSON form: a vfio-pci device
 * that is known not to be an audio controller gets x-no-mmap=off, unless the user has set
 * that property. Anything else stays as it is. The caller frees *out.
 */
struct err *vfio_argument(const char *sysfs, const char *arg, char **out);

/*
 * Checks every passed-through device of a QEMU. An audio controller whose accesses do not
 * trap is an error that says what to change (with @only, a PCI address or QEMU's id, only
 * that one); another device whose accesses trap gets a note.
 */
struct err *vfio_check(struct qmp *q, const char *only);

#endif
