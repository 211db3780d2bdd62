/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Process numbers are given again; here at once. */
#ifndef TESTS_UNIT_SAME_NUMBER_H
#define TESTS_UNIT_SAME_NUMBER_H

#include <sys/types.h>

/*
 * A child with the number @pid, which must have been reaped: it does @run, and
 * ends with it.  0 where that cannot be had: only root may ask for it.
 */
pid_t fork_with_number(pid_t pid, void (*run)(void));

#endif
