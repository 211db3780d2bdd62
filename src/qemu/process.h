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

/* A process of which @test is true and that has @word within an argument; 0: none is to be seen. */
pid_t process_find_argument(const char *word, bool (*test)(pid_t pid));

/* Whether its program is a QEMU: by its file, or, where that is not shown to us, by argv[0]. */
bool process_may_be_qemu(pid_t pid, const char *cmdline, size_t len);

/* Whom it runs as; false when it is not to be seen. */
bool process_owner(pid_t pid, uid_t *uid, gid_t *gid);

/* What confines it, "AppArmor profile X" or "SELinux label X"; NULL: nothing.  Owned by the caller. */
char *process_confinement(pid_t pid);

#endif
