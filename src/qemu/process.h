/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other processes: which are QEMUs, their ids, and whether one is still the same process. */
#ifndef HDADUMP_QEMU_PROCESS_H
#define HDADUMP_QEMU_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;

/* True if it still runs; a zombie does not. */
bool process_alive(pid_t pid);

/*
 * Holds the process @pid: while process_held(*pin) is true, the PID is that process's, so
 * everything that was read from /proc/@pid since is about it. PIDs are used again: without a
 * pin, two reads may be about different processes of different users. The caller closes *pin.
 */
struct err *process_pin(pid_t pid, int *pin);
bool process_held(int pin);

/*
 * True if the name of a program, with or without its folders, is one of QEMU's:
 * qemu-system-x86_64, qemu-kvm, kvm, or .qemu-system-x86_64-wrapped. Any user can give a
 * program such a name: it proves nothing.
 */
bool qemu_is_program(const char *path);
/* The same for a process, by the file that it executes. */
bool process_is_qemu(pid_t pid);
/* By its file or, if that cannot be read, by argv[0]. */
bool process_may_be_qemu(pid_t pid, const char *cmdline, size_t len);

/*
 * The QEMU that holds the socket with this inode, among all processes that we may read; 0 =
 * unknown.
 */
pid_t process_find_qemu(ino_t inode);

/* The user it runs as; false if that cannot be read. */
bool process_owner(pid_t pid, uid_t *uid, gid_t *gid);
/* A user for a message: "nobody (65534)", or the number alone; the caller frees it; may be NULL. */
char *user_text(uid_t uid);

/* The confinement, "AppArmor profile X" or "SELinux label X"; NULL = none. The caller frees it. */
char *process_confinement(pid_t pid);

#endif
