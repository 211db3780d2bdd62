/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs of a compiled BPF object, interpreted in user space: what a
 * compiler made of the source, without a kernel.
 *
 * Addresses are this process's own.  A fault in the object, or an instruction
 * that is not known, fails the running test.
 */
#ifndef HDADUMP_TESTS_BPF_MACHINE_H
#define HDADUMP_TESTS_BPF_MACHINE_H

#include <stdint.h>

struct machine;

/* Where the test has the map or variable @name; NULL: the object's own copy is used. */
typedef void *(*machine_symbol)(const char *name);

/* Calls helper @number of the kernel's with its arguments. */
typedef uint64_t (*machine_helper)(uint32_t number, const uint64_t *args);

struct machine *machine_create(const char *path, machine_symbol symbol, machine_helper helper);
void machine_destroy(struct machine *m);

/* Runs the program in @section; gives its return value. */
uint64_t machine_run(struct machine *m, const char *section, void *context);

#endif
