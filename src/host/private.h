/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removes private data from a text that a user sends to strangers. Little of it is ever
 * gathered (see the keep_ functions of gather*.c); this is the second check: Ethernet
 * addresses, UUIDs, home folders, and the names of this machine and its user where they are
 * whole words.
 */
#ifndef HDADUMP_HOST_PRIVATE_H
#define HDADUMP_HOST_PRIVATE_H

#include <stddef.h>

#include "base/buf.h"

struct err;
struct machine;

struct private_identity {
	/* "" = unknown; names shorter than three letters are not hidden */
	char host[128], user[128];
};

/* The names of this host and of the user; SUDO_USER counts too. */
void identity_here(struct private_identity *id);

/* Appends @text without private data. */
void private_add(struct buf *out, const char *text, size_t len, const struct private_identity *id);

/*
 * Writes the record of the machine to a new file, without private data: the whole text is
 * filtered, keys too.
 */
struct err *record_write(struct machine *m, const char *path, const struct private_identity *id);

#endif
