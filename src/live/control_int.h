/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both sides of the socket agree on. */
#ifndef HDADUMP_LIVE_CONTROL_INT_H
#define HDADUMP_LIVE_CONTROL_INT_H

#include "live/control.h"

#define CONTROL_MESSAGE (CONTROL_TEXT + 64)

/*
 * The folder of sockets, refused unless it is ours alone.  @there tells whether
 * there is one; NULL: it is made if need be.
 */
struct err *control_folder(char *path, size_t size, bool *there);
/* A socket of the kind used here, and its address; -1 with errno. */
struct sockaddr_un;
int control_socket(const char *folder, pid_t pid, struct sockaddr_un *address);

#endif
