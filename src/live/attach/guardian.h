/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guardian: a process that lives on if hdadump is killed, or works for a hdadump whose
 * monitor does not answer. It undoes the changes in the list of undo.h with its own
 * connection.
 */
#ifndef HDADUMP_LIVE_ATTACH_GUARDIAN_H
#define HDADUMP_LIVE_ATTACH_GUARDIAN_H

struct monitor_where;

/* How long it tries to reach QEMU, in seconds. */
#define GUARDIAN_S 300

/*
 * Call it in a child, which becomes the guardian. It reads @fd until the other end is closed
 * or shut down; unless it was dismissed before, it then begins to undo, and reports its
 * progress there. If no process reads that any more, it reports on standard error.
 */
_Noreturn void guardian_run(const struct monitor_where *where, int fd);

#endif
