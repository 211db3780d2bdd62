/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the monitor of a running QEMU and connects to it: by the socket's path, by QEMU's
 * process id (its command line names the QMP sockets), or through libvirt, which holds the
 * monitor of its guests.
 *
 * The process of QEMU is known only from the socket's peer (peer.h) or from libvirt
 * (libvirt_process.h).
 */
#ifndef HDADUMP_QEMU_MONITOR_H
#define HDADUMP_QEMU_MONITOR_H

#include <sys/types.h>

struct err;
struct libvirt_guest;
struct qmp;

/* One of the three is set; the strings belong to the caller. */
struct monitor_where {
	const char *qmp;	/* PATH, unix:PATH or tcp:HOST:PORT */
	pid_t pid;
	const char *libvirt;	/* the domain's name, id or UUID */
	const char *uri;	/* libvirt's URI; NULL: libvirt's default */
};

struct monitor {
	struct qmp *q;
	pid_t pid;		/* QEMU's process; 0 = unknown */
	int pin;		/* holds the process, see process_pin(); -1 with pid 0 */
	char *why_not;		/* why the process is unknown, if there is a reason */
	char *name;		/* for messages: "process 1234", "the libvirt guest win10" */
	struct libvirt_guest *guest;	/* NULL = not connected through libvirt */
};

/* Connects and reads the greeting. An error names the next step; nothing is open then. */
struct err *monitor_open(const struct monitor_where *where, struct monitor *out);
void monitor_close(struct monitor *m);
/*
 * An error if QEMU's process is known and has ended: data read from its PID meanwhile may
 * belong to another process.
 */
struct err *monitor_check(const struct monitor *m);

#endif
