/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interprets the programs of a compiled BPF object in user space: tests what a compiler made
 * from the source, without a kernel.
 *
 * Addresses are this process's own. A fault in the object, or an unknown instruction, fails
 * the running test.
 */
#ifndef HDADUMP_TESTS_BPF_MACHINE_H
#define HDADUMP_TESTS_BPF_MACHINE_H

#include <stdint.h>

struct machine;

/* Address of the test's map or variable @name; NULL = use the object's own copy. */
typedef void *(*machine_symbol)(const char *name);

/* Calls the kernel's helper @number with its arguments. */
typedef uint64_t (*machine_helper)(uint32_t number, const uint64_t *args);

struct machine *machine_create(const char *path, machine_symbol symbol, machine_helper helper);
void machine_destroy(struct machine *m);

/* Runs the program in @section; returns its return value. */
uint64_t machine_run(struct machine *m, const char *section, void *context);

#endif
