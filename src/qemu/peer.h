/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process at the other end of a monitor's socket, according to the kernel.
 *
 * A program's name, its command line, a guest's name and UUID prove nothing: any user can
 * give them to another process. What we take from a process (that its memory is a guest's,
 * what its command line says) we take only because this function, or libvirt, names the
 * process.
 */
#ifndef HDADUMP_QEMU_PEER_H
#define HDADUMP_QEMU_PEER_H

#include <sys/types.h>

struct peer {
	pid_t pid;	/* 0 = unknown */
	int pin;	/* holds the process, see process_pin(); -1 with pid 0 */
	/* the reason if it is unknown, a sentence without a full stop, or NULL; owned */
	char *why_not;
};

/*
 * @fd: a connected socket. A UNIX socket's peer is the listening process (SO_PEERCRED), as
 * long as it runs as the user that called listen(); the peer of a TCP connection within this
 * machine is the QEMU that holds its other end.
 */
void peer_find(int fd, struct peer *out);
void peer_deinit(struct peer *p);

/*
 * Sends on the socket @fd, as send(2) does, and again after a signal. The descriptor @pass is
 * sent with the bytes; -1 = none.
 */
ssize_t peer_send(int fd, const void *data, size_t len, int pass);

#endif
