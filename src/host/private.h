/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must not stand in a text that a user sends to strangers.  Little of
 * it is ever gathered (see the keep_ functions of gather*.c); this is the net
 * below: Ethernet addresses, UUIDs, folders of persons, and the names of this
 * machine and its user where they stand as whole words.
 */
#ifndef HDADUMP_HOST_PRIVATE_H
#define HDADUMP_HOST_PRIVATE_H

#include <stddef.h>

#include "base/buf.h"

struct err;
struct machine;

struct private_identity {
	char host[128], user[128]; /* "" for none; names of three letters and more are hidden */
};

/* Of whoever runs us; SUDO_USER counts too. */
void identity_here(struct private_identity *id);

/* Appends @text without them. */
void private_add(struct buf *out, const char *text, size_t len, const struct private_identity *id);

/*
 * Writes what was looked at into a new file, as a recorded machine, without them:
 * the record is looked through as a whole, keys and all.
 */
struct err *record_write(struct machine *m, const char *path, const struct private_identity *id);

#endif
