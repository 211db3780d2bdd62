/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a process with a given PID, because PIDs are used again. */
#ifndef TESTS_UNIT_SAME_NUMBER_H
#define TESTS_UNIT_SAME_NUMBER_H

#include <sys/types.h>

/*
 * A child with the PID @pid, whose process must have been reaped: it calls @run, and ends. 0
 * if that is impossible: only root may choose a PID.
 */
pid_t fork_with_number(pid_t pid, void (*run)(void));

#endif
