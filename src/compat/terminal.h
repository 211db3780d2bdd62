/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a terminal, and which process writes our standard input, as /proc tells. */
#ifndef HDADUMP_COMPAT_TERMINAL_H
#define HDADUMP_COMPAT_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

struct terminal_users {
	pid_t qemu;		/* a QEMU in the terminal's foreground, 0: none seen */
	char shell[32];		/* "" unless nobody but a shell is in the foreground */
};

/* Of the terminal with this device number (st_rdev). */
void terminal_look(dev_t dev, struct terminal_users *u);

/* The QEMU whose standard error is our standard input, 0 when it cannot be told. */
pid_t terminal_find_writer(void);

#endif
