/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guardian: a process that outlives a hdadump that was killed, or stands in
 * for one whose monitor does not answer, and takes back what is in the list of
 * undo.h by a connection of its own.
 */
#ifndef HDADUMP_LIVE_ATTACH_GUARDIAN_H
#define HDADUMP_LIVE_ATTACH_GUARDIAN_H

struct monitor_where;

/* How long it tries to get through to QEMU. */
#define GUARDIAN_S 300

/*
 * To be called in a child, which it becomes.  It listens at @fd until that is
 * closed or shut down at the other end; when it was not dismissed before, it
 * sets to work, and tells there how far it has come.  Where nobody listens any
 * more it says so on standard error.
 */
_Noreturn void guardian_run(const struct monitor_where *where, int fd);

#endif
