/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other processes: what is a QEMU, who it is, and whether it is still the same one. */
#ifndef HDADUMP_QEMU_PROCESS_H
#define HDADUMP_QEMU_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;

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
 * Whether the name of a program, with or without its folders, is a QEMU's:
 * qemu-system-x86_64, qemu-kvm, kvm, or .qemu-system-x86_64-wrapped.  Any user
 * can give a program such a name: it proves nothing.
 */
bool qemu_is_program(const char *path);
/* The same of a process, by the file that it runs. */
bool process_is_qemu(pid_t pid);
/* By its file, or, where that is not shown to us, by argv[0]. */
bool process_may_be_qemu(pid_t pid, const char *cmdline, size_t len);

/* The QEMU that holds the socket with this inode, among all processes we may look at; 0: unknown. */
pid_t process_find_qemu(ino_t inode);

/* Whom it runs as; false when it is not to be seen. */
bool process_owner(pid_t pid, uid_t *uid, gid_t *gid);
/* A user for a sentence: "nobody (65534)", or the number alone; owned by the caller, or NULL. */
char *user_text(uid_t uid);

/* What confines it, "AppArmor profile X" or "SELinux label X"; NULL: nothing.  Owned by the caller. */
char *process_confinement(pid_t pid);

#endif
