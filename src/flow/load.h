/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a path to a source: the one way on which every command opens what it
 * is given.  What the input is, its content says (input/open.h).
 */
#ifndef HDADUMP_FLOW_LOAD_H
#define HDADUMP_FLOW_LOAD_H

#include <stdint.h>

struct err;
struct source;

/*
 * Opens any input; "-" is standard input.  @device: only the controller of this
 * name; NULL: all.  *fd is closed by the caller after the source.
 */
struct err *input_open(const char *path, const char *device, struct source **out, int *fd);
/* The same from a descriptor, which stays the caller's and must outlive the source. */
struct err *input_open_fd(int fd, const char *name, const char *device, struct source **out);
/* The same with the address of BAR 0 in the guest, for kvm_mmio text; 0: found by evidence. */
struct err *input_open_bar(const char *path, const char *device, uint64_t bar, struct source **out,
			   int *fd);

#endif
