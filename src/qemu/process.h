/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other processes, as /proc shows them: QEMU's command line, user, open files. */
#ifndef HDADUMP_QEMU_PROCESS_H
#define HDADUMP_QEMU_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;

/* The file /proc/@pid/@name, appended to @out; 1 MiB at most. */
struct err *process_read(pid_t pid, const char *name, struct buf *out);

/* Whether it still runs: one that has ended and waits for its parent to look does not. */
bool process_alive(pid_t pid);

/*
 * Holds the process @pid: as long as process_held(*pin) is true, the number is
 * that process's, so all that was read of /proc/@pid since is about it.
 * Numbers are given again; who looks twice without a pin may look at another
 * process, of another user.  The caller closes *pin.
 */
struct err *process_pin(pid_t pid, int *pin);
bool process_held(int pin);

/*
 * Whether its program looks like a QEMU: by its file, or, where that is not
 * shown to us, by argv[0].  Any user can have it look so: it proves nothing.
 */
bool process_may_be_qemu(pid_t pid, const char *cmdline, size_t len);

/* Whom it runs as; false when it is not to be seen. */
bool process_owner(pid_t pid, uid_t *uid, gid_t *gid);
/* A user for a sentence: "nobody (65534)", or the number alone; owned by the caller, or NULL. */
char *user_text(uid_t uid);

/* What confines it, "AppArmor profile X" or "SELinux label X"; NULL: nothing.  Owned by the caller. */
char *process_confinement(pid_t pid);

#endif
