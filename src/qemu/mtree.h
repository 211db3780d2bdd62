/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses QEMU's `info mtree -f` for the guest-physical ranges that are RAM.
 *
 *   FlatView #1
 *    AS "memory", root: system
 *    Root memory region: system
 *     0000000000000000-000000000009ffff (prio 0, ram): pc.ram KVM
 *     0000000100000000-00000001bfffffff (prio 0, ram): pc.ram @0000000080000000
 *
 * The view of the address space named "memory" is the one the devices use.
 */
#ifndef HDADUMP_QEMU_MTREE_H
#define HDADUMP_QEMU_MTREE_H

#include <stddef.h>
#include <stdint.h>

struct err;

struct ram_range {
	uint64_t start;		/* guest-physical */
	uint64_t end;		/* last byte */
	uint64_t hva;		/* address in QEMU; 0 = unknown */
};

/* The caller frees *ranges. An error if the text names no RAM. */
struct err *mtree_parse(const char *text, size_t len, struct ram_range **ranges, size_t *count);

#endif
