/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out whether a QEMU runs its guest under KVM. */
#ifndef HDADUMP_QEMU_ACCEL_H
#define HDADUMP_QEMU_ACCEL_H

#include <stdbool.h>

struct err;
struct qmp;

/* Uses query-accelerators of QEMU 11; before that query-kvm, which QEMU 11 calls deprecated. */
struct err *accel_is_kvm(struct qmp *q, bool *kvm);

#endif
