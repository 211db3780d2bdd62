/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the monitor of a QEMU that runs already, and talking to it: by the
 * socket's path, by QEMU's process id (the command line says where its QMP
 * sockets are), or through libvirt, which holds the monitor of its guests.
 *
 * Which process QEMU is, is known from the socket's peer (peer.h) or from
 * libvirt (libvirt_process.h), and from nothing else.
 */
#ifndef HDADUMP_QEMU_MONITOR_H
#define HDADUMP_QEMU_MONITOR_H

#include <sys/types.h>

struct err;
struct libvirt_guest;
struct qmp;

/* One of the three; the strings belong to the caller. */
struct monitor_where {
	const char *qmp;	/* PATH, unix:PATH or tcp:HOST:PORT */
	pid_t pid;
	const char *libvirt;	/* the domain's name, id or UUID */
	const char *uri;	/* libvirt's; NULL: as libvirt chooses */
};

struct monitor {
	struct qmp *q;
	pid_t pid;		/* QEMU's, 0: unknown */
	int pin;		/* holds it, see process_pin(); -1 with pid 0 */
	char *why_not;		/* why it is unknown, where that can be told */
	char *name;		/* for the user: "process 1234", "the libvirt guest win10" */
	struct libvirt_guest *guest;	/* NULL where libvirt has no part in it */
};

/* Connects and greets.  An error names the next step; nothing is open then. */
struct err *monitor_open(const struct monitor_where *where, struct monitor *out);
void monitor_close(struct monitor *m);
/*
 * An error when QEMU's process is known and has ended: what was read of a
 * process of that number meanwhile may be another's.
 */
struct err *monitor_check(const struct monitor *m);

#endif
