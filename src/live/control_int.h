/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by both sides of the socket. */
#ifndef HDADUMP_LIVE_CONTROL_INT_H
#define HDADUMP_LIVE_CONTROL_INT_H

#include "live/control.h"

#define CONTROL_MESSAGE (CONTROL_TEXT + 64)

/*
 * The folder of sockets; an error if other users can use it. @there is set if it exists;
 * NULL: create it if necessary.
 */
struct err *control_folder(char *path, size_t size, bool *there);
/* Creates a socket, and its address; -1 with errno. */
struct sockaddr_un;
int control_socket(const char *folder, pid_t pid, struct sockaddr_un *address);

#endif
