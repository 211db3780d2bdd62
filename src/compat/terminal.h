/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds in /proc the programs that use a terminal, and the process that writes to our
 * standard input.
 */
#ifndef HDADUMP_COMPAT_TERMINAL_H
#define HDADUMP_COMPAT_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

struct terminal_users {
	pid_t qemu;		/* a QEMU in the terminal's foreground; 0 = none */
	/* name of a shell, if there are only shells in the foreground; otherwise "" */
	char shell[32];
};

/* Finds the users of the terminal with this device number (st_rdev). */
void terminal_look(dev_t dev, struct terminal_users *u);

/* The QEMU whose standard error is our standard input; 0 = unknown. */
pid_t terminal_find_writer(void);

#endif
