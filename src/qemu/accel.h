/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a QEMU runs its guest with. */
#ifndef HDADUMP_QEMU_ACCEL_H
#define HDADUMP_QEMU_ACCEL_H

#include <stdbool.h>

struct err;
struct qmp;

/* By query-accelerators, of QEMU 11; where there is none by query-kvm, which that calls deprecated. */
struct err *accel_is_kvm(struct qmp *q, bool *kvm);

#endif
