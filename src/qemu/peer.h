/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which process is at the other end of a monitor's socket, as the kernel says.
 *
 * A program's name, its command line, a guest's name and UUID prove nothing:
 * any user can give them to a process of his own.  What is believed of a
 * process (that its memory is a guest's, what its command line says) is
 * believed because this names it, or because libvirt does.
 */
#ifndef HDADUMP_QEMU_PEER_H
#define HDADUMP_QEMU_PEER_H

#include <sys/types.h>

struct peer {
	pid_t pid;	/* 0: not known */
	int pin;	/* holds it, see process_pin(); -1 with pid 0 */
	char *why_not;	/* a sentence without a full stop where it could be told; owned */
};

/*
 * @fd: a connected socket.  A UNIX socket's peer is who listens (SO_PEERCRED),
 * as long as he runs as the user who began to; the peer of a TCP connection
 * within this machine is the QEMU that holds its other end.
 */
void peer_find(int fd, struct peer *out);
void peer_deinit(struct peer *p);

#endif
